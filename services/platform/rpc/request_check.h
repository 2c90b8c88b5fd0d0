// What holds of every request of every service, whatever it asks for. The dispatcher checks each
// request with it before the handler sees it; handlers of streams check row by row, so that one bad
// row does not stop the others.
#pragma once

#include <absl/strings/string_view.h>
#include <google/protobuf/message.h>

#include <map>
#include <utility>
#include <vector>

#include "services/platform/rpc/status.h"

namespace klynge::rpc {

// Which fields of a message type there are to look at; worked out once a type, so that a good
// message costs no more than a look at each text. Immutable.
class MessageShape {
 public:
  explicit MessageShape(const google::protobuf::Descriptor& type);

  // True when no text in `message`, however deep, has a forbidden character.
  bool TextIsGood(const google::protobuf::Message& message) const;
  // True when none of the numbers that count something is negative.
  bool NumbersAreGood(const google::protobuf::Message& message) const;

 private:
  using Field = const google::protobuf::FieldDescriptor*;
  struct Fields {
    std::vector<Field> texts;
    std::vector<std::pair<Field, const Fields*>> messages;
  };

  // Recursive types name themselves.
  const Fields& FieldsOf(const google::protobuf::Descriptor& type);
  static bool Good(const Fields& fields, const google::protobuf::Message& message);

  std::map<const google::protobuf::Descriptor*, Fields> types_;
  const Fields& fields_;
  std::vector<Field> counts_;
};

template <class Message>
const MessageShape& ShapeOf() {
  static const MessageShape shape(*Message::descriptor());
  return shape;
}

// The work behind the two templates below.
void ListBadText(Violations& violations, absl::string_view prefix,
                 const google::protobuf::Message& message);
absl::Status ListBadFields(const google::protobuf::Message& request);

// Adds a violation for each text in `message`, however deep, that has a control character other
// than tab and line breaks. PostgreSQL cannot hold NUL, and others would act on the terminal of
// whoever reads the text. Fields are named by their path behind `prefix`.
template <class Message>
void CheckText(Violations& violations, absl::string_view prefix, const Message& message) {
  if (!ShapeOf<Message>().TextIsGood(message)) ListBadText(violations, prefix, message);
}

// OK when every text of the request can be kept and shown and neither page_size nor min_revision
// (nor that of the organisation) is negative; else kInvalidArgument, reason INVALID_FIELDS, with
// every such field.
template <class Request>
absl::Status CheckRequest(const Request& request) {
  const MessageShape& shape = ShapeOf<Request>();
  if (shape.TextIsGood(request) && shape.NumbersAreGood(request)) return absl::OkStatus();
  return ListBadFields(request);
}

}  // namespace klynge::rpc
