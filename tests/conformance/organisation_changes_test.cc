// The audit log as ListChanges shows it, on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "klynge/migrations/organisation.h"
#include "services/organisation/change_log.h"
#include "services/organisation/content.h"
#include "services/organisation/history_test_support.h"
#include "tests/support/engines.h"
#include "tests/support/status_matchers.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::IsOk;
using klynge::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using Stub = v1::OrganisationService::Stub;

class OrganisationChangesTest : public klynge::testing::EngineTest {
 protected:
  void Import(const std::vector<Message>& rows) {
    replica_.clock().Advance(absl::Minutes(10));
    EXPECT_THAT(testing::Import(replica_.stub(), rows).first, IsOk());
  }

  grpc::Status Ask(const v1::ListChangesRequest& request, v1::ListChangesResponse* response) {
    grpc::ClientContext context;
    return replica_.stub().ListChanges(&context, request, response);
  }

  // All pages.
  std::vector<v1::RecordedChange> All(v1::ListChangesRequest request, int page_size = 1000) {
    std::vector<v1::RecordedChange> all;
    request.set_page_size(page_size);
    while (true) {
      v1::ListChangesResponse response;
      EXPECT_THAT(Ask(request, &response), IsOk());
      EXPECT_LE(response.changes_size(), page_size);
      all.insert(all.end(), response.changes().begin(), response.changes().end());
      if (response.next_page_token().empty()) return all;
      request.set_page_token(response.next_page_token());
    }
  }

  static v1::ListChangesRequest Of(const std::string& json) {
    v1::ListChangesRequest request;
    EXPECT_THAT(sql::FromJson(json, request), IsOk());
    return request;
  }

  static std::vector<std::string> Ids(const std::vector<v1::RecordedChange>& changes) {
    std::vector<std::string> ids;
    for (const auto& recorded : changes) ids.push_back(IdIn(ContentOf(recorded.change())));
    return ids;
  }

  static std::vector<std::string> Texts(const std::vector<v1::RecordedChange>& changes) {
    std::vector<std::string> texts;
    for (const auto& recorded : changes) texts.push_back(recorded.ShortDebugString());
    return texts;
  }

  Replica replica_{url()};
};
KLYNGE_ON_BOTH_ENGINES(OrganisationChangesTest);

TEST_P(OrganisationChangesTest, ShowsWhatWasBeforeAndWhichFieldsChanged) {
  Import(Messages(SmallCity().Build()));
  Message row = AssignmentMessage("a-1", "p-pl-2", "pedagogical_leader", "e-vvk-02-01");
  Import({row});
  row.mutable_assignment()->set_valid_to("2022-01-01");
  row.mutable_assignment()->set_person_id("p-pl-3");
  Import({row});
  const auto changes = All(Of(R"({"id":"a-1","sorts":["assignment"]})"));
  ASSERT_THAT(changes, SizeIs(2));
  EXPECT_FALSE(changes[0].has_before());
  EXPECT_THAT(changes[0].changed_fields(), IsEmpty());
  EXPECT_EQ(changes[1].before().revision(), 2);
  EXPECT_EQ(changes[1].before().assignment().person_id(), "p-pl-2");
  EXPECT_EQ(changes[1].change().assignment().person_id(), "p-pl-3");
  EXPECT_THAT(changes[1].changed_fields(), ElementsAre("person_id", "valid_to"));
  EXPECT_EQ(changes[1].change().actor(), "local");
  EXPECT_THAT(changes[1].method(), HasSubstr("ImportOrganisation"));
}

TEST_P(OrganisationChangesTest, ShowsWhatAMigrationBroughtAsBefore) {
  Message renamed;
  renamed.mutable_competence()->set_competence("finance");
  renamed.mutable_competence()->mutable_label()->set_da("Regnskab");
  Import({renamed});
  const auto changes = All(Of(R"({"id":"finance"})"));
  ASSERT_THAT(changes, SizeIs(1));
  EXPECT_EQ(changes[0].before().competence().label().da(), "Økonomi");
  EXPECT_EQ(changes[0].before().revision(), 0);
  EXPECT_THAT(changes[0].changed_fields(), ElementsAre("label"));
}

