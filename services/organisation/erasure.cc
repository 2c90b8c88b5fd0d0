#include "services/organisation/erasure.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <string>
#include <vector>

#include "services/organisation/body_index.h"
#include "services/organisation/client/convert.h"
#include "services/organisation/code_index.h"
#include "services/organisation/organisation_store.h"
#include "services/organisation/query_support.h"

namespace klynge::organisation {
namespace {

// What an error can list and still be read.
constexpr size_t kMostListed = 20;

// What the person still has to do with the organisation: "assignment "a-1" (to 2024-01-01)".
std::vector<std::string> StillActive(const Tree& tree, const std::string& person_id, Date today) {
  std::vector<std::string> active;
  const auto add = [&](const char* what, const std::string& id, const DateRange& valid) {
    if (valid.to <= today) return;
    const std::string end = FormatEnd(valid.to);
    active.push_back(absl::StrCat(what, " \"", id, "\" (",
                                  end.empty() ? "without end" : absl::StrCat("to ", end), ")"));
  };
  for (const Employment* employment : tree.Indexed<EmploymentIndex>().Of(person_id)) {
    add("employment", employment->employment_id, employment->valid);
  }
  for (const Assignment* held : tree.AssignmentsOf(person_id)) {
    add("assignment", held->assignment_id, held->valid);
  }
  for (const Substitution* substitution : tree.positions().SubstitutionsOf(person_id)) {
    add("substitution", substitution->substitution_id, substitution->valid);
  }
  for (const BodyMembership* member : tree.Indexed<BodyIndex>().MembershipsOf(person_id)) {
    add("membership", member->membership_id, member->valid);
  }
  for (const Handover& handover : tree.organisation().handovers) {
    if (handover.giver_person_id == person_id || handover.receiver_person_id == person_id) {
      add("handover", handover.handover_id, handover.valid);
    }
  }
  return active;
}

absl::Status PersonActive(const std::string& person_id, std::vector<std::string> active) {
  const size_t more = active.size() > kMostListed ? active.size() - kMostListed : 0;
  if (more > 0) active.resize(kMostListed);
  return FailedPrecondition(
      v1::ERROR_REASON_PERSON_ACTIVE,
      absl::StrCat("\"", person_id,
                   "\" still is active; end these first, then erase: ", absl::StrJoin(active, ", "),
                   more > 0 ? absl::StrCat(", and ", more, " more") : ""),
      {{"person_id", person_id}});
}

}  // namespace

absl::Status ErasePersonIn(const Tree& before, Date today, const v1::ErasePersonRequest& request,
                           sql::WriteTransaction& transaction, v1::ErasePersonResponse* response) {
  Violations violations;
  RequireId(violations, "person_id", request.person_id());
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  const Person* person = before.FindPerson(request.person_id());
  if (person == nullptr) return PersonNotFound(request.person_id());
  if (person->erased()) {
    ToProto(*person, response->mutable_person());
    transaction.Discard();
    return absl::OkStatus();
  }
  std::vector<std::string> active = StillActive(before, person->person_id, today);
  if (!active.empty()) return PersonActive(person->person_id, std::move(active));

  const Person erased{person->person_id, kPseudonym, today};
  std::vector<Code> codes;
  for (const Code* code : before.Indexed<CodesOfPersons>().Find(person->person_id)) {
    codes.push_back(*code);
    codes.back().code.clear();
  }
  KLYNGE_ASSIGN_OR_RETURN(const int64_t rewritten, SaveErased(transaction, erased, codes));
  ToProto(erased, response->mutable_person());
  response->set_rewritten_change_count(rewritten);
  return absl::OkStatus();
}

}  // namespace klynge::organisation
