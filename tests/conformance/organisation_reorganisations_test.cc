// Reorganisations from draft to commit, on both engines.
#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "services/organisation/reorganisation_test_support.h"
#include "services/organisation/service_test_support.h"
#include "tests/support/engines.h"
#include "tests/support/status_matchers.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::StatusIs;
using ::testing::ElementsAre;

// "Today" is 1 September 2021.
constexpr char kDay[] = "2022-01-01";

class ReorganisationsTest : public klynge::testing::EngineTest {
 protected:
  using Stub = v1::OrganisationService::Stub;

  void SetUp() override {
    const auto [status, response] = Import(replica_.stub(), Messages(SmallCity().Build()));
    ASSERT_TRUE(status.ok()) << status.error_message();
    ASSERT_EQ(response.rejected_count(), 0);
  }

  template <class Request, class Response>
  grpc::Status Ask(grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Response*),
                   const Request& request, Response* response) {
    grpc::ClientContext context;
    return (replica_.stub().*rpc)(&context, request, response);
  }

  v1::Reorganisation Create(const std::vector<Step>& steps, const std::string& on = kDay,
                            const std::string& id = "omlaegning") {
    v1::CreateReorganisationRequest request;
    *request.mutable_reorganisation() = Drafted(steps, on, id);
    v1::CreateReorganisationResponse response;
    const grpc::Status status = Ask(&Stub::CreateReorganisation, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.reorganisation();
  }

  std::pair<grpc::Status, v1::CommitReorganisationResponse> Commit(
      const std::string& etag = "", bool retroactive = false,
      const std::string& id = "omlaegning") {
    v1::CommitReorganisationRequest request;
    request.set_reorganisation_id(id);
    request.set_etag(etag);
    request.set_retroactive(retroactive);
    std::pair<grpc::Status, v1::CommitReorganisationResponse> answer;
    answer.first = Ask(&Stub::CommitReorganisation, request, &answer.second);
    return answer;
  }

  v1::PreviewReorganisationResponse Preview() {
    v1::PreviewReorganisationRequest request;
    request.set_reorganisation_id("omlaegning");
    v1::PreviewReorganisationResponse response;
    const grpc::Status status = Ask(&Stub::PreviewReorganisation, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  std::string ParentOf(const std::string& unit_id, const std::string& on, int64_t revision) {
    v1::GetUnitRequest request;
    request.set_unit_id(unit_id);
    request.set_as_of(on);
    request.set_min_revision(revision);
    v1::GetUnitResponse response;
    const grpc::Status status = Ask(&Stub::GetUnit, request, &response);
    return status.ok() ? response.unit().parent_id() : status.error_message();
  }

  v1::ReorganisationState StateNow() {
    v1::GetReorganisationRequest request;
    request.set_reorganisation_id("omlaegning");
    v1::GetReorganisationResponse response;
    EXPECT_TRUE(Ask(&Stub::GetReorganisation, request, &response).ok());
    return response.reorganisation().state();
  }

  static v1::OrganisationSnapshot Snapshot(Replica& replica) {
    grpc::ClientContext context;
    v1::GetSnapshotResponse response;
    EXPECT_TRUE(replica.stub().GetSnapshot(&context, {}, &response).ok());
    return response.snapshot();
  }

  Replica replica_{url()};
};
KLYNGE_ON_BOTH_ENGINES(ReorganisationsTest);

TEST_P(ReorganisationsTest, ADraftHasNoEffectUntilItIsCommitted) {
  const v1::Reorganisation draft = Create({MoveStep("e-vvk-01-02", "kl-vvk-02")});
  EXPECT_EQ(draft.state(), v1::REORGANISATION_STATE_DRAFT);
  EXPECT_EQ(ParentOf("e-vvk-01-02", kDay, 0), "kl-vvk-01");
  const v1::PreviewReorganisationResponse preview = Preview();
  EXPECT_TRUE(preview.committable());
  EXPECT_FALSE(preview.retroactive());
  ASSERT_EQ(preview.units_size(), 1);
  EXPECT_EQ(preview.units(0).after().parent_id(), "kl-vvk-02");
  ASSERT_EQ(preview.other_services_size(), 3);
  EXPECT_NE(preview.other_services(0).missing_because(), "");

  const auto [status, committed] = Commit(draft.etag());
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(committed.reorganisation().commit_revision(), committed.revision());
  EXPECT_EQ(committed.written_count(), 2);
  EXPECT_EQ(ParentOf("e-vvk-01-02", kDay, committed.revision()), "kl-vvk-02");
  EXPECT_EQ(ParentOf("e-vvk-01-02", "2021-12-31", committed.revision()), "kl-vvk-01");
  EXPECT_EQ(StateNow(), v1::REORGANISATION_STATE_COMMITTED);
}

TEST_P(ReorganisationsTest, OneThatBreaksRulesIsNotCommittedAndWritesNothing) {
  Create(
      {MoveStep("e-vvk-01-02", "kl-vvk-02"), MoveStep("e-vvk-01-01", "kl-9"), CloseStep("kl-8")});
  const v1::PreviewReorganisationResponse preview = Preview();
  EXPECT_FALSE(preview.committable());
  ASSERT_EQ(preview.problems_size(), 2);
  EXPECT_EQ(preview.problems(0).step(), 2);
  EXPECT_EQ(preview.problems(1).reason(), "UNIT_NOT_FOUND");
  const auto [status, committed] = Commit();
  EXPECT_THAT(status,
              StatusIs(absl::StatusCode::kFailedPrecondition, "REORGANISATION_BREAKS_RULES"));
  EXPECT_EQ(ParentOf("e-vvk-01-02", kDay, 0), "kl-vvk-01");
  EXPECT_EQ(StateNow(), v1::REORGANISATION_STATE_DRAFT);
}

TEST_P(ReorganisationsTest, WhatIsPreviewedIsWhatIsCommitted) {
  const v1::Reorganisation first = Create({RenameStep("kl-vvk-01", "Et")});
  v1::UpdateReorganisationRequest update;
  *update.mutable_reorganisation() = first;
  update.mutable_reorganisation()->set_title("Ny titel");
  update.mutable_reorganisation()->mutable_steps()->Clear();
  update.mutable_update_mask()->add_paths("title");
  v1::UpdateReorganisationResponse updated;
  ASSERT_TRUE(Ask(&Stub::UpdateReorganisation, update, &updated).ok());
  EXPECT_EQ(updated.reorganisation().title(), "Ny titel");
  EXPECT_EQ(updated.reorganisation().steps_size(), 1);
  EXPECT_THAT(Commit(first.etag()).first, StatusIs(absl::StatusCode::kAborted, "STALE_ETAG"));
  EXPECT_THAT(Ask(&Stub::UpdateReorganisation, update, &updated),
              StatusIs(absl::StatusCode::kAborted, "STALE_ETAG"));
  EXPECT_TRUE(Commit(updated.reorganisation().etag()).first.ok());
  EXPECT_THAT(Commit().first,
              StatusIs(absl::StatusCode::kFailedPrecondition, "REORGANISATION_NOT_DRAFT"));
}

TEST_P(ReorganisationsTest, ADayThatHasPassedMustBeMeant) {
  Create({RenameStep("kl-vvk-01", "Et")}, "2021-06-01");
  EXPECT_TRUE(Preview().retroactive());
  EXPECT_THAT(Commit().first,
              StatusIs(absl::StatusCode::kFailedPrecondition, "REORGANISATION_RETROACTIVE"));
  EXPECT_TRUE(Commit("", true).first.ok());
}

TEST_P(ReorganisationsTest, IdsAreTakenOnceAndWrongFieldsToldTogether) {
  Create({});
  v1::CreateReorganisationRequest request;
  *request.mutable_reorganisation() = Drafted({});
  v1::CreateReorganisationResponse response;
  EXPECT_THAT(Ask(&Stub::CreateReorganisation, request, &response),
              StatusIs(absl::StatusCode::kAlreadyExists, "REORGANISATION_EXISTS"));
  request.mutable_reorganisation()->set_reorganisation_id(std::string(49, 'a'));
  request.mutable_reorganisation()->set_title("");
  request.mutable_reorganisation()->set_effective_on("i morgen");
  const grpc::Status status = Ask(&Stub::CreateReorganisation, request, &response);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  std::vector<std::string> fields;
  for (const FieldViolation& wrong : FieldViolationsOf(rpc::FromGrpc(status))) {
    fields.push_back(wrong.field);
  }
  EXPECT_THAT(fields, ElementsAre("reorganisation.reorganisation_id", "reorganisation.title",
                                  "reorganisation.effective_on"));
}

TEST_P(ReorganisationsTest, ListsByStateAndDayAndShowsDiscarded) {
  Create({}, "2022-01-01", "a");
  Create({}, "2022-06-01", "b");
  Create({}, "2023-01-01", "c");
  v1::DiscardReorganisationRequest discard;
  discard.set_reorganisation_id("b");
  v1::DiscardReorganisationResponse discarded;
  ASSERT_TRUE(Ask(&Stub::DiscardReorganisation, discard, &discarded).ok());
  EXPECT_EQ(discarded.reorganisation().state(), v1::REORGANISATION_STATE_DISCARDED);
  const auto list = [&](v1::ListReorganisationsRequest request) {
    v1::ListReorganisationsResponse response;
    EXPECT_TRUE(Ask(&Stub::ListReorganisations, request, &response).ok());
    std::vector<std::string> ids;
    for (const auto& each : response.reorganisations()) ids.push_back(each.reorganisation_id());
    return ids;
  };
  v1::ListReorganisationsRequest request;
  EXPECT_THAT(list(request), ElementsAre("a", "b", "c"));
  request.add_states(v1::REORGANISATION_STATE_DRAFT);
  EXPECT_THAT(list(request), ElementsAre("a", "c"));
  request.set_effective_from("2022-01-02");
  EXPECT_THAT(list(request), ElementsAre("c"));
}

TEST_P(ReorganisationsTest, ShowsADraftAsItWasKnown) {
  Create({});
  v1::GetReorganisationRequest request;
  request.set_reorganisation_id("omlaegning");
  *request.mutable_known_at() = google::protobuf::Timestamp();
  request.mutable_known_at()->set_seconds(1);
  v1::GetReorganisationResponse response;
  EXPECT_THAT(Ask(&Stub::GetReorganisation, request, &response),
              StatusIs(absl::StatusCode::kNotFound, "REORGANISATION_NOT_FOUND"));
  request.mutable_known_at()->set_seconds(absl::ToUnixSeconds(replica_.clock().Now()));
  EXPECT_TRUE(Ask(&Stub::GetReorganisation, request, &response).ok());
  request.mutable_known_at()->set_seconds(4'000'000'000);
  EXPECT_THAT(Ask(&Stub::GetReorganisation, request, &response),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
}

TEST_P(ReorganisationsTest, OfManyCommitsAtOnceOneIsDone) {
  Create({MergeStep({"kl-vvk-02"}, NewUnit("kl-vvk-01"))});
  std::atomic<int> done = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 12; ++i) {
    clients.emplace_back([&] { done += Commit().first.ok(); });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(done, 1);
  v1::GetLineageRequest request;
  request.set_unit_id("kl-vvk-02");
  request.set_as_of(kDay);
  v1::GetLineageResponse lineage;
  ASSERT_TRUE(Ask(&Stub::GetLineage, request, &lineage).ok());
  EXPECT_EQ(lineage.stands_for().unit_id(), "kl-vvk-01");
  ASSERT_EQ(lineage.went_on_in_size(), 1);
  EXPECT_EQ(lineage.went_on_in(0).to_unit_id(), "kl-vvk-01");
  EXPECT_EQ(lineage.came_from_size(), 0);
}

// What the database holds after each commit is what working the steps out in memory gives.
TEST_P(ReorganisationsTest, AreStoredAsTheyWereWorkedOut) {
  std::mt19937 random(20220101);
  const auto one_of = [&](const std::vector<std::string>& from) {
    return from[random() % from.size()];
  };
  std::vector<std::string> houses = {"e-vvk-01-01", "e-vvk-01-02", "e-vvk-02-01", "e-net-01-01"};
  const std::vector<std::string> clusters = {"kl-vvk-01", "kl-vvk-02", "net-vvk-01"};
  int committed = 0;
  for (int month = 1; month <= 40; ++month) {
    const std::string id = "o-" + std::to_string(month);
    const std::vector<Step> steps = {
        random() % 2 == 0 ? MoveStep(one_of(houses), one_of(clusters))
                          : MergeStep({one_of(houses)}, NewUnit("m-" + id, "Samlet " + id)),
        random() % 4 == 0 ? CloseStep(one_of(houses))
                          : OpenStep(NewUnit("n-" + id, "Ny " + id, "club", one_of(clusters)))};
    const std::string on = FormatDate(D("2022-01-01") + month * 30);
    const auto before = Tree::FromSnapshot(Snapshot(replica_));
    const v1::Reorganisation draft = Create(steps, on, id);
    const auto [status, response] = Commit(draft.etag(), false, id);
    const ReorganisationOutcome outcome = WorkOut(*before, draft);
    ASSERT_EQ(status.ok(), outcome.problems.empty()) << status.error_message();
    if (!status.ok()) continue;
    ++committed;
    for (const Write<UnitVersion>& write : outcome.plan.units) {
      if (write.created) houses.push_back(write.thing.unit_id);
    }
    const Tree after(organisation::Applied(before->organisation(), outcome.plan), 0);
    v1::OrganisationSnapshot model = ToSnapshot(after.organisation(), response.revision());
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(Snapshot(replica_), model));
  }
  EXPECT_GT(committed, 10);
  Replica other(url());
  EXPECT_TRUE(
      google::protobuf::util::MessageDifferencer::Equals(Snapshot(other), Snapshot(replica_)));
}

TEST_P(ReorganisationsTest, UnknownOnesAreNotFound) {
  EXPECT_THAT(Commit().first, StatusIs(absl::StatusCode::kNotFound, "REORGANISATION_NOT_FOUND"));
  v1::GetLineageRequest request;
  request.set_unit_id("kl-9");
  v1::GetLineageResponse lineage;
  EXPECT_THAT(Ask(&Stub::GetLineage, request, &lineage),
              StatusIs(absl::StatusCode::kNotFound, "UNIT_NOT_FOUND"));
}

}  // namespace
}  // namespace klynge::organisation
