#include "services/organisation/queries.h"

#include "services/organisation/assignment_listing.h"
#include "services/organisation/client/codes_convert.h"
#include "services/organisation/client/convert.h"
#include "services/organisation/client/hierarchies_convert.h"
#include "services/organisation/code_index.h"
#include "services/organisation/hierarchy_index.h"
#include "services/organisation/hierarchy_queries.h"
#include "services/organisation/query_support.h"
#include "services/organisation/unit_listing.h"
#include "services/platform/rpc/message_bytes.h"

namespace klynge::organisation {

absl::Status Answer(const Tree& tree, Date today, const v1::GetUnitRequest& request,
                    grpc::ByteBuffer* response) {
  Violations violations;
  RequireId(violations, "unit_id", request.unit_id());
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  const HierarchyTree* hierarchy = HierarchyOf(violations, tree, request.hierarchy());
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  KLYNGE_ASSIGN_OR_RETURN(const UnitVersion* unit, UnitIn(tree, hierarchy, request.unit_id(), on));

  const UnitListing& listing = tree.Indexed<UnitListing>();
  rpc::MessageBytes bytes;
  bytes.Add(v1::GetUnitResponse::kUnitFieldNumber, listing.Bytes(*unit));
  for (const UnitVersion* above : hierarchy == nullptr
                                      ? tree.AncestorVersions(request.unit_id(), on)
                                      : hierarchy->AncestorVersions(request.unit_id(), on)) {
    bytes.Add(v1::GetUnitResponse::kAncestorsFieldNumber, listing.Bytes(*above));
  }
  const std::vector<const UnitVersion*> versions = tree.Versions(request.unit_id());
  for (const UnitVersion* version : versions) {
    bytes.Add(v1::GetUnitResponse::kVersionsFieldNumber, listing.Bytes(*version));
  }
  v1::GetUnitResponse rest;
  rest.set_revision(tree.revision());
  rest.set_opened_on(FormatDate(versions.front()->valid.from));
  rest.set_closed_on(FormatEnd(versions.back()->valid.to));
  for (const Code* code : tree.Indexed<CodesOfUnits>().Find(request.unit_id())) {
    if (code->valid.Contains(on)) ToProto(*code, rest.add_codes());
  }
  for (const Placement* placement : tree.Indexed<HierarchyIndex>().PlacementsOf(unit->unit_id)) {
    ToProto(*placement, rest.add_placements());
  }
  *response = bytes.Finish(rest);
  return absl::OkStatus();
}

absl::Status Answer(const Tree& tree, Date today, const v1::ListUnitsRequest& request,
                    grpc::ByteBuffer* response) {
  Violations violations;
  if (!request.subtree_of().empty()) RequireId(violations, "subtree_of", request.subtree_of());
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  CheckCodes(violations, "kinds", request.kinds(), "ListUnitKinds",
             [&](const std::string& kind) { return tree.FindKind(kind) != nullptr; });
  const HierarchyTree* hierarchy = HierarchyOf(violations, tree, request.hierarchy());
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));

  UnitQuery query{
      .on = on, .hierarchy = hierarchy, .kinds = {request.kinds().begin(), request.kinds().end()}};
  absl::c_sort(query.kinds);
  query.kinds.erase(std::unique(query.kinds.begin(), query.kinds.end()), query.kinds.end());
  if (!request.subtree_of().empty()) {
    KLYNGE_ASSIGN_OR_RETURN(query.top, UnitIn(tree, hierarchy, request.subtree_of(), on));
  }
  KLYNGE_ASSIGN_OR_RETURN(const int size, rpc::PageSize(request.page_size()));
  KLYNGE_ASSIGN_OR_RETURN(const std::string last, rpc::PagePosition(request));
  query.limit = static_cast<size_t>(size);
  query.after = last;

  const UnitListing& listing = tree.Indexed<UnitListing>();
  const UnitPage page = listing.List(query);
  rpc::MessageBytes bytes;
  for (const UnitVersion* unit : page.units) {
    bytes.Add(v1::ListUnitsResponse::kUnitsFieldNumber, listing.Bytes(*unit));
  }
  v1::ListUnitsResponse rest;
  if (!page.last) {
    rest.set_next_page_token(rpc::MakePageToken(request, page.units.back()->unit_id));
  }
  rest.set_total_size(page.total);
  rest.set_revision(tree.revision());
  *response = bytes.Finish(rest);
  return absl::OkStatus();
}

absl::Status Answer(const Tree& tree, Date, const v1::ListUnitKindsRequest&,
                    v1::ListUnitKindsResponse* response) {
  for (const UnitKind& kind : tree.organisation().unit_kinds) {
    ToProto(kind, response->add_unit_kinds());
  }
  response->set_revision(tree.revision());
  return absl::OkStatus();
}

absl::Status Answer(const Tree& tree, Date, const v1::ListRolesRequest&,
                    v1::ListRolesResponse* response) {
  for (const Role& role : tree.organisation().roles) ToProto(role, response->add_roles());
  response->set_revision(tree.revision());
  return absl::OkStatus();
}

absl::Status Answer(const Tree& tree, Date, const v1::GetPersonRequest& request,
                    v1::GetPersonResponse* response) {
  Violations violations;
  RequireId(violations, "person_id", request.person_id());
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  const Person* person = tree.FindPerson(request.person_id());
  if (person == nullptr) return PersonNotFound(request.person_id());

  ToProto(*person, response->mutable_person());
  for (const Assignment* assignment : tree.AssignmentsOf(request.person_id())) {
    ToProto(*assignment, response->add_assignments());
  }
  for (const Substitution* substitution : tree.positions().SubstitutionsOf(person->person_id)) {
    ToProto(*substitution, response->add_substitutions());
  }
  for (const Employment* employment : tree.Indexed<EmploymentIndex>().Of(person->person_id)) {
    ToProto(*employment, response->add_employments());
  }
  for (const Code* code : tree.Indexed<CodesOfPersons>().Find(person->person_id)) {
    ToProto(*code, response->add_codes());
  }
  response->set_revision(tree.revision());
  return absl::OkStatus();
}

absl::Status Answer(const Tree& tree, Date today, const v1::ListAssignmentsRequest& request,
                    v1::ListAssignmentsResponse* response) {
  Violations violations;
  CheckScope(violations, request);
  if (!request.person_id().empty()) RequireId(violations, "person_id", request.person_id());
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  CheckCodes(violations, "roles", request.roles(), "ListRoles",
             [&](const std::string& role) { return tree.FindRole(role) != nullptr; });
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  KLYNGE_ASSIGN_OR_RETURN(const auto assignments, AssignmentsIn(tree, request, on));
  response->set_revision(tree.revision());
  return Page(
      *assignments, request, response,
      [](const Assignment& held) -> const std::string& { return held.assignment_id; },
      [&](const Assignment& held) { ToProto(held, response->add_assignments()); });
}

}  // namespace klynge::organisation
