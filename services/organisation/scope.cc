#include "services/organisation/scope.h"

#include <absl/algorithm/container.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "services/organisation/all_tables.h"
#include "services/organisation/body_index.h"
#include "services/organisation/list_or_none.h"
#include "services/organisation/references.h"

namespace klynge::organisation {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Puts the thing with that id into its message; nothing when there is none.
using Lookup = std::unique_ptr<Message> (*)(const Tree& tree, const std::string& id);

template <class Thing>
std::unique_ptr<Message> Find(const Tree& tree, const std::string& id) {
  const Thing* thing = FindById(ListOf<Thing>(tree.organisation()), id);
  if (thing == nullptr) return nullptr;
  auto proto = std::make_unique<typename Kept<Thing>::Proto>();
  ToProto(*thing, proto.get());
  return proto;
}

const std::map<RowSort, Lookup>& Lookups() {
  static const auto* const lookups = [] {
    auto* made = new std::map<RowSort, Lookup>;
    ForEachSort([&](auto sort) {
      using Thing = typename decltype(sort)::Type;
      (*made)[FindRowSort(Kept<Thing>::kWord)] = &Find<Thing>;
    });
    return made;
  }();
  return *lookups;
}

// The fields of a sort that refer to something, or are the id of a unit or person.
struct NamedThings {
  std::vector<const FieldDescriptor*> units;
  std::vector<const FieldDescriptor*> persons;
  std::vector<std::pair<const FieldDescriptor*, Lookup>> others;
};

NamedThings NamedBy(RowSort own) {
  NamedThings named;
  const Descriptor& type = *own->message_type();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    // Who confirms a competence does not say where it is.
    if (field->is_repeated() || field->name() == "confirmed_by") continue;
    const bool is_id = field->name() == IdFieldOf(own);
    const RowSort sort = is_id ? own : ReferredSort(own, *field);
    if (sort == nullptr) continue;
    if (sort->name() == Kept<UnitVersion>::kWord) {
      named.units.push_back(field);
    } else if (sort->name() == Kept<Person>::kWord) {
      named.persons.push_back(field);
    } else if (!is_id) {
      named.others.emplace_back(field, Lookups().at(sort));
    }
  }
  return named;
}

const NamedThings& KnownToName(const Message& content) {
  static const auto* const known = [] {
    auto* made = new absl::flat_hash_map<const Descriptor*, NamedThings>;
    for (const RowSort sort : RowSorts()) made->emplace(sort->message_type(), NamedBy(sort));
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
  for (const FieldDescriptor* field : KnownToName(content).units) {
    AddText(content, field, units);
  }
  return units;
}

std::vector<std::string> UnitsOf(const Tree& tree, const Message& content) {
  const NamedThings& named = KnownToName(content);
  std::vector<std::string> units = UnitsNamed(content);
  if (!units.empty()) return units;
  for (const auto& [field, find] : named.others) {
    const auto other = find(tree, content.GetReflection()->GetString(content, field));
    if (other == nullptr) continue;
    // One step: what is referred to names its units itself, as positions and bodies do.
    for (std::string& unit : UnitsNamed(*other)) units.push_back(std::move(unit));
  }
  if (!units.empty()) return units;
  std::vector<std::string> persons;
  for (const FieldDescriptor* field : named.persons) AddText(content, field, persons);
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
