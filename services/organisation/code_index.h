// The codes of one revision, found by register and code and by who has them. Made when first
// needed, by tree.Indexed<…>().
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/strings/string_view.h>
#include <re2/re2.h>

#include <memory>
#include <utility>
#include <vector>

#include "services/organisation/client/tree.h"

namespace klynge::organisation {

// The registers, and the form of their codes. Points into the tree.
class CodeRegisters {
 public:
  explicit CodeRegisters(const Tree& tree);

  // Null when there is no such register.
  const CodeRegister* Find(absl::string_view name) const;
  // True when the code is what the register expects. The register must be one of this tree.
  bool Fits(const CodeRegister& known, const std::string& code) const;

 private:
  struct Entry {
    const CodeRegister* known = nullptr;
    std::unique_ptr<const re2::RE2> form;
  };
  absl::flat_hash_map<absl::string_view, Entry> registers_;
};

// Who has which code. Points into the tree.
class CodeIndex {
 public:
  explicit CodeIndex(const Tree& tree);

  // Who has the code, on any day, by id of the code.
  const std::vector<const Code*>& With(absl::string_view register_name,
                                       absl::string_view code) const;
  // Who has it that day; of a register that is not unique the first, by id. Null when nobody has.
  const Code* FindOn(absl::string_view register_name, absl::string_view code, Date on) const;

 private:
  absl::flat_hash_map<std::pair<absl::string_view, absl::string_view>, std::vector<const Code*>>
      with_;
};

// The codes of each holder of one sort, on any day, by register, first day and code. Apart, so that
// who asks for those of units does not pay for those of persons. Points into the tree.
template <std::string Code::*kHolder>
class CodesOf {
 public:
  explicit CodesOf(const Tree& tree);

  const std::vector<const Code*>& Find(absl::string_view holder_id) const;

 private:
  absl::flat_hash_map<absl::string_view, std::vector<const Code*>> codes_;
};
using CodesOfUnits = CodesOf<&Code::unit_id>;
using CodesOfPersons = CodesOf<&Code::person_id>;
using CodesOfPartners = CodesOf<&Code::partner_id>;

// "6 digits, [0-9]{6}": what the register expects, for messages.
std::string Expects(const CodeRegister& known);

}  // namespace klynge::organisation
