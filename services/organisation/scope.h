// A part of the tree and all that has to do with it: a unit, everything that is or was below it on
// any day, what stands there, and the persons who sit there.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>
#include <absl/strings/string_view.h>
#include <google/protobuf/message.h>

#include <string>
#include <utility>
#include <vector>

#include "services/organisation/client/tree.h"

namespace klynge::organisation {

// The units that the thing itself names: of a unit, it and what it stands under.
std::vector<std::string> UnitsNamed(const google::protobuf::Message& content);

// The units that a thing has to do with, as the tree has it: those it names; else those of what it
// refers to, such as its position or its body; else those where its persons sit. Nothing for what
// has no place in the tree, such as partners and the catalogue of competences.
//
// What refers to what is read from the names of fields, so that it holds for sorts to come: a field
// named "unit_id", or anything ending in "_unit_id", names a unit; "person_id", "position_id" and
// so on likewise.
std::vector<std::string> UnitsOf(const Tree& tree, const google::protobuf::Message& content);

// The part of a tree below a unit, itself included. The tree must outlive it.
class Scope {
 public:
  Scope(const Tree& tree, const std::string& top);

  bool Has(const std::string& unit_id) const { return units_.contains(unit_id); }
  const absl::flat_hash_set<std::string>& units() const { return units_; }
  // True when the thing has to do with a unit of this part.
  bool Concerns(const google::protobuf::Message& content) const;

 private:
  const Tree* tree_;
  absl::flat_hash_set<std::string> units_;
};

// A thing, by the word of its sort and its id.
using ThingName = std::pair<absl::string_view, absl::string_view>;

// What has to do with each unit: Tree::Indexed<ThingsByUnit>().
class ThingsByUnit {
 public:
  explicit ThingsByUnit(const Tree& tree);
  // Each once for every reason it has.
  const std::vector<ThingName>& Of(const std::string& unit_id) const;

 private:
  absl::flat_hash_map<std::string, std::vector<ThingName>> things_;
};

}  // namespace klynge::organisation
