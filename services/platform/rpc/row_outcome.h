// What became of a row of a stream, as a message.
#pragma once

#include <absl/status/status.h>

#include <string>

#include "klynge/type/v1/row_outcome.pb.h"
#include "services/platform/rpc/status.h"

namespace klynge::rpc {

// A row that was refused for `status`, with every field that is wrong. Rows count from 1.
inline type::v1::RowOutcome RejectedRow(int64_t row, const std::string& id,
                                        const absl::Status& status) {
  type::v1::RowOutcome outcome;
  outcome.set_row(row);
  outcome.set_id(id);
  outcome.set_outcome(type::v1::RowOutcome::OUTCOME_REJECTED);
  outcome.set_reason(ReasonOf(status));
  outcome.set_message(std::string(status.message()));
  for (const FieldViolation& violation : FieldViolationsOf(status)) {
    auto& problem = *outcome.add_problems();
    problem.set_field(violation.field);
    problem.set_description(violation.description);
  }
  return outcome;
}

}  // namespace klynge::rpc
