// The audit log, asked for what somebody wants to see of it.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "klynge/organisation/v1/change.pb.h"
#include "services/organisation/organisation_store.h"
#include "services/platform/sql/session.h"

namespace klynge::organisation {

// Ids by the word of their sort.
using IdsByWord = std::map<std::string, std::vector<std::string>>;

// Which lines; those of all sorts when `words` is empty.
struct LogQuery {
  std::vector<std::string> words;
  // Only these things, found by their index; at most kMostThings. Empty: any.
  IdsByWord things;
  std::string actor;  // "": anybody
  int64_t first_revision = 0;
  int64_t last_revision = std::numeric_limits<int64_t>::max();
  int64_t from_us = std::numeric_limits<int64_t>::min();
  int64_t until_us = std::numeric_limits<int64_t>::max();  // exclusive
  bool newest_first = false;
};
inline constexpr size_t kMostThings = 500;

// A line of the log.
struct LogLine {
  v1::OrganisationChange change;
  std::string method;
};

// A statement with its parameters.
struct Statement {
  std::string text;
  std::vector<sql::Value> params;
};
// What ReadLog asks.
Statement LogStatement(const LogQuery& query, ChangePosition from, int64_t limit);

// At most `limit` lines after (newest first: before) the place.
absl::StatusOr<std::vector<LogLine>> ReadLog(sql::Session& session, const LogQuery& query,
                                             ChangePosition from, int64_t limit);
// Where a listing begins.
ChangePosition BeginningOf(const LogQuery& query);

// What each line's thing was before: the change that said so, or nothing set when it was new. Costs
// the earlier lines of the same things.
absl::StatusOr<std::vector<v1::OrganisationChange>> ReadBefore(sql::Session& session,
                                                               const std::vector<LogLine>& lines);

// The things that were taken away from units, by a correction or a move: what was at `unit_id`
// until the revision.
struct Departure {
  std::string unit_id;
  std::string word;
  std::string id;
  int64_t revision = 0;
};
// Of revisions after `after`, up to `until`; `unit_ids` empty: of all units.
absl::StatusOr<std::vector<Departure>> ReadDepartures(sql::Session& session,
                                                      const std::vector<std::string>& unit_ids,
                                                      int64_t after, int64_t until);
// The word of such lines in the log; the sort of the thing is their action.
inline constexpr char kDepartureWord[] = "left";

}  // namespace klynge::organisation
