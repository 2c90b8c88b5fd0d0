#include "services/organisation/code_queries.h"

#include <absl/algorithm/container.h>
#include <absl/strings/str_join.h>

#include "services/organisation/client/codes_convert.h"
#include "services/organisation/client/convert.h"
#include "services/organisation/client/partners_convert.h"
#include "services/organisation/code_index.h"
#include "services/organisation/partner_index.h"
#include "services/organisation/query_support.h"

namespace klynge::organisation {
namespace {

// What an error can list and still be read.
constexpr size_t kMostListed = 10;

const std::string& IdOfCode(const Code& code) { return code.code_id; }

void SetHolder(const Tree& tree, const Code& code, Date on, v1::CodeHolder* proto) {
  ToProto(code, proto->mutable_code());
  if (const UnitVersion* unit = tree.FindUnit(code.unit_id, on)) {
    ToProto(*unit, proto->mutable_unit());
  } else if (const Person* person = tree.FindPerson(code.person_id)) {
    ToProto(*person, proto->mutable_person());
  } else if (const Partner* partner = tree.Indexed<PartnerIndex>().Find(code.partner_id)) {
    ToProto(*partner, proto->mutable_partner());
  }
}

// "e-1" from 2020-01-01 to 2022-01-01.
std::string OnOtherDays(const Code& code) {
  const std::string& holder = !code.unit_id.empty()     ? code.unit_id
                              : !code.person_id.empty() ? code.person_id
                                                        : code.partner_id;
  const std::string end = FormatEnd(code.valid.to);
  return absl::StrCat("\"", holder, "\" has it from ", FormatDate(code.valid.from),
                      end.empty() ? "" : absl::StrCat(" to ", end));
}

absl::Status CodeNotFound(const v1::FindByCodeRequest& request, Date on,
                          std::vector<const Code*> ever) {
  const size_t more = ever.size() > kMostListed ? ever.size() - kMostListed : 0;
  if (more > 0) ever.resize(kMostListed);
  const std::string others = absl::StrJoin(
      ever, ", ", [](std::string* out, const Code* code) { out->append(OnOtherDays(*code)); });
  return NotFound(
      v1::ERROR_REASON_CODE_NOT_FOUND,
      absl::StrCat("nobody has \"", request.code(), "\" in ", request.register_(), " on ",
                   FormatDate(on), ever.empty() ? "" : absl::StrCat("; ", others),
                   more > 0 ? absl::StrCat(", and ", more, " more") : ""),
      {{"register", request.register_()}, {"code", request.code()}, {"as_of", FormatDate(on)}});
}

void CheckHolderIds(Violations& violations, const v1::ListCodesRequest& request) {
  CheckScope(violations, request);
  if (!request.person_id().empty()) RequireId(violations, "person_id", request.person_id());
  if (!request.partner_id().empty()) RequireId(violations, "partner_id", request.partner_id());
}

// The codes of those that the request names, or all, by id; on any day.
absl::StatusOr<std::vector<const Code*>> CodesInScope(const Tree& tree,
                                                      const v1::ListCodesRequest& request,
                                                      Date on) {
  std::vector<const Code*> codes;
  if (!request.person_id().empty()) {
    if (tree.FindPerson(request.person_id()) == nullptr) return PersonNotFound(request.person_id());
    codes = tree.Indexed<CodesOfPersons>().Find(request.person_id());
  } else if (!request.partner_id().empty()) {
    if (tree.Indexed<PartnerIndex>().Find(request.partner_id()) == nullptr) {
      return PartnerNotFound(request.partner_id());
    }
    codes = tree.Indexed<CodesOfPartners>().Find(request.partner_id());
  } else if (!request.unit_id().empty()) {
    KLYNGE_ASSIGN_OR_RETURN(const auto units, UnitsInScope(tree, request, on));
    const CodesOfUnits& of_units = tree.Indexed<CodesOfUnits>();
    for (const std::string& unit_id : units) {
      const std::vector<const Code*>& of_unit = of_units.Find(unit_id);
      codes.insert(codes.end(), of_unit.begin(), of_unit.end());
    }
  } else {
    for (const Code& code : tree.organisation().codes) codes.push_back(&code);
  }
  absl::c_sort(codes, [](const Code* a, const Code* b) { return a->code_id < b->code_id; });
  return codes;
}

}  // namespace

absl::Status Answer(const Tree& tree, Date, const v1::ListCodeRegistersRequest&,
                    v1::ListCodeRegistersResponse* response) {
  for (const CodeRegister& known : tree.organisation().code_registers) {
    ToProto(known, response->add_registers());
  }
  response->set_revision(tree.revision());
  return absl::OkStatus();
}

absl::Status Answer(const Tree& tree, Date today, const v1::FindByCodeRequest& request,
                    v1::FindByCodeResponse* response) {
  Violations violations;
  const CodeRegisters& registers = tree.Indexed<CodeRegisters>();
  const CodeRegister* known = registers.Find(request.register_());
  if (known == nullptr) {
    violations.Add("register", absl::StrCat("\"", request.register_(),
                                            "\" is not known; ListCodeRegisters shows those that "
                                            "are"));
  } else if (!registers.Fits(*known, request.code())) {
    violations.Add("code",
                   absl::StrCat("must be what ", known->name, " expects: ", Expects(*known)));
  }
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));

  const std::vector<const Code*>& ever =
      tree.Indexed<CodeIndex>().With(request.register_(), request.code());
  std::vector<const Code*> codes = ever;
  std::erase_if(codes, [&](const Code* code) { return !code->valid.Contains(on); });
  if (codes.empty()) return CodeNotFound(request, on, ever);
  response->set_revision(tree.revision());
  return Page(codes, request, response, IdOfCode,
              [&](const Code& code) { SetHolder(tree, code, on, response->add_holders()); });
}

absl::Status Answer(const Tree& tree, Date today, const v1::ListCodesRequest& request,
                    v1::ListCodesResponse* response) {
  Violations violations;
  CheckHolderIds(violations, request);
  const int given =
      !request.unit_id().empty() + !request.person_id().empty() + !request.partner_id().empty();
  if (given > 1) {
    violations.Add("unit_id", "a code has one holder: give unit_id, person_id or partner_id");
  }
  CheckCodes(
      violations, "registers", request.registers(), "ListCodeRegisters",
      [&](const std::string& name) { return tree.Indexed<CodeRegisters>().Find(name) != nullptr; });
  const Date on = DateOr(violations, "as_of", request.as_of(), today);
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  KLYNGE_ASSIGN_OR_RETURN(auto codes, CodesInScope(tree, request, on));
  std::erase_if(codes, [&](const Code* code) {
    return !code->valid.Contains(on) || !LetsThrough(request.registers(), code->register_name);
  });
  response->set_revision(tree.revision());
  return Page(codes, request, response, IdOfCode,
              [&](const Code& code) { ToProto(code, response->add_codes()); });
}

}  // namespace klynge::organisation
