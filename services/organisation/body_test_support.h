// Bodies for tests, one line each; dates as in the protos.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "services/organisation/test_support.h"

namespace klynge::organisation::testing {

// A seat that is only reported when it is broken.
inline BodySeat SeatFor(std::string role, int least = 0, int most = 0, bool majority = false) {
  BodySeat seat;
  seat.role = std::move(role);
  seat.least = least;
  seat.most = most;
  seat.majority = majority;
  return seat;
}
inline BodySeat Insisting(BodySeat seat) {
  seat.refuse_too_few = seat.refuse_too_many = true;
  return seat;
}

// Bodies of clusters and areas:
//   board      at most one chair; three parents, who must be the majority; all of this is reported
//   committee  insists on exactly one chair, and on a majority of staff
inline OrganisationBuilder CityWithBodies() {
  OrganisationBuilder city = SmallCity();
  city.Kind(BodyKind{"board",
                     "Bestyrelse",
                     "Board",
                     {"area", "cluster"},
                     {SeatFor("chair", 0, 1), SeatFor("parent", 3, 0, true)}});
  city.Kind(BodyKind{"committee",
                     "Udvalg",
                     "Committee",
                     {"cluster", "nursery"},
                     {Insisting(SeatFor("chair", 1, 1)), Insisting(SeatFor("staff", 0, 0, true))}});
  return city;
}

inline Body BodyOf(std::string id, std::string kind, std::string unit,
                   absl::string_view from = "2020-01-01", absl::string_view to = "") {
  std::string name = "Udvalg " + id;
  return {std::move(id), std::move(kind), std::move(name), std::move(unit), {D(from), D(to)}};
}

// The id is made of the body, the person and the role.
inline BodyMembership Seat(std::string body, std::string person, std::string role,
                           absl::string_view from = "2020-01-01", absl::string_view to = "") {
  std::string id = body + "." + person + "." + role;
  return {std::move(id), std::move(body), std::move(person), std::move(role), "", {D(from), D(to)}};
}

inline Message Row(const Body& body) {
  Message message;
  ToProto(body, message.mutable_body());
  return message;
}
inline Message Row(const BodyMembership& held) {
  Message message;
  ToProto(held, message.mutable_body_membership());
  return message;
}

}  // namespace klynge::organisation::testing
