// What the reports ask the other services for. Every question has the caller's deadline, less a
// little to write the report; the services are asked at the same time, and each part says whether
// it could be had. Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "klynge/courses/v1/brief.pb.h"
#include "klynge/courses/v1/part.pb.h"
#include "services/courses/wording.h"
#include "services/platform/rpc/call.h"

namespace klynge::rpc {
class Peer;
}

namespace klynge::courses {

// How fresh the others' answers must be: a revision of each; 0: whatever is at hand.
struct Freshness {
  int64_t organisation = 0;
  int64_t goals = 0;
  int64_t observations = 0;
};

// One question: whom it is about, on which day, in whose words.
struct Question {
  const rpc::Call& call;
  std::vector<std::string> unit_ids;
  std::string as_of;
  Wording say;
  Freshness fresh = {};
};

// The figures of a status; `parts` has one entry for goals and one for observations.
struct StatusAnswers {
  absl::optional<v1::GoalFigures> goals;
  std::vector<v1::BeforeAfter> quality;
  std::vector<v1::Part> parts;
};

// The parts of a brief; `parts` has one entry for each of organisation, goals and observations.
struct BriefAnswers {
  absl::optional<v1::BriefTeam> team;
  absl::optional<v1::BriefGoals> goals;
  std::vector<v1::BeforeAfter> observations;
  std::vector<v1::Part> parts;
  // Not OK when the organisation answered that there is no such cluster, or no team in it.
  absl::Status cluster;
};

class Peers {
 public:
  // They must outlive this.
  Peers(rpc::Peer& organisation, rpc::Peer& goals, rpc::Peer& observations)
      : organisation_(organisation), goals_(goals), observations_(observations) {}

  // About the areas in `question.unit_ids`. Blocks until all have answered or time is up.
  StatusAnswers AskForStatus(const Question& question) const;
  // About the one cluster in `question.unit_ids`. Blocks likewise.
  BriefAnswers AskForBrief(const Question& question) const;

 private:
  rpc::Peer& organisation_;
  rpc::Peer& goals_;
  rpc::Peer& observations_;
};

// The questions to one service, one after the other, each answered at least as fresh as the one
// before, whichever replica does. Errors: the peer's own, kDeadlineExceeded.
absl::StatusOr<v1::BriefTeam> AskTeam(rpc::Peer& organisation, const Question& question);
// Goal figures over all units asked about, and for a brief also what is overdue and covered.
absl::StatusOr<v1::BriefGoals> AskGoals(rpc::Peer& goals, const Question& question);
enum class Subject { kItem, kQualityArea };
// Empty when no round before or after an improvement has been closed by the day.
absl::StatusOr<std::vector<v1::BeforeAfter>> AskObservations(rpc::Peer& observations,
                                                             const Question& question,
                                                             Subject subject);

}  // namespace klynge::courses
