// Server reflection that keeps the comments of the protos, so that `grpcurl describe` is the
// manual. gRPC's own service answers from the generated descriptors, which have none.
#pragma once

#include <google/protobuf/descriptor_database.h>

#include <memory>
#include <string>
#include <vector>

#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"

namespace klynge::rpc {

// Thread-safe.
class ReflectionService final
    : public grpc::reflection::v1alpha::ServerReflection::CallbackService {
 public:
  // `services`: the full names to list.
  explicit ReflectionService(std::vector<std::string> services);

  grpc::ServerBidiReactor<grpc::reflection::v1alpha::ServerReflectionRequest,
                          grpc::reflection::v1alpha::ServerReflectionResponse>*
  ServerReflectionInfo(grpc::CallbackServerContext* context) override;

  // The answer to one question.
  grpc::reflection::v1alpha::ServerReflectionResponse Answer(
      const grpc::reflection::v1alpha::ServerReflectionRequest& request);

 private:
  void AnswerFile(bool found, const google::protobuf::FileDescriptorProto& file,
                  grpc::reflection::v1alpha::ServerReflectionResponse& response);

  const std::vector<std::string> services_;
  google::protobuf::SimpleDescriptorDatabase commented_;
  google::protobuf::DescriptorPoolDatabase compiled_;
  google::protobuf::MergedDescriptorDatabase database_;
};

}  // namespace klynge::rpc
