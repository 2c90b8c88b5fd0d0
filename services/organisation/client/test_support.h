// A small organisation to test against, and a builder to change it. Only for tests.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "services/organisation/client/tree.h"
#include "services/platform/rpc/status.h"

namespace klynge::organisation::testing {

// A date that is known to be one: D("2021-09-01"). "" is the open end.
inline Date D(absl::string_view iso) { return iso.empty() ? kOpenEnd : ParseDate(iso).value(); }

// What a tree source says of the tree it holds while the organisation service is away.
inline absl::Status OrganisationAway() {
  return MakeRetryableStatus(absl::StatusCode::kUnavailable, "ORGANISATION_UNAVAILABLE",
                             "it could not be reached", absl::Seconds(1));
}

// Adds to an organisation, one line a thing; dates as in the protos.
class OrganisationBuilder {
 public:
  // Starts with the kinds and roles that the service's migrations bring.
  OrganisationBuilder() {
    const std::vector<std::string> houses = {"cluster", "self_owned_network"};
    Kind("administration", {}).Kind("area", {"administration"});
    Kind("cluster", {"area"}, true).Kind("self_owned_network", {"area"}, true);
    for (const std::string& kind : Institutions()) Kind(kind, houses);
    RoleAt("board_member", {"administration"}, false, TeamPart::kNone, true);
    RoleAt("area_chief", {"area"}, true, TeamPart::kNone, true);
    RoleAt("cluster_leader", {"cluster"}, true, TeamPart::kLeader, true);
    RoleAt("pedagogical_leader", Institutions(), false, TeamPart::kMember, true);
    RoleAt("pedagogical_consultant", {"administration", "area"});
    made_.hierarchies = {{kLine, "Linje", "Line", true}, {"med", "MED", "MED", true}};
    made_.code_registers = {
        {"p_number", "P-nummer", "P-number", "[0-9]{10}", "10 cifre", "10 digits", true, true,
         false, true},
        {"district", "Distrikt", "District", "[0-9]+", "cifre", "digits", false, true, false,
         false},
        {"employee_number", "Medarbejdernummer", "Employee number", "[0-9A-Z]{3,12}", "cifre",
         "digits or capitals", true, false, true, false}};
  }

  static std::vector<std::string> Institutions() {
    return {"nursery", "kindergarten", "integrated_day_care", "after_school_centre", "club"};
  }

  OrganisationBuilder& Kind(std::string kind, std::vector<std::string> parents, bool team = false) {
    made_.unit_kinds.push_back({kind, kind, kind, std::move(parents), team});
    return *this;
  }
  OrganisationBuilder& RoleAt(std::string role, std::vector<std::string> kinds,
                              bool exclusive = false, TeamPart part = TeamPart::kNone,
                              bool leads = false) {
    made_.roles.push_back({role, role, role, std::move(kinds), exclusive, part, leads});
    return *this;
  }
  OrganisationBuilder& Unit(std::string id, std::string kind, std::string parent,
                            absl::string_view from = "2020-01-01", absl::string_view to = "") {
    std::string name = "Enhed " + id;
    made_.units.push_back(
        {std::move(id), std::move(kind), std::move(name), std::move(parent), {D(from), D(to)}});
    return *this;
  }
  OrganisationBuilder& Someone(std::string person_id) {
    std::string name = "Person " + person_id;
    made_.persons.push_back({std::move(person_id), std::move(name)});
    return *this;
  }
  // The assignment's id is made of the person, the unit and the first day.
  OrganisationBuilder& Assign(std::string person, std::string role, std::string unit,
                              absl::string_view from = "2020-01-01", absl::string_view to = "") {
    std::string id = "a-" + person + "-" + unit + "-" + std::string(from);
    made_.assignments.push_back(
        {std::move(id), std::move(person), std::move(role), std::move(unit), {D(from), D(to)}});
    return *this;
  }

  OrganisationBuilder& Kind(BodyKind kind) {
    made_.body_kinds.push_back(std::move(kind));
    return *this;
  }
  OrganisationBuilder& With(Body body) {
    made_.bodies.push_back(std::move(body));
    return *this;
  }
  OrganisationBuilder& With(BodyMembership held) {
    made_.body_memberships.push_back(std::move(held));
    return *this;
  }
  OrganisationBuilder& Position(std::string id, std::string role, std::string unit,
                                absl::string_view from = "2020-01-01", absl::string_view to = "") {
    made_.positions.push_back(
        {std::move(id), std::move(role), std::move(unit), {}, {D(from), D(to)}});
    return *this;
  }
  // Assigns to a position that was added before, at its unit and in its role.
  OrganisationBuilder& Hold(std::string person, const std::string& position,
                            absl::string_view from = "2020-01-01", absl::string_view to = "") {
    auto held = std::find_if(made_.positions.begin(), made_.positions.end(),
                             [&](const auto& other) { return other.position_id == position; });
    Assign(std::move(person), held->role, held->unit_id, from, to);
    made_.assignments.Change().back().position_id = position;
    return *this;
  }
  // The substitution's id is made of the position and the first day.
  OrganisationBuilder& StandIn(std::string person, std::string position, absl::string_view from,
                               absl::string_view to = "") {
    std::string id = "s-" + position + "-" + std::string(from);
    made_.substitutions.push_back(
        {std::move(id), std::move(position), std::move(person), {D(from), D(to)}});
    return *this;
  }

