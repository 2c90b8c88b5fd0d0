// What was known at a moment, on both engines.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/organisation/history_test_support.h"
#include "tests/support/engines.h"
#include "tests/support/status_matchers.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::IsOk;
using klynge::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Stub = v1::OrganisationService::Stub;

class OrganisationKnownAtTest : public klynge::testing::EngineTest {
 protected:
  // Imports at a moment of its own, which it returns.
  absl::Time Import(const std::vector<Message>& rows) {
    replica_.clock().Advance(absl::Minutes(10));
    const absl::Time at = replica_.clock().Now();
    EXPECT_THAT(testing::Import(replica_.stub(), rows).first, IsOk());
    replica_.clock().Advance(absl::Minutes(10));
    return at;
  }

  template <class Request, class Response>
  grpc::Status Ask(grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Response*),
                   const Request& request, Response* response) {
    grpc::ClientContext context;
    return (replica_.stub().*rpc)(&context, request, response);
  }

  std::string NameOf(const std::string& person_id, absl::Time known_at) {
    v1::GetPersonRequest request;
    request.set_person_id(person_id);
    *request.mutable_known_at() = TimestampOf(known_at);
    v1::GetPersonResponse response;
    const grpc::Status status = Ask(&Stub::GetPerson, request, &response);
    return status.ok() ? response.person().name() : status.error_message();
  }

  Message Renamed(std::string name) {
    Message row = PersonMessage("p-pl-1");
    row.mutable_person()->set_name(std::move(name));
    return row;
  }

  Replica replica_{url()};
};
KLYNGE_ON_BOTH_ENGINES(OrganisationKnownAtTest);

// The heart of it: whatever was answered once is answered again, byte for byte, when it is asked
// for by its moment, however the organisation was changed and corrected since.
TEST_P(OrganisationKnownAtTest, AnswersAsWasAnsweredThen) {
  struct Remembered {
    absl::Time at;
    std::vector<std::string> answers;
  };
  const std::vector<Question> questions = Questions();
  const auto ask_all = [&](const absl::optional<absl::Time>& known_at) {
    std::vector<std::string> answers;
    for (const Question& question : questions) {
      answers.push_back(question.ask(replica_.stub(), known_at));
    }
    return answers;
  };
  RandomHistory history(20210901);
  std::vector<Remembered> moments;
  moments.push_back({replica_.clock().Now(), ask_all(absl::nullopt)});
  Import(Messages(SmallCity().Build()));
  for (int round = 0; round < 40; ++round) {
    Import(history.Rows(4));
    if (history.Chance(4)) moments.push_back({replica_.clock().Now(), ask_all(absl::nullopt)});
  }
  ASSERT_GT(moments.size(), 6u);
  EXPECT_NE(moments.front().answers, moments.back().answers);
  const auto check = [&](const Remembered& then) {
    const std::vector<std::string> now = ask_all(then.at);
    for (size_t i = 0; i < questions.size(); ++i) {
      EXPECT_EQ(now[i], then.answers[i]) << questions[i].name << " at " << then.at;
    }
  };
  for (const Remembered& then : moments) check(then);
  // In no order, so that some trees are kept from before and some are made anew.
  for (int i = 0; i < 10; ++i)
    check(moments[static_cast<size_t>(history.Below(8)) % moments.size()]);
}

TEST_P(OrganisationKnownAtTest, BelievesWhatWasBelievedBeforeACorrection) {
  Import(Messages(SmallCity().Build()));
  const absl::Time before = replica_.clock().Now();
  const absl::Time corrected = Import({Renamed("Rettet")});
  EXPECT_EQ(NameOf("p-pl-1", before), "Person p-pl-1");
  EXPECT_EQ(NameOf("p-pl-1", corrected - absl::Microseconds(1)), "Person p-pl-1");
  EXPECT_EQ(NameOf("p-pl-1", corrected), "Rettet");
}

TEST_P(OrganisationKnownAtTest, IsEmptyBeforeTheFirstImport) {
  const absl::Time before = replica_.clock().Now();
  Import(Messages(SmallCity().Build()));
  v1::ListUnitsRequest request;
  *request.mutable_known_at() = TimestampOf(before);
  v1::ListUnitsResponse response;
  ASSERT_THAT(Ask(&Stub::ListUnits, request, &response), IsOk());
  EXPECT_THAT(response.units(), IsEmpty());
  EXPECT_EQ(response.revision(), 0);
}

TEST_P(OrganisationKnownAtTest, KnowsWhatCameWithAMigrationAsItCame) {
  Import(Messages(SmallCity().Build()));
  const absl::Time before = replica_.clock().Now();
  Message renamed;
  renamed.mutable_competence()->set_competence("finance");
  renamed.mutable_competence()->mutable_label()->set_da("Regnskab");
  Import({renamed});
  renamed.mutable_competence()->mutable_label()->set_da("Penge");
  Import({renamed});
  const auto label = [&](absl::Time known_at) {
    v1::ListCompetencesRequest request;
    request.set_page_size(1000);
    *request.mutable_known_at() = TimestampOf(known_at);
    v1::ListCompetencesResponse response;
    EXPECT_THAT(Ask(&Stub::ListCompetences, request, &response), IsOk());
    for (const v1::Competence& competence : response.competences()) {
      if (competence.competence() == "finance") return competence.label().da();
    }
    return std::string();
  };
  EXPECT_EQ(label(before), "Økonomi");
  EXPECT_EQ(label(replica_.clock().Now()), "Penge");
}

