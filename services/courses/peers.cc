#include "services/courses/peers.h"

#include <thread>

#include "absl/strings/str_cat.h"
#include "klynge/courses/v1/errors.pb.h"
#include "services/platform/rpc/status.h"

namespace klynge::courses {
namespace {

std::string WhyMissing(const std::string& source, const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kDeadlineExceeded:
      return absl::StrCat("the ", source, " service did not answer in time");
    case absl::StatusCode::kUnavailable:
      return absl::StrCat("the ", source, " service can't be reached");
    default:
      return absl::StrCat("the ", source, " service answered ",
                          absl::StatusCodeToString(status.code()), ": ", status.message());
  }
}

// Asks one service and says how that went.
template <class Answer, class Ask>
v1::Part Fetch(const std::string& source, Answer& answer, Ask ask) {
  const absl::Time started = absl::Now();
  auto result = ask();
  v1::Part part;
  part.set_source(source);
  part.set_state(result.ok() ? v1::PART_STATE_AVAILABLE : v1::PART_STATE_MISSING);
  if (!result.ok()) part.set_reason(WhyMissing(source, result.status()));
  const int64_t nanos = absl::ToInt64Nanoseconds(absl::Now() - started);
  part.mutable_took()->set_seconds(nanos / 1'000'000'000);
  part.mutable_took()->set_nanos(static_cast<int>(nanos % 1'000'000'000));
  answer = std::move(result);
  return part;
}

absl::Status AboutTheCluster(const absl::Status& status, const std::string& cluster_id) {
  const Metadata metadata = {{"cluster_id", cluster_id}};
  if (status.code() == absl::StatusCode::kNotFound) {
    return NotFound(v1::ERROR_REASON_CLUSTER_NOT_FOUND, std::string(status.message()), metadata);
  }
  if (status.code() == absl::StatusCode::kFailedPrecondition) {
    return FailedPrecondition(v1::ERROR_REASON_NOT_A_TEAM, std::string(status.message()), metadata);
  }
  return absl::OkStatus();
}

}  // namespace

StatusAnswers Peers::AskForStatus(const Question& question) const {
  absl::StatusOr<v1::BriefGoals> goals;
  absl::StatusOr<std::vector<v1::BeforeAfter>> quality;
  StatusAnswers answers;
  answers.parts.resize(2);
  {
    const std::jthread asking([&] {
      answers.parts[0] = Fetch("goals", goals, [&] { return AskGoals(goals_, question); });
    });
    answers.parts[1] = Fetch("observations", quality, [&] {
      return AskObservations(observations_, question, Subject::kQualityArea);
    });
  }
  if (goals.ok()) answers.goals = goals->figures();
  if (quality.ok()) answers.quality = *std::move(quality);
  return answers;
}

BriefAnswers Peers::AskForBrief(const Question& question) const {
  absl::StatusOr<v1::BriefTeam> team;
  absl::StatusOr<v1::BriefGoals> goals;
  absl::StatusOr<std::vector<v1::BeforeAfter>> observations;
  BriefAnswers answers;
  answers.parts.resize(3);
  {
    const std::jthread asking_goals([&] {
      answers.parts[1] = Fetch("goals", goals, [&] { return AskGoals(goals_, question); });
    });
    const std::jthread asking_observations([&] {
      answers.parts[2] = Fetch("observations", observations, [&] {
        return AskObservations(observations_, question, Subject::kItem);
      });
    });
    answers.parts[0] =
        Fetch("organisation", team, [&] { return AskTeam(organisation_, question); });
  }
  answers.cluster = AboutTheCluster(team.status(), question.unit_ids.at(0));
  if (team.ok()) answers.team = *std::move(team);
  if (goals.ok()) answers.goals = *std::move(goals);
  if (observations.ok()) answers.observations = *std::move(observations);
  return answers;
}

}  // namespace klynge::courses
