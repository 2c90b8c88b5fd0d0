#include "services/platform/rpc/reflection.h"

#include <google/protobuf/descriptor.pb.h>

#include <set>

// The descriptor set made by protos/CMakeLists.txt.
extern "C" const char klynge_protoset[];
extern "C" const char klynge_protoset_end[];

namespace klynge::rpc {
namespace {

using google::protobuf::FileDescriptorProto;
using grpc::reflection::v1alpha::ServerReflectionRequest;
using grpc::reflection::v1alpha::ServerReflectionResponse;

// Questions and answers in turn.
class Conversation final
    : public grpc::ServerBidiReactor<ServerReflectionRequest, ServerReflectionResponse> {
 public:
  explicit Conversation(ReflectionService* service) : service_(service) { StartRead(&request_); }

 private:
  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    response_ = service_->Answer(request_);
    StartWrite(&response_);
  }
  void OnWriteDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::CANCELLED);
    StartRead(&request_);
  }
  void OnDone() override { delete this; }

  ReflectionService* const service_;
  ServerReflectionRequest request_;
  ServerReflectionResponse response_;
};

void SetError(grpc::StatusCode code, const std::string& message,
              ServerReflectionResponse& response) {
  response.mutable_error_response()->set_error_code(code);
  response.mutable_error_response()->set_error_message(message);
}

}  // namespace

ReflectionService::ReflectionService(std::vector<std::string> services)
    : services_(std::move(services)),
      compiled_(*google::protobuf::DescriptorPool::generated_pool()),
      database_(&commented_, &compiled_) {
  google::protobuf::FileDescriptorSet set;
  set.ParseFromArray(klynge_protoset, static_cast<int>(klynge_protoset_end - klynge_protoset));
  for (const auto& file : set.file()) commented_.Add(file);
}

grpc::ServerBidiReactor<ServerReflectionRequest, ServerReflectionResponse>*
ReflectionService::ServerReflectionInfo(grpc::CallbackServerContext* /*context*/) {
  return new Conversation(this);
}

void ReflectionService::AnswerFile(bool found, const FileDescriptorProto& file,
                                   ServerReflectionResponse& response) {
  if (!found) return SetError(grpc::NOT_FOUND, "no such file or symbol", response);
  // The file and all it imports, so that the client need not ask again.
  std::set<std::string> seen = {file.name()};
  std::vector<FileDescriptorProto> files = {file};
  for (size_t i = 0; i < files.size(); ++i) {
    response.mutable_file_descriptor_response()->add_file_descriptor_proto(
        files[i].SerializeAsString());
    const auto imports = files[i].dependency();
    for (const auto& name : imports) {
      FileDescriptorProto imported;
      if (seen.insert(name).second && database_.FindFileByName(name, &imported)) {
        files.push_back(std::move(imported));
      }
    }
  }
}

ServerReflectionResponse ReflectionService::Answer(const ServerReflectionRequest& request) {
  ServerReflectionResponse response;
  response.set_valid_host(request.host());
  *response.mutable_original_request() = request;
  FileDescriptorProto file;
  switch (request.message_request_case()) {
    case ServerReflectionRequest::kFileByFilename:
      AnswerFile(database_.FindFileByName(request.file_by_filename(), &file), file, response);
      break;
    case ServerReflectionRequest::kFileContainingSymbol:
      AnswerFile(database_.FindFileContainingSymbol(request.file_containing_symbol(), &file), file,
                 response);
      break;
    case ServerReflectionRequest::kFileContainingExtension: {
      const auto& extension = request.file_containing_extension();
      AnswerFile(database_.FindFileContainingExtension(extension.containing_type(),
                                                       extension.extension_number(), &file),
                 file, response);
      break;
    }
    case ServerReflectionRequest::kAllExtensionNumbersOfType: {
      std::vector<int> numbers;
      database_.FindAllExtensionNumbers(request.all_extension_numbers_of_type(), &numbers);
      auto* answer = response.mutable_all_extension_numbers_response();
      answer->set_base_type_name(request.all_extension_numbers_of_type());
      answer->mutable_extension_number()->Add(numbers.begin(), numbers.end());
      break;
    }
    case ServerReflectionRequest::kListServices:
      for (const auto& name : services_) {
        response.mutable_list_services_response()->add_service()->set_name(name);
      }
      break;
    default:
      SetError(grpc::INVALID_ARGUMENT, "no question was asked", response);
  }
  return response;
}

}  // namespace klynge::rpc