TEST_P(OrganisationKnownAtTest, RefusesTheFutureAndTimesThatAreNone) {
  Import(Messages(SmallCity().Build()));
  v1::GetPersonRequest request;
  request.set_person_id("p-pl-1");
  v1::GetPersonResponse response;
  *request.mutable_known_at() = TimestampOf(replica_.clock().Now() + absl::Seconds(1));
  const grpc::Status future = Ask(&Stub::GetPerson, request, &response);
  EXPECT_THAT(future, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(future.error_message(), HasSubstr("future"));
  request.mutable_known_at()->set_seconds(std::numeric_limits<int64_t>::max());
  EXPECT_THAT(Ask(&Stub::GetPerson, request, &response),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  request.mutable_known_at()->set_seconds(0);
  request.mutable_known_at()->set_nanos(-1);
  EXPECT_THAT(Ask(&Stub::GetPerson, request, &response),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
}

TEST_P(OrganisationKnownAtTest, WaitsForARevisionThatIsAskedForAsWell) {
  Import(Messages(SmallCity().Build()));
  v1::GetPersonRequest request;
  request.set_person_id("p-pl-1");
  request.set_min_revision(2);
  *request.mutable_known_at() = TimestampOf(replica_.clock().Now());
  v1::GetPersonResponse response;
  EXPECT_THAT(Ask(&Stub::GetPerson, request, &response),
              StatusIs(absl::StatusCode::kUnavailable, "REVISION_NOT_REACHED"));
  Import({Renamed("Rettet")});
  ASSERT_THAT(Ask(&Stub::GetPerson, request, &response), IsOk());
  EXPECT_EQ(response.person().name(), "Person p-pl-1");
}

// A clock that is set back between two revisions was wrong before: what is registered later counts
// with its own, earlier time, and what came before it was known by then.
TEST_P(OrganisationKnownAtTest, BelievesTheLaterTimeOfAClockThatWasSetBack) {
  const absl::Time start = replica_.clock().Now();
  replica_.clock().Set(start + absl::Hours(48));
  Import(Messages(SmallCity().Build()));
  replica_.clock().Set(start + absl::Hours(1));
  const absl::Time corrected = Import({Renamed("Rettet")});
  EXPECT_EQ(NameOf("p-pl-1", corrected), "Rettet");
  EXPECT_EQ(NameOf("p-pl-2", corrected), "Person p-pl-2");
  EXPECT_THAT(NameOf("p-pl-1", start), HasSubstr("there is no person"));
}

TEST_P(OrganisationKnownAtTest, ShowsPseudonymsForWhoWasErasedSinceAlsoFromTreesThatWereKept) {
  Import(Messages(SmallCity().Build()));
  const absl::Time before = replica_.clock().Now();
  Import({Renamed("Rettet"), PersonMessage("p-alene")});
  const absl::Time alone = replica_.clock().Now();
  Import({PersonMessage("p-ny")});
  EXPECT_EQ(NameOf("p-alene", alone), "Person p-alene");  // the tree is kept now
  v1::ErasePersonRequest request;
  request.set_person_id("p-alene");
  v1::ErasePersonResponse erased;
  ASSERT_THAT(Ask(&Stub::ErasePerson, request, &erased), IsOk());
  EXPECT_EQ(NameOf("p-alene", alone), "Slettet person");
  EXPECT_THAT(NameOf("p-alene", before), HasSubstr("there is no person"));
  EXPECT_EQ(NameOf("p-pl-1", alone), "Rettet");
  EXPECT_EQ(NameOf("p-pl-1", before), "Person p-pl-1");
}

TEST_P(OrganisationKnownAtTest, ShowsAllPagesOfAListingFromOneTree) {
  Import(Messages(SmallCity().Build()));
  v1::ListUnitsRequest request;
  request.set_page_size(3);
  *request.mutable_known_at() = TimestampOf(replica_.clock().Now());
  v1::ListUnitsResponse first, second;
  ASSERT_THAT(Ask(&Stub::ListUnits, request, &first), IsOk());
  Import({UnitMessage("e-0", "club", "kl-vvk-01")});
  request.set_page_token(first.next_page_token());
  ASSERT_THAT(Ask(&Stub::ListUnits, request, &second), IsOk());
  EXPECT_EQ(second.total_size(), first.total_size());
  EXPECT_EQ(second.revision(), first.revision());
}

// As a write that began before the moment and was committed between the two pages.
TEST_P(OrganisationKnownAtTest, RefusesATokenWhenAWriteOfTheMomentCameInBetween) {
  Import(Messages(SmallCity().Build()));
  v1::ListUnitsRequest request;
  request.set_page_size(3);
  *request.mutable_known_at() = TimestampOf(replica_.clock().Now());
  v1::ListUnitsResponse first, second;
  ASSERT_THAT(Ask(&Stub::ListUnits, request, &first), IsOk());
  ASSERT_THAT(testing::Import(replica_.stub(), {UnitMessage("e-0", "club", "kl-vvk-01")}).first,
              IsOk());
  request.set_page_token(first.next_page_token());
  EXPECT_THAT(Ask(&Stub::ListUnits, request, &second),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_PAGE_TOKEN"));
}

TEST_P(OrganisationKnownAtTest, IsTheSameOnAnotherReplica) {
  Import(Messages(SmallCity().Build()));
  const absl::Time before = replica_.clock().Now();
  Import({Renamed("Rettet")});
  Replica other(url());
  other.clock().Set(replica_.clock().Now());
  const Question question = testing::Ask(&Stub::GetPerson, R"({"person_id":"p-pl-1"})");
  EXPECT_EQ(question.ask(other.stub(), before), question.ask(replica_.stub(), before));
}

}  // namespace
}  // namespace klynge::organisation
