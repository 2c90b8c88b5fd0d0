// Bodies in which people cooperate, as plain values. Only the organisation service holds them: they
// are not in the snapshot that others fetch.
#pragma once

#include <string>
#include <vector>

#include "services/platform/date.h"

namespace klynge::organisation {

// A committee, board, group or network of one unit during one period.
struct Body {
  std::string body_id;
  std::string kind;
  std::string name;
  std::string unit_id;
  DateRange valid;

  bool operator==(const Body&) const = default;
};

// A person in a role in a body during one period.
struct BodyMembership {
  std::string membership_id;
  std::string body_id;
  std::string person_id;
  std::string role;
  std::string represents;  // "" for nobody in particular
  DateRange valid;

  bool operator==(const BodyMembership&) const = default;
};

// A role in a kind of body, and how many are to have it on every day.
struct BodySeat {
  std::string role;
  std::string label_da;
  std::string label_en;
  int least = 0;
  int most = 0;           // 0: any number
  bool majority = false;  // more than half of all members, whenever there are any
  // Whether a state that breaks this is refused, or only reported.
  bool refuse_too_few = false;
  bool refuse_too_many = false;
  bool ends_with_employment = true;  // its holders have it as employees

  bool operator==(const BodySeat&) const = default;
};

struct BodyKind {
  std::string kind;
  std::string label_da;
  std::string label_en;
  std::vector<std::string> unit_kinds;  // which may have one
  std::vector<BodySeat> seats;          // by role
  std::string hierarchy{};              // in which such bodies stand above each other; "" in none

  // Null when bodies of this kind have no such role.
  const BodySeat* FindSeat(const std::string& role) const {
    for (const BodySeat& seat : seats) {
      if (seat.role == role) return &seat;
    }
    return nullptr;
  }
  bool operator==(const BodyKind&) const = default;
};

}  // namespace klynge::organisation