  // The succession's id is made of the units.
  OrganisationBuilder& Succeed(const std::string& from, const std::string& to, absl::string_view on,
                               bool carries_figures = false) {
    made_.successions.push_back({"suc-" + from + "-" + to, from, to, D(on), carries_figures});
    return *this;
  }

  OrganisationBuilder& With(Partner partner) {
    made_.partners.push_back(std::move(partner));
    return *this;
  }
  OrganisationBuilder& With(Partnership partnership) {
    made_.partnerships.push_back(std::move(partnership));
    return *this;
  }
  OrganisationBuilder& With(Handover handover) {
    made_.handovers.push_back(std::move(handover));
    return *this;
  }
  OrganisationBuilder& With(Competence competence) {
    made_.competences.push_back(std::move(competence));
    return *this;
  }
  OrganisationBuilder& With(CompetenceLevel level) {
    made_.competence_levels.push_back(std::move(level));
    return *this;
  }
  OrganisationBuilder& With(HeldCompetence held) {
    made_.held_competences.push_back(std::move(held));
    return *this;
  }
  OrganisationBuilder& Kind(LeadershipKind kind) {
    made_.leadership_kinds.push_back(std::move(kind));
    return *this;
  }
  OrganisationBuilder& With(Task task) {
    made_.tasks.push_back(std::move(task));
    return *this;
  }
  OrganisationBuilder& With(Responsibility responsibility) {
    made_.responsibilities.push_back(std::move(responsibility));
    return *this;
  }
  OrganisationBuilder& With(Hierarchy hierarchy) {
    made_.hierarchies.push_back(std::move(hierarchy));
    return *this;
  }
  OrganisationBuilder& With(Placement placement) {
    made_.placements.push_back(std::move(placement));
    return *this;
  }
  OrganisationBuilder& With(Code code) {
    made_.codes.push_back(std::move(code));
    return *this;
  }
  OrganisationBuilder& Kind(PartnerKind kind) {
    made_.partner_kinds.push_back(std::move(kind));
    return *this;
  }
  OrganisationBuilder& Kind(PartnershipKind kind) {
    made_.partnership_kinds.push_back(std::move(kind));
    return *this;
  }
  OrganisationBuilder& Kind(Transition transition) {
    made_.transitions.push_back(std::move(transition));
    return *this;
  }

  // Of a person who is there already.
  OrganisationBuilder& Erased(absl::string_view person_id, absl::string_view on) {
    for (Person& person : made_.persons.Change()) {
      if (person.person_id == person_id) person.erased_on = D(on);
    }
    return *this;
  }

  Organisation Build() const { return made_; }
  std::shared_ptr<const Tree> BuildTree(int64_t revision = 1) const {
    return std::make_shared<const Tree>(made_, revision);
  }

 private:
  Organisation made_;
};

// buf → omr-vvk → {kl-vvk-01 → e-vvk-01-01, e-vvk-01-02; kl-vvk-02 → e-vvk-02-01; net-vvk-01 →
// e-net-01-01}. kl-vvk-01 has leader p-kl-1 and p-pl-1, p-pl-2; kl-vvk-02 has p-kl-2 and no other;
// the network has p-pl-3. Everything since 2020-01-01.
inline OrganisationBuilder SmallCity() {
  OrganisationBuilder city;
  city.Unit("buf", "administration", "").Unit("omr-vvk", "area", "buf");
  city.Unit("kl-vvk-01", "cluster", "omr-vvk").Unit("kl-vvk-02", "cluster", "omr-vvk");
  city.Unit("net-vvk-01", "self_owned_network", "omr-vvk");
  city.Unit("e-vvk-01-01", "nursery", "kl-vvk-01").Unit("e-vvk-01-02", "club", "kl-vvk-01");
  city.Unit("e-vvk-02-01", "kindergarten", "kl-vvk-02")
      .Unit("e-net-01-01", "nursery", "net-vvk-01");
  for (const char* person : {"p-kl-1", "p-kl-2", "p-pl-1", "p-pl-2", "p-pl-3"})
    city.Someone(person);
  city.Assign("p-kl-1", "cluster_leader", "kl-vvk-01")
      .Assign("p-kl-2", "cluster_leader", "kl-vvk-02");
  city.Assign("p-pl-1", "pedagogical_leader", "e-vvk-01-01");
  city.Assign("p-pl-2", "pedagogical_leader", "e-vvk-01-02");
  city.Assign("p-pl-3", "pedagogical_leader", "e-net-01-01");
  return city;
}

}  // namespace klynge::organisation::testing