// Whatever the filter and the size of the pages, the answer is what a look through everything
// finds.
TEST_P(OrganisationChangesTest, FindsWhatALookThroughTheWholeLogFinds) {
  Import(Messages(SmallCity().Build()));
  RandomHistory history(42);
  for (int round = 0; round < 30; ++round) Import(history.Rows(5));
  const std::vector<v1::RecordedChange> all = All({});
  ASSERT_GT(all.size(), 60u);

  std::map<std::string, v1::OrganisationChange> last;
  for (const auto& recorded : all) {
    const v1::OrganisationChange& change = recorded.change();
    const std::string key =
        absl::StrCat(WordOf(change), " ", IdIn(ContentOf(change)), " ", change.unit().valid_from());
    if (last.contains(key)) {
      EXPECT_EQ(recorded.before().ShortDebugString(), last[key].ShortDebugString()) << key;
    } else if (!change.has_competence() && !change.has_task()) {  // migrations bring those
      EXPECT_FALSE(recorded.has_before()) << key;
    }
    last[key] = change;
  }

  const auto touches = [](const google::protobuf::Message& content, const std::string& from,
                          const std::string& to) {
    const std::string end = TextIn(content, "valid_to");
    return TextIn(content, "valid_from") < to && (end.empty() || end > from);
  };
  const auto time = replica_.clock().Now() - absl::Hours(3);
  using Wanted = std::function<bool(const v1::RecordedChange&)>;
  const std::vector<std::pair<std::string, Wanted>> filters = {
      {"{}", [](const auto&) { return true; }},
      {R"({"sorts":["unit","person"]})",
       [](const auto& one) { return one.change().has_unit() || one.change().has_person(); }},
      {R"({"id":"e-ny-1"})",
       [](const auto& one) { return one.change().unit().unit_id() == "e-ny-1"; }},
      {R"({"sorts":["assignment","position"],"id":"pos-1"})",
       [](const auto& one) { return one.change().position().position_id() == "pos-1"; }},
      {R"({"first_revision":5,"last_revision":9})",
       [](const auto& one) {
         return one.change().revision() >= 5 && one.change().revision() <= 9;
       }},
      {R"({"actor":"local"})", [](const auto&) { return true; }},
      {R"({"actor":"spiffe://nobody"})", [](const auto&) { return false; }},
      {absl::StrCat(R"({"from_time":")",
                    absl::FormatTime(absl::RFC3339_full, time, absl::UTCTimeZone()), "\"}"),
       [&](const auto& one) {
         return one.change().change_time().seconds() >= absl::ToUnixSeconds(time);
       }},
      {absl::StrCat(R"({"to_time":")",
                    absl::FormatTime(absl::RFC3339_full, time, absl::UTCTimeZone()), "\"}"),
       [&](const auto& one) {
         return one.change().change_time().seconds() < absl::ToUnixSeconds(time);
       }},
      {R"({"valid_from":"2021-10-01","valid_to":"2021-11-01"})",
       [&](const auto& one) {
         return touches(ContentOf(one.change()), "2021-10-01", "2021-11-01") ||
                (one.has_before() && touches(ContentOf(one.before()), "2021-10-01", "2021-11-01"));
       }},
  };
  for (const auto& [json, wanted] : filters) {
    std::vector<v1::RecordedChange> expected;
    for (const auto& one : all) {
      if (wanted(one)) expected.push_back(one);
    }
    v1::ListChangesRequest request = Of(json);
    for (int page_size : {1, 7, 1000}) {
      EXPECT_EQ(Texts(All(request, page_size)), Texts(expected)) << json << " by " << page_size;
    }
    std::reverse(expected.begin(), expected.end());
    request.set_newest_first(true);
    EXPECT_EQ(Texts(All(request, 3)), Texts(expected)) << json << ", the newest first";
  }
}

TEST_P(OrganisationChangesTest, ShowsASubtreeWithItsPersonsAndWhatWasTakenAway) {
  Import(Messages(SmallCity().Build()));
  const std::string wrong = "a-p-pl-1-e-vvk-01-01-2020-01-01";
  Import({AssignmentMessage(wrong, "p-pl-1", "pedagogical_leader", "e-vvk-02-01")});
  Import({EmploymentMessage("m-1", "p-pl-2"), EmploymentMessage("m-2", "p-pl-3"),
          UnitMessage("e-ny", "club", "kl-vvk-02")});
  EXPECT_THAT(Ids(All(Of(R"({"subtree_of":"kl-vvk-01","sorts":["assignment","employment"]})"))),
              UnorderedElementsAre("a-p-kl-1-kl-vvk-01-2020-01-01", wrong,
                                   "a-p-pl-2-e-vvk-01-02-2020-01-01", wrong, "m-1"));
  EXPECT_THAT(Ids(All(Of(R"({"subtree_of":"kl-vvk-02","sorts":["unit","person"]})"))),
              UnorderedElementsAre("e-vvk-02-01", "kl-vvk-02", "p-kl-2", "p-pl-1", "e-ny"));
}

