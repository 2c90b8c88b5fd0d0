// Random requests, made by reflection and the same on every run: part of what they say is true of
// the service they are sent to, the rest is what no form would let through.
#pragma once

#include <google/protobuf/message.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

namespace klynge::testing {

// The seed decides everything that follows. Not thread-safe.
class RandomMessages {
 public:
  explicit RandomMessages(uint64_t seed) : random_(seed) {}

  // Remembers the texts of a sample (ids, codes, dates), to be used in other places.
  void Learn(const google::protobuf::Message& sample);

  // Fills some of the fields, and messages within to a few levels.
  void Fill(google::protobuf::Message* message, int levels = 4);

  // Changes one field, here or in a message within.
  void Mutate(google::protobuf::Message* message);

  // Changes a byte or cuts the end off the serialised message, and reads it again. False, and no
  // change, when that is no message any more.
  bool MutateBytes(google::protobuf::Message* message);

  // A learned text, or one that is hard to take.
  std::string Text();

  // From 0 to `limit` - 1.
  size_t Below(size_t limit) { return limit == 0 ? 0 : random_() % limit; }

 private:
  void SetOrAdd(google::protobuf::Message* message, const google::protobuf::FieldDescriptor* field,
                int levels);
  int64_t Integer();
  double Real();

  std::mt19937_64 random_;
  std::vector<std::string> learned_;
};

}  // namespace klynge::testing
