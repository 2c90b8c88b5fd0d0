// What has to be done in leadership, and which position does it, as plain values. Only the
// organisation service holds them: they are not in the snapshot that others fetch.
#pragma once

#include <string>
#include <vector>

#include "services/platform/date.h"

namespace klynge::organisation {

// Professional leadership, strategic leadership...
struct LeadershipKind {
  std::string kind;
  std::string label_da;
  std::string label_en;
  std::string parent_kind;  // what it is a part of; "" for none
  bool primary = false;     // is to take the most time

  bool operator==(const LeadershipKind&) const = default;
};

struct NeededCompetence {
  std::string competence;
  int least_level = 0;  // 0: any

  bool operator==(const NeededCompetence&) const = default;
};

// One entry of the catalogue.
struct Task {
  std::string task;
  std::string label_da;
  std::string label_en;
  std::string leadership_kind;
  std::vector<std::string> unit_kinds;  // whose units have it, sorted
  int expected_percent = 0;             // of a full-time position, at one unit
  bool may_be_shared = false;
  std::vector<NeededCompetence> needs;  // by competence
  DateRange valid{kOpenStart, kOpenEnd};

  bool operator==(const Task&) const = default;
};

// A position has a task at a unit, whoever holds it.
struct Responsibility {
  std::string responsibility_id;
  std::string task;
  std::string unit_id;
  std::string position_id;
  int percent = 0;  // of the position's time
  DateRange valid;

  bool operator==(const Responsibility&) const = default;
};

}  // namespace klynge::organisation