// More things than are asked for one by one: the log is looked through.
TEST_P(OrganisationChangesTest, ShowsALargeSubtree) {
  Import(Messages(SmallCity().Build()));
  std::vector<Message> rows;
  for (int i = 0; i < 600; ++i) {
    rows.push_back(UnitMessage(absl::StrCat("e-a-", i), "club", "kl-vvk-01"));
    rows.push_back(UnitMessage(absl::StrCat("e-b-", i), "club", "kl-vvk-02"));
  }
  Import(rows);
  const auto changes = All(Of(R"({"subtree_of":"kl-vvk-01","first_revision":2})"), 100);
  EXPECT_THAT(changes, SizeIs(600));
  for (const std::string& id : Ids(changes)) EXPECT_EQ(id.substr(0, 4), "e-a-");
}

TEST_P(OrganisationChangesTest, KnowsAtAMomentWhatWasRegisteredByThen) {
  Import(Messages(SmallCity().Build()));
  Import({PersonMessage("p-1")});
  v1::ListChangesRequest request = Of(R"({"newest_first":true})");
  *request.mutable_known_at() = TimestampOf(replica_.clock().Now());
  Import({PersonMessage("p-2")});
  EXPECT_EQ(Ids(All(request, 4)).front(), "p-1");
  EXPECT_EQ(Ids(All(Of(R"({"newest_first":true})"), 4)).front(), "p-2");
}

TEST_P(OrganisationChangesTest, HidesTheNamesOfWhoWasErased) {
  Import(Messages(SmallCity().Build()));
  Import({PersonMessage("p-alene")});
  Message renamed = PersonMessage("p-alene");
  renamed.mutable_person()->set_name("Et andet navn");
  Import({renamed});
  v1::ErasePersonRequest request;
  request.set_person_id("p-alene");
  v1::ErasePersonResponse erased;
  grpc::ClientContext context;
  ASSERT_THAT(replica_.stub().ErasePerson(&context, request, &erased), IsOk());
  const auto changes = All(Of(R"({"id":"p-alene"})"));
  ASSERT_THAT(changes, SizeIs(3));
  EXPECT_EQ(changes[2].change().action(), v1::CHANGE_ACTION_ERASED);
  for (const std::string& text : Texts(changes)) {
    EXPECT_THAT(text, HasSubstr("Slettet person"));
    EXPECT_THAT(text, Not(HasSubstr("Et andet navn")));
    EXPECT_THAT(text, Not(HasSubstr("Person p-alene")));
  }
}

TEST_P(OrganisationChangesTest, RefusesWhatCannotBeAsked) {
  Import(Messages(SmallCity().Build()));
  v1::ListChangesResponse response;
  for (const char* json : {R"({"sorts":["people"]})", R"({"id":"e-1","subtree_of":"buf"})",
                           R"({"valid_from":"snart"})", R"({"first_revision":-1})",
                           R"({"from_time":"9999-12-31T23:59:59Z","valid_to":"?"})"}) {
    EXPECT_THAT(Ask(Of(json), &response),
                StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"))
        << json;
  }
  EXPECT_THAT(Ask(Of(R"({"subtree_of":"e-ukendt"})"), &response),
              StatusIs(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND"));
}

// One thing is found by its index, however long the log is.
TEST_P(OrganisationChangesTest, FindsOneThingByAnIndex) {
  Import(Messages(SmallCity().Build()));
  const auto database = Open(Migrations());
  LogQuery query;
  query.things = {{"assignment", {"a-1"}}, {"unit", {"e-1", "e-2", "e-3"}}};
  Statement asked = LogStatement(query, BeginningOf(query), 50);
  std::string plan;
  ASSERT_THAT(
      database->Read(absl::InfiniteFuture(),
                     [&](sql::Session& session) -> absl::Status {
                       const bool sqlite = session.engine() == sql::Engine::kSqlite;
                       // PostgreSQL reads a table of a page whole, whatever there is.
                       if (!sqlite) {
                         const absl::Status set = session.Execute("SET LOCAL enable_seqscan = off");
                         if (!set.ok()) return set;
                       }
                       const auto rows = session.Query(
                           absl::StrCat(sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ", asked.text),
                           asked.params);
                       if (!rows.ok()) return rows.status();
                       for (const sql::Row& row : *rows) {
                         absl::StrAppend(&plan, row.Text(row.size() - 1), "\n");
                       }
                       return absl::OkStatus();
                     }),
      IsOk());
  EXPECT_THAT(plan, HasSubstr("klynge_audit_entity")) << plan;
}

}  // namespace
}  // namespace klynge::organisation
