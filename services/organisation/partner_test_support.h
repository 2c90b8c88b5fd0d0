// Partners, partnerships and handovers for tests, one line each; dates as in the protos.
#pragma once

#include <string>
#include <utility>

#include "services/organisation/test_support.h"

namespace klynge::organisation::testing {

// With the school school-1 (2020 to 2024) and the hospital hospital-1, and:
//   schooling  a cluster or nursery with a school, or with a club
//   upward     a nursery to a kindergarten or a school; expected
//   outward    a club to a school
inline OrganisationBuilder CityWithPartners() {
  OrganisationBuilder city = SmallCity();
  city.Kind(PartnerKind{"school", "Skole", "School"});
  city.Kind(PartnerKind{"hospital", "Hospital", "Hospital"});
  city.Kind(PartnershipKind{
      "schooling", "Samarbejde", "Cooperation", {"cluster", "nursery"}, {"school"}, {"club"}});
  city.Kind(Transition{
      "upward", "Op", "Up", {"nursery"}, {"kindergarten"}, {"school"}, /*expected=*/true});
  city.Kind(Transition{"outward", "Ud", "Out", {"club"}, {}, {"school"}, /*expected=*/false});
  city.With(Partner{"school-1", "school", "Skole 1", {D("2020-01-01"), D("2024-01-01")}});
  city.With(Partner{"hospital-1", "hospital", "Hospital 1", {D("2020-01-01"), kOpenEnd}});
  return city;
}

inline Partner School(std::string id, absl::string_view from = "2020-01-01",
                      absl::string_view to = "") {
  return {std::move(id), "school", "Skole", {D(from), D(to)}};
}

// Their ids are made of who they are between.
inline Partnership WithPartner(std::string unit, std::string partner,
                               absl::string_view from = "2020-01-01",
                               absl::string_view to = "2024-01-01") {
  std::string id = unit + "." + partner;
  return {std::move(id),   "schooling", std::move(unit), std::move(partner), "", "",
          {D(from), D(to)}};
}
inline Partnership WithUnit(std::string unit, std::string other,
                            absl::string_view from = "2020-01-01", absl::string_view to = "") {
  std::string id = unit + "." + other;
  return {std::move(id), "schooling", std::move(unit), "", std::move(other), "", {D(from), D(to)}};
}
inline Handover ToUnit(std::string from_unit, std::string unit, std::string transition = "upward",
                       absl::string_view from = "2020-01-01", absl::string_view to = "") {
  std::string id = from_unit + "." + unit;
  return {std::move(id),   std::move(transition), std::move(from_unit), std::move(unit), "", "", "",
          {D(from), D(to)}};
}
inline Handover ToPartner(std::string from_unit, std::string partner,
                          std::string transition = "upward", absl::string_view from = "2020-01-01",
                          absl::string_view to = "2024-01-01") {
  std::string id = from_unit + "." + partner;
  return {
      std::move(id),   std::move(transition), std::move(from_unit), "", std::move(partner), "", "",
      {D(from), D(to)}};
}

inline Message Row(const Partner& partner) {
  Message message;
  ToProto(partner, message.mutable_partner());
  return message;
}
inline Message Row(const Partnership& partnership) {
  Message message;
  ToProto(partnership, message.mutable_partnership());
  return message;
}
inline Message Row(const Handover& handover) {
  Message message;
  ToProto(handover, message.mutable_handover());
  return message;
}

}  // namespace klynge::organisation::testing
