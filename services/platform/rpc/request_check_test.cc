#include "services/platform/rpc/request_check.h"

#include <gmock/gmock.h>

#include "klynge/testing/v1/echo_service.pb.h"
#include "klynge/type/v1/row_outcome.pb.h"
#include "tests/support/status_matchers.h"

namespace klynge::rpc {
namespace {

using klynge::testing::IsOk;
using klynge::testing::StatusIs;
using klynge::testing::v1::EchoRequest;
using ::testing::HasSubstr;

template <class Message>
std::vector<std::string> FieldsOf(const Message& message, absl::string_view prefix = "") {
  Violations violations;
  CheckText(violations, prefix, message);
  std::vector<std::string> fields;
  for (const FieldViolation& violation : violations.list()) fields.push_back(violation.field);
  return fields;
}

TEST(CheckText, TakesLettersOfAllScriptsTabsAndLineBreaks) {
  EchoRequest request;
  request.set_text("Børn\tog \U0001f469\u200d\U0001f467\r\nعربي");
  EXPECT_TRUE(FieldsOf(request).empty());
}

TEST(CheckText, FindsWhatPostgreSqlCannotHold) {
  EchoRequest request;
  request.set_text(std::string("before\0after", 12));
  Violations violations;
  CheckText(violations, "", request);
  ASSERT_EQ(violations.list().size(), 1u);
  EXPECT_EQ(violations.list()[0].field, "text");
  EXPECT_THAT(violations.list()[0].description, HasSubstr("U+0000 at byte 7"));
}

TEST(CheckText, FindsWhatWouldActOnATerminal) {
  EchoRequest request;
  request.set_text("\x1b[2J");
  EXPECT_THAT(FieldsOf(request), ::testing::ElementsAre("text"));
}

TEST(CheckText, NamesFieldsInsideListsByTheirPath) {
  type::v1::RowOutcome row;
  row.add_problems()->set_field("fine");
  row.add_problems()->set_description("\x07");
  row.set_message("\x7f");
  EXPECT_THAT(FieldsOf(row, "row."),
              ::testing::ElementsAre("row.message", "row.problems[1].description"));
}

TEST(CheckRequest, ListsEveryFieldThatNoRequestMayHave) {
  EchoRequest request;
  request.set_text("\x01");
  request.set_page_token("\x02");
  const absl::Status status = CheckRequest(request);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_EQ(FieldViolationsOf(status).size(), 2u);
}

TEST(CheckRequest, TakesAnEmptyRequest) { EXPECT_THAT(CheckRequest(EchoRequest()), IsOk()); }

}  // namespace
}  // namespace klynge::rpc
