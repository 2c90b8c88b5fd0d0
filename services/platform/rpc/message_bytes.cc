#include "services/platform/rpc/message_bytes.h"

#include <google/protobuf/io/coded_stream.h>
#include <grpc/slice.h>

#include <cstring>

namespace klynge::rpc {

using google::protobuf::io::CodedOutputStream;

void AppendDelimited(const google::protobuf::MessageLite& message, std::string* bytes) {
  const auto size = static_cast<uint32_t>(message.ByteSizeLong());
  const size_t before = bytes->size();
  bytes->resize(before + CodedOutputStream::VarintSize32(size) + size);
  auto* to = reinterpret_cast<uint8_t*>(bytes->data() + before);
  message.SerializeWithCachedSizesToArray(CodedOutputStream::WriteVarint32ToArray(size, to));
}

grpc::ByteBuffer MessageBytes::Finish(const google::protobuf::MessageLite& rest) const {
  grpc_slice made = grpc_slice_malloc(size_ + rest.ByteSizeLong());
  uint8_t* to = GRPC_SLICE_START_PTR(made);
  for (const Element& element : elements_) {
    *to++ = element.tag;
    std::memcpy(to, element.delimited.data(), element.delimited.size());
    to += element.delimited.size();
  }
  rest.SerializeWithCachedSizesToArray(to);
  const grpc::Slice slice(made, grpc::Slice::STEAL_REF);
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace klynge::rpc
