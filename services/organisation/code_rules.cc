#include <absl/container/flat_hash_map.h>
#include <absl/strings/str_cat.h>

#include <tuple>
#include <utility>

#include "services/organisation/code_index.h"
#include "services/organisation/rules.h"

namespace klynge::organisation {
namespace {

// unit "e-1": whose code it is.
std::string Holder(const Code& code) {
  if (!code.unit_id.empty()) return absl::StrCat("unit \"", code.unit_id, "\"");
  if (!code.person_id.empty()) return absl::StrCat("person \"", code.person_id, "\"");
  return absl::StrCat("partner \"", code.partner_id, "\"");
}

class CodeRules {
 public:
  explicit CodeRules(const Candidate& candidate)
      : candidate_(candidate), registers_(candidate.before.Indexed<CodeRegisters>()) {}

  std::vector<Blame> Check() && {
    for (const InPlay<Partner>& partner : candidate_.partners) {
      partners_[partner.thing->partner_id] = &partner;
    }
    // Rows stand behind what is stored; without any only partners can have changed.
    const bool brings = !candidate_.codes.empty() && candidate_.codes.back().row != kStored;
    for (const InPlay<Code>& code : candidate_.codes) {
      if (brings) {
        CheckCode(code);
      } else if (!code.thing->partner_id.empty()) {
        CheckPartner(code);
      }
    }
    return std::move(blames_);
  }

 private:
  // Register and code, and of whom.
  using Key = std::tuple<absl::string_view, absl::string_view, absl::string_view, absl::string_view,
                         absl::string_view>;

  void Add(int row, v1::ErrorReason reason, std::string field, std::string description) {
    Add(row, Problem{reason, std::move(field), std::move(description)});
  }
  void Add(int row, absl::optional<Problem> problem) {
    if (problem && row != kStored) blames_.push_back({row, *std::move(problem)});
  }

  void CheckCode(const InPlay<Code>& placed) {
    const Code& code = *placed.thing;
    const CodeRegister* known = registers_.Find(code.register_name);
    Add(placed.row, MissingRegister(candidate_, code.register_name));
    if (known != nullptr) CheckForm(placed, *known);
    CheckHolder(placed);
    CheckKeepsHolder(placed);
    if (known != nullptr && !code.code.empty()) CheckNotTaken(placed, *known);
  }

  void CheckForm(const InPlay<Code>& placed, const CodeRegister& known) {
    const Code& code = *placed.thing;
    if (placed.row == kStored) return;
    const auto refuse = [&](bool allowed, const std::string& holder, const char* field,
                            const char* whose) {
      if (allowed || holder.empty()) return;
      Add(placed.row, v1::ERROR_REASON_CODE_NOT_ALLOWED, field,
          absl::StrCat(known.name, " has no codes of ", whose, "; ListCodeRegisters shows whose"));
    };
    refuse(known.for_units, code.unit_id, "code.unit_id", "units");
    refuse(known.for_persons, code.person_id, "code.person_id", "persons");
    refuse(known.for_partners, code.partner_id, "code.partner_id", "partners");
    if (registers_.Fits(known, code.code)) return;
    Add(placed.row, v1::ERROR_REASON_CODE_MALFORMED, "code.code",
        absl::StrCat("must be what ", known.name, " expects: ", Expects(known), "; was \"",
                     code.code, "\""));
  }

  void CheckHolder(const InPlay<Code>& placed) {
    const Code& code = *placed.thing;
    if (!code.person_id.empty()) {
      Add(placed.row, MissingPerson(candidate_, "code.person_id", code.person_id));
    } else if (!code.unit_id.empty()) {
      Add(placed.row, MissingUnit(candidate_, "code.unit_id", code.unit_id));
      const std::vector<VersionInPlay>* unit = candidate_.FindUnit(code.unit_id);
      if (unit != nullptr) {
        CheckBegins(placed, LifeOf(*unit), v1::ERROR_REASON_OUTSIDE_UNIT_LIFE);
      }
    } else {
      CheckPartner(placed);
    }
  }

  void CheckPartner(const InPlay<Code>& placed) {
    const Code& code = *placed.thing;
    const auto found = partners_.find(code.partner_id);
    if (found == partners_.end()) {
      Add(placed.row, MissingPartner(candidate_, "code.partner_id", code.partner_id));
      return;
    }
    const InPlay<Partner>& partner = *found->second;
    CheckBegins(placed, partner.valid, v1::ERROR_REASON_OUTSIDE_PARTNER_LIFE);
    if (placed.row != kStored || partner.valid.Contains(placed.valid.from)) return;
    Add(partner.row, v1::ERROR_REASON_OUTSIDE_PARTNER_LIFE,
        placed.valid.from < partner.valid.from ? "partner.valid_from" : "partner.valid_to",
        absl::StrCat("code \"", code.code_id, "\" of it begins on ", FormatDate(placed.valid.from),
                     "; give it other days in the same import"));
  }

  // Its end is that of its holder at the latest (Candidate); its beginning is not moved.
  void CheckBegins(const InPlay<Code>& placed, const DateRange& life, v1::ErrorReason reason) {
    if (life.Contains(placed.valid.from)) return;
    Add(placed.row, reason, "code.valid_from",
        absl::StrCat("must be a day on which ", Holder(*placed.thing), " exists: ", Days(life),
                     ", was ", FormatDate(placed.valid.from)));
  }

  // Else what was another's would be found under whoever has it now, and outlive an erasure.
  void CheckKeepsHolder(const InPlay<Code>& placed) {
    if (placed.row == kStored) return;
    const Code& code = *placed.thing;
    const Code* stored = FindSame(candidate_.before.organisation().codes, code);
    if (stored == nullptr || Holder(*stored) == Holder(code)) return;
    Add(placed.row, v1::ERROR_REASON_CODE_NOT_ALLOWED, "code.code_id",
        absl::StrCat("is that of a code of ", Holder(*stored),
                     ", and stays its; end that one, and add another with an id of its own"));
  }

  // What is stored comes first, then the rows in their order: a row gives way to those before it.
  void CheckNotTaken(const InPlay<Code>& placed, const CodeRegister& known) {
    const Code& code = *placed.thing;
    // A holder has a code once a day, whether others may have it too or not.
    const Key key = known.unique ? Key{code.register_name, code.code, "", "", ""}
                                 : Key{code.register_name, code.code, code.unit_id, code.person_id,
                                       code.partner_id};
    std::vector<const InPlay<Code>*>& same = seen_[key];
    for (const InPlay<Code>* other : same) {
      if (!other->valid.Overlaps(placed.valid)) continue;
      Add(placed.row, v1::ERROR_REASON_CODE_TAKEN, "code.code",
          absl::StrCat("\"", code.code, "\" is that of ", Holder(*other->thing), " ",
                       Days(other->valid), " (code \"", other->thing->code_id,
                       "\"); end it there first, or in the same import"));
      return;
    }
    same.push_back(&placed);
  }

  const Candidate& candidate_;
  const CodeRegisters& registers_;
  absl::flat_hash_map<absl::string_view, const InPlay<Partner>*> partners_;
  absl::flat_hash_map<Key, std::vector<const InPlay<Code>*>> seen_;
  std::vector<Blame> blames_;
};

}  // namespace

std::vector<Blame> CheckRegisteredCodes(const Candidate& candidate) {
  return CodeRules(candidate).Check();
}

}  // namespace klynge::organisation
