// Observations: what one record must be to be stored.
#pragma once

#include <absl/strings/string_view.h>

#include <string>
#include <vector>

#include "klynge/observations/v1/errors.pb.h"
#include "klynge/observations/v1/observation.pb.h"
#include "services/observations/catalogue.h"
#include "services/organisation/client/tree.h"
#include "services/platform/rpc/status.h"

namespace klynge::observations {

// An observation as it is stored; see migrations/0001_observations.sql.
struct Observation {
  std::string observation_id;
  int64_t round_no = 0;
  int unit = 0;  // node of the round's tree
  std::string observed_on;
  int month = 0;
  std::string observer_role;
  std::string perspective;
  std::string ratings;  // encoded, see RatingCode

  bool operator==(const Observation&) const = default;
};

// What is wrong with a record. The reason is that of the first problem.
struct Rejection {
  v1::ErrorReason reason = v1::ERROR_REASON_UNSPECIFIED;
  std::string message;
  std::vector<FieldViolation> problems;
};

// Either the observation to store, or why not: then rejection.problems lists every wrong field.
struct Judgement {
  Observation observation;
  Rejection rejection;
  bool accepted() const { return rejection.problems.empty(); }
};

// Judges a record by itself and by the catalogue; whether its id is in use is for the store to say.
// A closed round is a problem like any other. `organisation` may be null; it only tells a unit that
// is unknown from one that is elsewhere.
Judgement Judge(const v1::Observation& record, const Catalogue& catalogue,
                const organisation::Tree* organisation);

// How a rating is stored: one character. kUnrated for an item that was left out.
inline constexpr char kUnrated = '.';
char RatingCode(int value, int scale_minimum);
// The rating of a code other than kUnrated.
int RatingOf(char code, int scale_minimum);

}  // namespace klynge::observations
