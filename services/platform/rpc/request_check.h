// What holds of every request of every service, whatever it asks for. The dispatcher checks each
// request with it before the handler sees it; handlers of streams check row by row, so that one bad
// row does not stop the others.
#pragma once

#include <absl/strings/string_view.h>
#include <google/protobuf/message.h>

#include "services/platform/rpc/status.h"

namespace klynge::rpc {

// Adds a violation for each text in `message`, however deep, that has a control character other
// than tab and line breaks. PostgreSQL cannot hold NUL, and others would act on the terminal of
// whoever reads the text. Fields are named by their path behind `prefix`.
void CheckText(Violations& violations, absl::string_view prefix,
               const google::protobuf::Message& message);

// OK when every text of the request can be kept and shown and neither page_size nor min_revision is
// negative; else kInvalidArgument, reason INVALID_FIELDS, with every such field.
absl::Status CheckRequest(const google::protobuf::Message& request);

}  // namespace klynge::rpc
