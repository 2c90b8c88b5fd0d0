#include "services/organisation/known_trees.h"

#include <absl/cleanup/cleanup.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "services/organisation/client/things.h"
#include "services/organisation/query_support.h"
#include "services/platform/rpc/status.h"

namespace klynge::organisation {
namespace {

// Trees and the things in them that are kept at most; one tree always is.
constexpr size_t kMostTrees = 4;
constexpr size_t kMostThings = 1'000'000;

// Of the years 1 to 9999, as google.protobuf.Timestamp has it.
constexpr int64_t kFirstSecond = -62'135'596'800;
constexpr int64_t kLastSecond = 253'402'300'799;

absl::Status WrongField(absl::string_view field, std::string description) {
  Violations violations;
  violations.Add(std::string(field), std::move(description));
  return WrongFields(violations);
}

}  // namespace

absl::StatusOr<absl::Time> TimeOf(const google::protobuf::Timestamp& timestamp,
                                  absl::string_view field) {
  if (timestamp.seconds() < kFirstSecond || timestamp.seconds() > kLastSecond ||
      timestamp.nanos() < 0 || timestamp.nanos() > 999'999'999) {
    return WrongField(field,
                      "is not a time of the years 1 to 9999; write it as "
                      "\"2021-09-01T12:00:00Z\"");
  }
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

absl::StatusOr<absl::Time> KnownAt(const google::protobuf::Timestamp& known_at,
                                   const Clock& clock) {
  KLYNGE_ASSIGN_OR_RETURN(const absl::Time time, TimeOf(known_at, "known_at"));
  const absl::Time now = clock.Now();
  if (time <= now) return time;
  return WrongField("known_at", absl::StrCat("is in the future: now is ", absl::FormatTime(now),
                                             "; leave it out for what is known now"));
}

absl::StatusOr<std::shared_ptr<const Tree>> KnownTrees::At(
    const google::protobuf::Timestamp& known_at, int64_t min_revision, absl::Time deadline) {
  KLYNGE_ASSIGN_OR_RETURN(const absl::Time time, KnownAt(known_at, database_.clock()));
  // The primary is asked: a replica that lags would not know what was registered last.
  KnownMoment moment;
  KLYNGE_RETURN_IF_ERROR(database_.Read(deadline, [&](sql::Session& session) -> absl::Status {
    KLYNGE_ASSIGN_OR_RETURN(moment, FindMoment(session, time));
    return absl::OkStatus();
  }));
  KLYNGE_ASSIGN_OR_RETURN(const auto base,
                          trees_.AtLeast(std::max(moment.newest, min_revision), deadline));
  if (base.model->revision() == moment.revision) return base.model;
  {
    const auto my_turn = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !making_; };
    MutexLock lock(&mutex_);
    if (auto kept = Find(moment)) return kept;
    if (!mutex_.AwaitWithDeadline(absl::Condition(&my_turn), deadline)) {
      return MakeStatus(absl::StatusCode::kDeadlineExceeded, "LOADING",
                        "what was known at that moment was not loaded before the deadline");
    }
    if (auto kept = Find(moment)) return kept;
    making_ = true;
  }
  const auto next = absl::MakeCleanup([this] {
    MutexLock lock(&mutex_);
    making_ = false;
  });
  return Make(moment, *base.model, deadline);
}

absl::StatusOr<std::shared_ptr<const Tree>> KnownTrees::Make(const KnownMoment& moment,
                                                             const Tree& base,
                                                             absl::Time deadline) {
  std::shared_ptr<const Tree> tree;
  KLYNGE_RETURN_IF_ERROR(
      database_.ReadAtLeast(deadline, base.revision(), [&](sql::Session& session) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(tree, TreeAt(session, base, moment.revision));
        return absl::OkStatus();
      }));
  Keep(tree, base.revision());
  return tree;
}

std::shared_ptr<const Tree> KnownTrees::Find(const KnownMoment& moment) {
  kept_.remove_if([&](const Made& kept) { return kept.made_from < moment.last_erasure; });
  const auto found = std::find_if(kept_.begin(), kept_.end(), [&](const Made& kept) {
    return kept.tree->revision() == moment.revision;
  });
  if (found == kept_.end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, found);
  return found->tree;
}

void KnownTrees::Keep(std::shared_ptr<const Tree> tree, int64_t made_from) {
  MutexLock lock(&mutex_);
  kept_.push_front({std::move(tree), made_from});
  size_t trees = 0;
  size_t things = 0;
  kept_.remove_if([&](const Made& kept) {
    things += ThingsIn(kept.tree->organisation());
    return ++trees > kMostTrees || (trees > 1 && things > kMostThings);
  });
}

}  // namespace klynge::organisation
