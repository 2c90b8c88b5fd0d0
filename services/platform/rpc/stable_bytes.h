// A message as bytes that are the same for equal messages. Maps have no order of their own, so
// SerializeAsString may give other bytes each time.
#pragma once

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message_lite.h>

#include <string>

namespace klynge {

inline std::string StableBytes(const google::protobuf::MessageLite& message) {
  std::string bytes;
  {
    // Both write what they hold back when they go.
    google::protobuf::io::StringOutputStream output(&bytes);
    google::protobuf::io::CodedOutputStream coded(&output);
    coded.SetSerializationDeterministic(true);
    message.SerializePartialToCodedStream(&coded);
  }
  return bytes;
}

}  // namespace klynge
