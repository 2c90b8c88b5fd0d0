// What every RPC of every service promises, read from the descriptors: a write can be repeated and
// says which revision it made; a read can be asked to be as fresh as a revision and says which it
// shows.
//
// The rule: an RPC whose first word is Get, List, Find, Query, Compare, Propose, Preview, Export or
// Watch only reads; every other one writes.
#include <absl/strings/ascii.h>
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

// What reflection serves; see protos/CMakeLists.txt.
extern "C" const char klynge_protoset[];
extern "C" const char klynge_protoset_end[];

namespace klynge {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptorSet;
using google::protobuf::MethodDescriptor;

const DescriptorPool& Protos() {
  static const DescriptorPool& pool = *[] {
    FileDescriptorSet set;
    EXPECT_TRUE(set.ParseFromArray(klynge_protoset,
                                   static_cast<int>(klynge_protoset_end - klynge_protoset)));
    auto* made = new DescriptorPool;
    for (const auto& file : set.file()) made->BuildFile(file);
    return made;
  }();
  return pool;
}

std::vector<const MethodDescriptor*> AllMethods() {
  std::vector<const MethodDescriptor*> methods;
  for (const char* name :
       {"klynge.organisation.v1.OrganisationService", "klynge.goals.v1.GoalsService",
        "klynge.observations.v1.ObservationsService", "klynge.courses.v1.CoursesService"}) {
    const auto* service = Protos().FindServiceByName(name);
    if (service == nullptr) ADD_FAILURE() << "there is no " << name;
    for (int i = 0; service != nullptr && i < service->method_count(); ++i) {
      methods.push_back(service->method(i));
    }
  }
  return methods;
}

// "GetUnit" → "Get".
std::string FirstWord(const std::string& name) {
  size_t end = 1;
  while (end < name.size() && absl::ascii_islower(static_cast<unsigned char>(name[end]))) ++end;
  return name.substr(0, end);
}

bool Reads(const MethodDescriptor& method) {
  const std::string word = FirstWord(method.name());
  return word == "Get" || word == "List" || word == "Find" || word == "Query" ||
         word == "Compare" || word == "Propose" || word == "Preview" || word == "Export" ||
         word == "Watch" || word == "Explain";
}

bool Has(const Descriptor& message, const std::string& name, FieldDescriptor::Type type) {
  const FieldDescriptor* field = message.FindFieldByName(name);
  return field != nullptr && field->type() == type && !field->is_repeated();
}

bool HasRevision(const Descriptor& message, const std::string& name) {
  return Has(message, name, FieldDescriptor::TYPE_INT64);
}

// In the request itself, or in the options that a client's stream begins with.
bool TakesRequestId(const MethodDescriptor& method) {
  const Descriptor& request = *method.input_type();
  if (Has(request, "request_id", FieldDescriptor::TYPE_STRING)) return true;
  const FieldDescriptor* options = request.FindFieldByName("options");
  return method.client_streaming() && options != nullptr && options->message_type() != nullptr &&
         Has(*options->message_type(), "request_id", FieldDescriptor::TYPE_STRING);
}

// In the answer itself, or, of a server's stream, in one of the kinds of message it sends.
bool TellsRevision(const MethodDescriptor& method) {
  const Descriptor& response = *method.output_type();
  if (HasRevision(response, "revision")) return true;
  if (!method.server_streaming()) return false;
  for (int i = 0; i < response.field_count(); ++i) {
    const Descriptor* content = response.field(i)->message_type();
    if (content != nullptr && HasRevision(*content, "revision")) return true;
  }
  return false;
}

// A watch takes the revision to go on from instead: it has everything after it.
bool TakesToken(const MethodDescriptor& method) {
  const char* const token = FirstWord(method.name()) == "Watch" ? "since_revision" : "min_revision";
  return HasRevision(*method.input_type(), token);
}

template <class Wrong>
std::vector<std::string> MethodsThat(Wrong wrong) {
  std::vector<std::string> names;
  for (const MethodDescriptor* method : AllMethods()) {
    if (wrong(*method)) names.push_back(method->full_name());
  }
  return names;
}

TEST(Contract, LetsEveryWriteBeRepeated) {
  EXPECT_THAT(MethodsThat([](const MethodDescriptor& method) {
                return !Reads(method) && !TakesRequestId(method);
              }),
              ::testing::IsEmpty());
}

TEST(Contract, LetsEveryReadBeAskedForARevision) {
  EXPECT_THAT(MethodsThat([](const MethodDescriptor& method) {
                return Reads(method) && !TakesToken(method);
              }),
              ::testing::IsEmpty());
}

// GetSnapshot is for those who hold the newest; a preview and a watch are of what is to come.
TEST(Contract, LetsEveryReadOfTheOrganisationBeAskedForAMoment) {
  EXPECT_THAT(MethodsThat([](const MethodDescriptor& method) {
                const FieldDescriptor* known_at = method.input_type()->FindFieldByName("known_at");
                return method.service()->name() == "OrganisationService" && Reads(method) &&
                       method.name() != "GetSnapshot" && method.name() != "PreviewReorganisation" &&
                       !method.server_streaming() &&
                       (known_at == nullptr || known_at->number() != 15);
              }),
              ::testing::IsEmpty());
}

TEST(Contract, TellsTheRevisionInEveryAnswer) {
  EXPECT_THAT(MethodsThat([](const MethodDescriptor& method) { return !TellsRevision(method); }),
              ::testing::IsEmpty());
}

}  // namespace
}  // namespace klynge
