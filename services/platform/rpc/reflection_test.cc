#include "services/platform/rpc/reflection.h"

#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

namespace klynge::rpc {
namespace {

using google::protobuf::FileDescriptorProto;
using grpc::reflection::v1alpha::ServerReflectionRequest;

TEST(ReflectionService, KeepsTheCommentsOfTheProtos) {
  ReflectionService service({});
  ServerReflectionRequest request;
  request.set_file_containing_symbol("klynge.type.v1.LocalizedText");
  const auto answer = service.Answer(request);
  ASSERT_EQ(answer.file_descriptor_response().file_descriptor_proto_size(), 1);
  FileDescriptorProto file;
  ASSERT_TRUE(file.ParseFromString(answer.file_descriptor_response().file_descriptor_proto(0)));
  bool commented = false;
  for (const auto& location : file.source_code_info().location()) {
    commented |= location.leading_comments().find("languages") != std::string::npos;
  }
  EXPECT_TRUE(commented);
}

TEST(ReflectionService, SendsAFileWithAllItImports) {
  ReflectionService service({});
  ServerReflectionRequest request;
  request.set_file_containing_symbol("klynge.organisation.v1.OrganisationService");
  const auto answer = service.Answer(request);
  EXPECT_GT(answer.file_descriptor_response().file_descriptor_proto_size(), 3);
}

TEST(ReflectionService, KnowsTheErrorDetailsThatAreNotOurs) {
  ReflectionService service({});
  ServerReflectionRequest request;
  request.set_file_containing_symbol("google.rpc.BadRequest");
  EXPECT_TRUE(service.Answer(request).has_file_descriptor_response());
}

TEST(ReflectionService, KnowsTheReasonsThatAllServicesShare) {
  ReflectionService service({});
  ServerReflectionRequest request;
  request.set_file_containing_symbol("klynge.type.v1.ErrorReason");
  EXPECT_TRUE(service.Answer(request).has_file_descriptor_response());
}

TEST(ReflectionService, ListsItsServicesAndSaysWhatItDoesNotKnow) {
  ReflectionService service({"a.B"});
  ServerReflectionRequest request;
  request.set_list_services("");
  EXPECT_EQ(service.Answer(request).list_services_response().service(0).name(), "a.B");
  request.set_file_by_filename("nothing.proto");
  EXPECT_EQ(service.Answer(request).error_response().error_code(), grpc::NOT_FOUND);
}

}  // namespace
}  // namespace klynge::rpc
