#include "services/organisation/code_index.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <tuple>

#include "services/organisation/list_or_none.h"

namespace klynge::organisation {

CodeRegisters::CodeRegisters(const Tree& tree) {
  for (const CodeRegister& known : tree.organisation().code_registers) {
    registers_[known.name] = {&known,
                              std::make_unique<const re2::RE2>(known.pattern, re2::RE2::Quiet)};
  }
}

const CodeRegister* CodeRegisters::Find(absl::string_view name) const {
  const auto found = registers_.find(name);
  return found == registers_.end() ? nullptr : found->second.known;
}

bool CodeRegisters::Fits(const CodeRegister& known, const std::string& code) const {
  return re2::RE2::FullMatch(code, *registers_.at(known.name).form);
}

CodeIndex::CodeIndex(const Tree& tree) {
  // The list is sorted by id, so what is appended is sorted too.
  for (const Code& code : tree.organisation().codes) {
    if (!code.code.empty()) with_[{code.register_name, code.code}].push_back(&code);
  }
}

const std::vector<const Code*>& CodeIndex::With(absl::string_view register_name,
                                                absl::string_view code) const {
  static const auto* const none = new std::vector<const Code*>;
  const auto found = with_.find({register_name, code});
  return found == with_.end() ? *none : found->second;
}

const Code* CodeIndex::FindOn(absl::string_view register_name, absl::string_view code,
                              Date on) const {
  for (const Code* had : With(register_name, code)) {
    if (had->valid.Contains(on)) return had;
  }
  return nullptr;
}

template <std::string Code::*kHolder>
CodesOf<kHolder>::CodesOf(const Tree& tree) {
  for (const Code& code : tree.organisation().codes) {
    if (!(code.*kHolder).empty()) codes_[code.*kHolder].push_back(&code);
  }
  for (auto& [id, list] : codes_) {
    std::stable_sort(list.begin(), list.end(), [](const Code* a, const Code* b) {
      return std::tie(a->register_name, a->valid.from, a->code) <
             std::tie(b->register_name, b->valid.from, b->code);
    });
  }
}

template <std::string Code::*kHolder>
const std::vector<const Code*>& CodesOf<kHolder>::Find(absl::string_view holder_id) const {
  return ListOrNone(codes_, holder_id);
}

template class CodesOf<&Code::unit_id>;
template class CodesOf<&Code::person_id>;
template class CodesOf<&Code::partner_id>;

std::string Expects(const CodeRegister& known) {
  return absl::StrCat(known.expects_en, ", ", known.pattern);
}

}  // namespace klynge::organisation
