#include "services/organisation/scope.h"

#include <absl/algorithm/container.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "services/organisation/all_tables.h"
#include "services/organisation/body_index.h"
#include "services/organisation/list_or_none.h"

namespace klynge::organisation {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Puts the thing with that id into its message; nothing when there is none.
using Lookup = std::unique_ptr<Message> (*)(const Tree& tree, const std::string& id);

template <class Thing>
std::unique_ptr<Message> Find(const Tree& tree, const std::string& id) {
  const std::vector<Thing>& all = ListOf<Thing>(tree.organisation());
  const auto found = std::lower_bound(
      all.begin(), all.end(), id, [](const Thing& a, const std::string& b) { return IdOf(a) < b; });
  if (found == all.end() || IdOf(*found) != id) return nullptr;
  auto proto = std::make_unique<typename Kept<Thing>::Proto>();
  ToProto(*found, proto.get());
  return proto;
}

// "position.position_id" → "position_id".
template <class Thing>
std::string IdFieldName() {
  return Kept<Thing>::Proto::descriptor()->field(0)->name();
}

// How to find what a field of that name refers to, but for units and persons.
const std::map<std::string, Lookup>& Lookups() {
  static const auto* const lookups = [] {
    auto* made = new std::map<std::string, Lookup>;
    ForEachSort([&](auto sort) {
      using Thing = typename decltype(sort)::Type;
      if constexpr (!std::is_same_v<Thing, UnitVersion> && !std::is_same_v<Thing, Person>) {
        (*made)[IdFieldName<Thing>()] = &Find<Thing>;
      }
    });
    return made;
  }();
  return *lookups;
}

bool Names(const FieldDescriptor& field, absl::string_view id_field) {
  return field.name() == id_field || absl::EndsWith(field.name(), absl::StrCat("_", id_field));
}

// The fields of a sort that refer to something.
struct References {
  std::vector<const FieldDescriptor*> units;
  std::vector<const FieldDescriptor*> persons;
  std::vector<std::pair<const FieldDescriptor*, Lookup>> others;
};

References ReferencesOf(const Descriptor& type) {
  References references;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    if (field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) continue;
    if (Names(*field, "unit_id") || field->name() == "parent_id") {
      references.units.push_back(field);
    } else if (Names(*field, "person_id")) {
      references.persons.push_back(field);
    } else if (i > 0) {
      for (const auto& [id_field, lookup] : Lookups()) {
        if (Names(*field, id_field)) references.others.emplace_back(field, lookup);
      }
    }
  }
  return references;
}

const References& KnownReferences(const Message& content) {
  static const auto* const known = [] {
    auto* made = new absl::flat_hash_map<const Descriptor*, References>;
    ForEachSort([&](auto sort) {
      const Descriptor* type = Kept<typename decltype(sort)::Type>::Proto::descriptor();
      made->emplace(type, ReferencesOf(*type));
    });
    return made;
  }();
  return known->at(content.GetDescriptor());
}

void AddText(const Message& content, const FieldDescriptor* field,
             std::vector<std::string>& texts) {
  std::string text = content.GetReflection()->GetString(content, field);
  if (!text.empty()) texts.push_back(std::move(text));
}

// Where a person has, had or will have a role, stands in, or sits in a body.
void AddSeats(const Tree& tree, const std::string& person_id, std::vector<std::string>& units) {
  for (const Assignment* held : tree.AssignmentsOf(person_id)) units.push_back(held->unit_id);
  for (const Substitution* substitution : tree.positions().SubstitutionsOf(person_id)) {
    const Position* position = tree.positions().Find(substitution->position_id);
    if (position != nullptr) units.push_back(position->unit_id);
  }
  for (const BodyMembership* member : tree.Indexed<BodyIndex>().MembershipsOf(person_id)) {
    const BodyIndex::Entry* entry = tree.Indexed<BodyIndex>().Find(member->body_id);
    if (entry != nullptr) units.push_back(entry->body->unit_id);
  }
}

}  // namespace

std::vector<std::string> UnitsNamed(const Message& content) {
  std::vector<std::string> units;
  for (const FieldDescriptor* field : KnownReferences(content).units) {
    AddText(content, field, units);
  }
  return units;
}

std::vector<std::string> UnitsOf(const Tree& tree, const Message& content) {
  const References& references = KnownReferences(content);
  std::vector<std::string> units = UnitsNamed(content);
  if (!units.empty()) return units;
  for (const auto& [field, find] : references.others) {
    const auto other = find(tree, content.GetReflection()->GetString(content, field));
    if (other == nullptr) continue;
    // One step: what is referred to names its units itself, as positions and bodies do.
    for (std::string& unit : UnitsNamed(*other)) units.push_back(std::move(unit));
  }
  if (!units.empty()) return units;
  std::vector<std::string> persons;
  for (const FieldDescriptor* field : references.persons) AddText(content, field, persons);
  for (const std::string& person_id : persons) AddSeats(tree, person_id, units);
  return units;
}

Scope::Scope(const Tree& tree, const std::string& top) : tree_(&tree) {
  // Each unit with the days on which it is reached, so that what left a unit before that came here
  // is not taken for a part.
  std::vector<std::pair<std::string, DateRange>> reached = {{top, DateRange{}}};
  absl::flat_hash_map<std::string, std::vector<DateRange>> days;
  while (!reached.empty()) {
    const auto [unit_id, on] = std::move(reached.back());
    reached.pop_back();
    std::vector<DateRange>& known = days[unit_id];
    if (absl::c_any_of(known, [&](const DateRange& range) { return range.Contains(on); })) continue;
    known.push_back(on);
    units_.insert(unit_id);
    for (const UnitVersion* child : tree.ChildrenEver(unit_id)) {
      const DateRange below{std::max(on.from, child->valid.from), std::min(on.to, child->valid.to)};
      if (!below.empty()) reached.push_back({child->unit_id, below});
    }
  }
}

bool Scope::Concerns(const Message& content) const {
  return absl::c_any_of(UnitsOf(*tree_, content),
                        [this](const std::string& unit_id) { return Has(unit_id); });
}

ThingsByUnit::ThingsByUnit(const Tree& tree) {
  ForEachSort([&](auto sort) {
    using Thing = typename decltype(sort)::Type;
    typename Kept<Thing>::Proto proto;
    for (const Thing& thing : ListOf<Thing>(tree.organisation())) {
      proto.Clear();
      ToProto(thing, &proto);
      std::vector<std::string> units = UnitsOf(tree, proto);
      absl::c_sort(units);
      units.erase(std::unique(units.begin(), units.end()), units.end());
      for (const std::string& unit_id : units) {
        things_[unit_id].emplace_back(Kept<Thing>::kWord, IdOf(thing));
      }
    }
  });
}

const std::vector<ThingName>& ThingsByUnit::Of(const std::string& unit_id) const {
  return ListOrNone(things_, unit_id);
}

}  // namespace klynge::organisation
