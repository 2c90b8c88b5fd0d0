// The table in tests/faults/README.md, one row a fault.
#pragma once

#include <absl/time/time.h>

#include <string>

#include "tests/faults/clients.h"

namespace klynge::faults {

struct Row {
  std::string fault;
  std::string expectation;
  Seen seen;
  int acknowledged = 0;
};

// Expects that the table has the row's fault and expectation; its figures are those of the last
// written run. With TEST_FAULTS_TABLE=write in the environment, writes the row instead: in the
// place of the one of the same fault, else at the end.
void ReportRow(const Row& row);

}  // namespace klynge::faults
