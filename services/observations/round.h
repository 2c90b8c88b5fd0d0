// Rounds: a planned campaign of observations in a part of the organisation.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <vector>

#include "klynge/observations/v1/round.pb.h"
#include "services/observations/analytics/published_figures.h"
#include "services/observations/instrument.h"
#include "services/organisation/client/tree.h"
#include "services/platform/date.h"

namespace klynge::observations {

// The longest a round may be, in days after the opening day.
inline constexpr int kLongestRound = 366;

// Immutable; any number of threads may read it.
struct Round {
  v1::Round proto;
  int64_t number = 0;  // round_no in the database
  Date opens;
  Date closes;  // the last day, included
  std::shared_ptr<const Instrument> instrument;
  std::shared_ptr<const analytics::ReportingTree> tree;
  // Null while the round is open.
  std::shared_ptr<const analytics::PublishedFigures> figures;

  bool open() const { return proto.state() == v1::ROUND_STATE_OPEN; }
  // How many calendar months it touches.
  int months() const;
  // The month of a day within the round, counted from 0.
  int MonthOf(Date day) const;
  // "2021-10" for a month counted from 0.
  std::string MonthName(int month) const;
};

// OK when the request may create a round, as far as it alone can tell; else kInvalidArgument,
// INVALID_FIELDS, with every wrong field.
absl::Status CheckNewRound(const v1::Round& round);

// The tree that a new round is about: everything below its root units on the opening day, and their
// way up. Units that could have others below them but have none are left out, because observations
// are made in single units. Errors: kNotFound, UNIT_NOT_FOUND, with every unknown root;
// kFailedPrecondition, ROUND_WITHOUT_UNITS. `round` must have passed CheckNewRound.
absl::StatusOr<analytics::ReportingTree> TreeOfRound(const v1::Round& round,
                                                     const organisation::Tree& organisation);

}  // namespace klynge::observations
