// Answers put together from bytes. A service that keeps what it is asked for in memory can keep it
// as the bytes it is sent as; to answer is then to copy them.
//
// In protobuf's encoding a message's fields stand one after the other, each element of a repeated
// message field as its tag, its length and its bytes. So a message that is kept as length and bytes
// (AppendDelimited) becomes an element of any field of any answer by a tag before it.
#pragma once

#include <absl/container/inlined_vector.h>
#include <absl/strings/string_view.h>
#include <google/protobuf/message_lite.h>
#include <grpcpp/support/byte_buffer.h>

#include <string>

namespace klynge::rpc {

// Appends the message's length and the message.
void AppendDelimited(const google::protobuf::MessageLite& message, std::string* bytes);

// The bytes of one answer in the making.
class MessageBytes {
 public:
  // The next element of a message field: `delimited` is what AppendDelimited made, and must live
  // until Finish. Fields are to come in the order of their numbers (1 to 15), as protobuf writes
  // them.
  void Add(int field, absl::string_view delimited) {
    elements_.push_back({static_cast<uint8_t>(field << 3 | kLengthDelimited), delimited});
    size_ += 1 + delimited.size();
  }

  // What was added, and behind it the fields that are set in `rest`. As protobuf would write the
  // whole, if those in `rest` have greater numbers.
  grpc::ByteBuffer Finish(const google::protobuf::MessageLite& rest) const;

 private:
  // What protobuf calls the wire type of strings and messages.
  static constexpr int kLengthDelimited = 2;

  struct Element {
    uint8_t tag;
    absl::string_view delimited;
  };
  absl::InlinedVector<Element, 64> elements_;
  size_t size_ = 0;
};

}  // namespace klynge::rpc
