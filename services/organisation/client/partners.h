// Whom units work with, as plain values. Only the organisation service holds them: they are not in
// the snapshot that others fetch.
#pragma once

#include <string>
#include <vector>

#include "services/platform/date.h"

namespace klynge::organisation {

// Somebody outside the tree, such as a school, during one period.
struct Partner {
  std::string partner_id;
  std::string kind;
  std::string name;
  DateRange valid;

  bool operator==(const Partner&) const = default;
};

// A unit works with a partner or with another unit during one period: one of the two is given.
struct Partnership {
  std::string partnership_id;
  std::string kind;
  std::string unit_id;
  std::string partner_id;
  std::string partner_unit_id;
  std::string purpose;
  DateRange valid;

  bool operator==(const Partnership&) const = default;
};

// A unit hands children over to another unit or to a partner: one of the two is given. A person who
// is not named is whoever leads the unit.
struct Handover {
  std::string handover_id;
  std::string transition;
  std::string from_unit_id;
  std::string to_unit_id;
  std::string to_partner_id;
  std::string giver_person_id;
  std::string receiver_person_id;
  DateRange valid;

  bool operator==(const Handover&) const = default;
};

struct PartnerKind {
  std::string kind;
  std::string label_da;
  std::string label_en;

  bool operator==(const PartnerKind&) const = default;
};

// Which kinds of unit have it, and which kinds of partner and of unit it is with.
struct PartnershipKind {
  std::string kind;
  std::string label_da;
  std::string label_en;
  std::vector<std::string> unit_kinds;
  std::vector<std::string> partner_kinds;
  std::vector<std::string> partner_unit_kinds;

  bool operator==(const PartnershipKind&) const = default;
};

// Which kinds of unit hand over, and which kinds of unit and of partner take over.
struct Transition {
  std::string transition;
  std::string label_da;
  std::string label_en;
  std::vector<std::string> from_unit_kinds;
  std::vector<std::string> to_unit_kinds;
  std::vector<std::string> to_partner_kinds;
  bool expected = false;  // of every unit that can hand over

  bool operator==(const Transition&) const = default;
};

}  // namespace klynge::organisation
