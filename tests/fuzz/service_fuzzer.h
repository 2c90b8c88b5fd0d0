// Sends random requests to a running service and checks that every answer keeps the house's rules:
// a documented code with a reason, the fields of what is invalid, revisions that only grow, and
// trial runs that change nothing and repeat themselves.
#pragma once

#include <google/protobuf/descriptor.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/fuzz/random_messages.h"

namespace klynge::testing {

using Messages = std::vector<std::unique_ptr<google::protobuf::Message>>;

// The message as JSON, to be a sample.
std::string Json(const google::protobuf::Message& message);

class ServiceFuzzer {
 public:
  // `service`: the full name. `probe`: a list RPC that an empty request is right for; its answer
  // says the service's revision.
  ServiceFuzzer(std::shared_ptr<grpc::Channel> channel, const std::string& service,
                const std::string& probe, uint64_t seed);

  // Sends a right request, one message or a stream of them, which must succeed, and keeps it to
  // make others of. What the request leans on comes before it.
  void Learn(const std::string& rpc, const std::vector<std::string>& json);

  // Sends about `calls` random requests, spread evenly over all RPCs but server streams.
  void Run(int calls);

  // How often random requests had this answer.
  int Count(grpc::StatusCode code) const;

 private:
  using Method = google::protobuf::MethodDescriptor;
  struct Answer {
    grpc::Status status;
    std::unique_ptr<google::protobuf::Message> response;  // null unless OK
  };

  const google::protobuf::ServiceDescriptor& FindService(const std::string& name);
  const Method& FindMethod(const std::string& rpc) const;
  Messages Parse(const Method& method, const std::vector<std::string>& json);
  Messages MakeRequests(const Method& method);
  Answer Call(const Method& method, const Messages& requests);
  int64_t Revision();
  void CheckAnswer(const Answer& answer, int64_t before, int64_t after);
  void CheckTrialRun(const Method& method, Messages requests);
  // The next page comes by its token, and one with a made-up position is judged, not believed.
  void CheckPages(const Method& method, const google::protobuf::Message& request,
                  const google::protobuf::Message& response);

  google::protobuf::DescriptorPool descriptors_;
  const google::protobuf::ServiceDescriptor& service_;
  const Method& probe_;
  grpc::GenericStub stub_;
  RandomMessages random_;
  std::map<const Method*, std::vector<Messages>> samples_;
  std::map<grpc::StatusCode, int> counts_;
};

}  // namespace klynge::testing
