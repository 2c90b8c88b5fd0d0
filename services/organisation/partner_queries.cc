#include "services/organisation/partner_queries.h"

#include <absl/algorithm/container.h>
#include <absl/strings/str_cat.h>

#include <algorithm>

#include "services/organisation/client/leadership_chain.h"
#include "services/organisation/client/partners_convert.h"
#include "services/organisation/client/things.h"
#include "services/organisation/partner_index.h"
#include "services/organisation/query_support.h"

namespace klynge::organisation {
namespace {

absl::Status CheckPartnerKnown(const Tree& tree, const std::string& partner_id) {
  if (partner_id.empty() || tree.Indexed<PartnerIndex>().Find(partner_id) != nullptr) {
    return absl::OkStatus();
  }
  return PartnerNotFound(partner_id);
}

void CheckTransitions(Violations& violations, const Tree& tree,
                      const google::protobuf::RepeatedPtrField<std::string>& transitions) {
  CheckCodes(violations, "transitions", transitions, "ListPartnershipKinds",
             [&](const std::string& code) { return FindTransition(tree, code) != nullptr; });
}

std::string UnitName(const Tree& tree, const std::string& unit_id, Date on) {
  const UnitVersion* unit = tree.FindUnit(unit_id, on);
  return unit == nullptr ? "" : unit->name;
}

std::string PartnerName(const Tree& tree, const std::string& partner_id) {
  const Partner* partner = tree.Indexed<PartnerIndex>().Find(partner_id);
  return partner == nullptr ? "" : partner->name;
}

// What `list_of` gives for each unit that the request names, or all there is; by id, each once.
template <class Thing, class Request, class ListOf>
absl::StatusOr<std::vector<const Thing*>> InScope(const Tree& tree, const Request& request, Date on,
                                                  const SharedList<Thing>& all, ListOf list_of) {
  std::vector<const Thing*> things;
  if (request.unit_id().empty()) {
    for (const Thing& thing : all) things.push_back(&thing);
    return things;
  }
  KLYNGE_ASSIGN_OR_RETURN(const auto units, UnitsInScope(tree, request, on));
  for (const std::string& unit_id : units) list_of(unit_id, things);
  absl::c_sort(things, [](const Thing* a, const Thing* b) { return IdOf(*a) < IdOf(*b); });
  things.erase(std::unique(things.begin(), things.end()), things.end());
  return things;
}

void AddPerson(const Tree& tree, const std::string& person_id, const std::string& role,
               v1::HandoverParty* party) {
  v1::HandoverPerson* shown = party->add_persons();
  shown->set_person_id(person_id);
  const Person* person = tree.FindPerson(person_id);
  if (person != nullptr) shown->set_name(person->name);
  shown->set_role(role);
}

// The person who was named, else whoever leads the unit.
void SetPersons(const Tree& tree, const std::string& named, const std::string& unit_id, Date on,
                v1::HandoverParty* party) {
  if (!named.empty()) {
    AddPerson(tree, named, "", party);
  } else if (!unit_id.empty()) {
    for (const ResponsibleLeader& leader : FindLeadership(tree, unit_id, on).leaders) {
      AddPerson(tree, leader.person_id, leader.role, party);
    }
  }
}

void SetHandover(const Tree& tree, const Handover& handover, Date on, v1::HandoverOnDay* proto) {
  ToProto(handover, proto->mutable_handover());
  v1::HandoverParty* giver = proto->mutable_giver();
  giver->set_name(UnitName(tree, handover.from_unit_id, on));
  SetPersons(tree, handover.giver_person_id, handover.from_unit_id, on, giver);
  v1::HandoverParty* receiver = proto->mutable_receiver();
  receiver->set_name(handover.to_partner_id.empty() ? UnitName(tree, handover.to_unit_id, on)
                                                    : PartnerName(tree, handover.to_partner_id));
  SetPersons(tree, handover.receiver_person_id, handover.to_unit_id, on, receiver);
}

// A unit and a transition in which it hands over to nobody.
struct Gap {
  const UnitVersion* unit = nullptr;
  const Transition* transition = nullptr;
};

std::string PlaceOf(const Gap& gap) {
  return absl::StrCat(gap.unit->unit_id, " ", gap.transition->transition);
}

bool HandsOver(const Tree& tree, const Gap& gap, Date on) {
  return absl::c_any_of(
      tree.Indexed<PartnerIndex>().HandoversFrom(gap.unit->unit_id), [&](const Handover* handover) {
        return handover->transition == gap.transition->transition && handover->valid.Contains(on);
      });
}

}  // namespace

absl::Status Answer(const Tree& tree, Date, const v1::ListPartnershipKindsRequest&,
                    v1::ListPartnershipKindsResponse* response) {
  const Organisation& organisation = tree.organisation();
  for (const PartnerKind& kind : organisation.partner_kinds) {
    ToProto(kind, response->add_partner_kinds());
  }
  for (const PartnershipKind& kind : organisation.partnership_kinds) {
    ToProto(kind, response->add_partnership_kinds());
  }
  for (const Transition& transition : organisation.transitions) {
    ToProto(transition, response->add_transitions());
  }
  response->set_revision(tree.revision());
  return absl::OkStatus();
}

absl::Status Answer(const Tree& tree, Date today, const v1::ListPartnersRequest& request,
                    v1::ListPartnersResponse* response) {
  Violations violations;
  CheckCodes(violations, "kinds", request.kinds(), "ListPartnershipKinds",
             [&](const std::string& kind) { return FindPartnerKind(tree, kind) != nullptr; });
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  std::vector<const Partner*> partners;
  for (const Partner& partner : tree.organisation().partners) {
    if (partner.valid.Contains(on) && LetsThrough(request.kinds(), partner.kind)) {
      partners.push_back(&partner);
    }
  }
  response->set_revision(tree.revision());
  return Page(
      partners, request, response,
      [](const Partner& partner) -> const std::string& { return partner.partner_id; },
      [&](const Partner& partner) { ToProto(partner, response->add_partners()); });
}

absl::Status Answer(const Tree& tree, Date today, const v1::ListPartnershipsRequest& request,
                    v1::ListPartnershipsResponse* response) {
  Violations violations;
  CheckScope(violations, request);
  if (!request.partner_id().empty()) RequireId(violations, "partner_id", request.partner_id());
  CheckCodes(violations, "kinds", request.kinds(), "ListPartnershipKinds",
             [&](const std::string& kind) { return FindPartnershipKind(tree, kind) != nullptr; });
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  KLYNGE_RETURN_IF_ERROR(CheckPartnerKnown(tree, request.partner_id()));
  KLYNGE_ASSIGN_OR_RETURN(
      auto partnerships,
      InScope(tree, request, on, tree.organisation().partnerships,
              [&](const std::string& unit_id, std::vector<const Partnership*>& out) {
                absl::c_copy(tree.Indexed<PartnerIndex>().PartnershipsOf(unit_id),
                             std::back_inserter(out));
              }));
  std::erase_if(partnerships, [&](const Partnership* partnership) {
    return !partnership->valid.Contains(on) || !LetsThrough(request.kinds(), partnership->kind) ||
           (!request.partner_id().empty() && partnership->partner_id != request.partner_id());
  });
  response->set_revision(tree.revision());
  return Page(
      partnerships, request, response,
      [](const Partnership& partnership) -> const std::string& {
        return partnership.partnership_id;
      },
      [&](const Partnership& partnership) {
        v1::NamedPartnership* named = response->add_partnerships();
        ToProto(partnership, named->mutable_partnership());
        named->set_unit_name(UnitName(tree, partnership.unit_id, on));
        named->set_other_name(partnership.partner_id.empty()
                                  ? UnitName(tree, partnership.partner_unit_id, on)
                                  : PartnerName(tree, partnership.partner_id));
      });
}

absl::Status Answer(const Tree& tree, Date today, const v1::ListHandoversRequest& request,
                    v1::ListHandoversResponse* response) {
  Violations violations;
  CheckScope(violations, request);
  if (!request.partner_id().empty()) RequireId(violations, "partner_id", request.partner_id());
  if (!v1::HandoverSide_IsValid(request.side())) {
    violations.Add("side", "is none of HANDOVER_SIDE_EITHER, _GIVES and _RECEIVES");
  } else if (request.unit_id().empty() && (request.side() == v1::HANDOVER_SIDE_GIVES ||
                                           request.side() == v1::HANDOVER_SIDE_RECEIVES)) {
    violations.Add("side", "needs unit_id: whose side is meant");
  }
  CheckTransitions(violations, tree, request.transitions());
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  KLYNGE_RETURN_IF_ERROR(CheckPartnerKnown(tree, request.partner_id()));
  const PartnerIndex& index = tree.Indexed<PartnerIndex>();
  KLYNGE_ASSIGN_OR_RETURN(
      auto handovers, InScope(tree, request, on, tree.organisation().handovers,
                              [&](const std::string& unit_id, std::vector<const Handover*>& out) {
                                if (request.side() != v1::HANDOVER_SIDE_RECEIVES) {
                                  absl::c_copy(index.HandoversFrom(unit_id),
                                               std::back_inserter(out));
                                }
                                if (request.side() != v1::HANDOVER_SIDE_GIVES) {
                                  absl::c_copy(index.HandoversTo(unit_id), std::back_inserter(out));
                                }
                              }));
  std::erase_if(handovers, [&](const Handover* handover) {
    return !handover->valid.Contains(on) ||
           !LetsThrough(request.transitions(), handover->transition) ||
           (!request.partner_id().empty() && handover->to_partner_id != request.partner_id());
  });
  response->set_revision(tree.revision());
  return Page(
      handovers, request, response,
      [](const Handover& handover) -> const std::string& { return handover.handover_id; },
      [&](const Handover& handover) {
        SetHandover(tree, handover, on, response->add_handovers());
      });
}

absl::Status Answer(const Tree& tree, Date today, const v1::ListTransitionGapsRequest& request,
                    v1::ListTransitionGapsResponse* response) {
  Violations violations;
  CheckScope(violations, request);
  CheckTransitions(violations, tree, request.transitions());
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  std::vector<const UnitVersion*> units;
  if (request.unit_id().empty()) {
    units = tree.UnitsOn(on);
  } else {
    KLYNGE_ASSIGN_OR_RETURN(const auto ids, UnitsInScope(tree, request, on));
    for (const std::string& unit_id : ids) units.push_back(tree.FindUnit(unit_id, on));
  }
  std::vector<Gap> found;
  for (const UnitVersion* unit : units) {
    for (const Transition& transition : tree.organisation().transitions) {
      const bool asked = request.transitions().empty()
                             ? transition.expected
                             : absl::c_linear_search(request.transitions(), transition.transition);
      const Gap gap{unit, &transition};
      if (asked && absl::c_linear_search(transition.from_unit_kinds, unit->kind) &&
          !HandsOver(tree, gap, on)) {
        found.push_back(gap);
      }
    }
  }
  absl::c_sort(found, [](const Gap& a, const Gap& b) { return PlaceOf(a) < PlaceOf(b); });
  std::vector<const Gap*> gaps;
  for (const Gap& gap : found) gaps.push_back(&gap);
  response->set_revision(tree.revision());
  return Page(gaps, request, response, PlaceOf, [&](const Gap& gap) {
    v1::TransitionGap* shown = response->add_gaps();
    shown->set_unit_id(gap.unit->unit_id);
    shown->set_unit_name(gap.unit->name);
    shown->set_transition(gap.transition->transition);
  });
}

}  // namespace klynge::organisation
