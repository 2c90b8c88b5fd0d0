#include "services/organisation/blank_fields.h"

#include <absl/algorithm/container.h>
#include <absl/container/flat_hash_map.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <functional>

#include "services/organisation/all_tables.h"
#include "services/organisation/references.h"
#include "services/organisation/row_fields.h"

namespace klynge::organisation {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kValidFrom[] = "valid_from";
constexpr char kValidTo[] = "valid_to";

struct SortOfRow {
  std::string id_field;
  // What is stored under the key of a row; false when nothing is.
  std::function<bool(const Tree&, const Message& row, Message* stored)> find_stored;
};

bool FindStoredUnit(const Tree& tree, const v1::Unit& row, v1::Unit* stored) {
  const absl::optional<Date> from = ParseDate(row.valid_from());
  if (!from) return false;
  const std::vector<const UnitVersion*> versions = tree.Versions(row.unit_id());
  auto after = std::upper_bound(
      versions.begin(), versions.end(), *from,
      [](Date day, const UnitVersion* version) { return day < version->valid.from; });
  if (after == versions.begin()) return false;
  const UnitVersion& last = **std::prev(after);
  if (last.valid.from != *from && !last.valid.Contains(*from - 1)) return false;
  ToProto(last, stored);
  // It ended the day before: that end is not one of the new version.
  if (last.valid.to <= *from) stored->clear_valid_to();
  return true;
}

template <class Thing>
bool FindStored(const Tree& tree, const std::string& id, const Message& row, Message* stored) {
  using Proto = typename Kept<Thing>::Proto;
  if constexpr (std::is_same_v<Thing, UnitVersion>) {
    return FindStoredUnit(tree, static_cast<const Proto&>(row), static_cast<Proto*>(stored));
  } else {
    const Thing* thing = FindById(ListOf<Thing>(tree.organisation()), id);
    if (thing != nullptr) ToProto(*thing, static_cast<Proto*>(stored));
    return thing != nullptr;
  }
}

// By the number of the row's field in the import's message.
const absl::flat_hash_map<int, SortOfRow>& Sorts() {
  static const auto* const sorts = [] {
    auto* all = new absl::flat_hash_map<int, SortOfRow>();
    ForEachSort([&](auto sort) {
      using Thing = typename decltype(sort)::Type;
      const RowSort field = FindRowSort(Kept<Thing>::kWord);
      if (field == nullptr) return;
      const std::string& id_field = IdFieldOf(field);
      const FieldDescriptor* id = field->message_type()->FindFieldByName(id_field);
      (*all)[field->number()] = {
          id_field, [id](const Tree& tree, const Message& row, Message* stored) {
            std::string unused;
            return FindStored<Thing>(
                tree, row.GetReflection()->GetStringReference(row, id, &unused), row, stored);
          }};
    });
    return all;
  }();
  return *sorts;
}

// Judges the names in `clear` and lists the fields that they mean.
class Clearing {
 public:
  Clearing(const v1::ImportOrganisationRequest& message, const FieldDescriptor& sort,
           const Message& row, const std::string& id_field)
      : sort_(sort), id_field_(id_field) {
    for (const std::string& name : message.clear()) Take(row, name);
  }

  bool Clears(const RowField& field) const { return absl::c_linear_search(fields_, &field); }
  std::vector<Problem> TakeProblems() { return std::move(problems_); }

 private:
  void Take(const Message& row, const std::string& name) {
    bool known = false;
    bool given = false;
    for (const RowField& field : FieldsOf(*row.GetDescriptor())) {
      if (!field.IsWithin(name)) continue;
      known = true;
      given = given || !field.IsBlank(row);
      fields_.push_back(&field);
    }
    if (!known) return Wrong(name, UnknownField(row));
    if (name == id_field_ || name == kValidFrom) {
      return Wrong(name, "is part of what the row is known by and cannot be cleared");
    }
    if (given) Wrong(name, "is both given and cleared: do one of the two");
  }

  std::string UnknownField(const Message& row) const {
    return absl::StrCat("cannot be cleared: ", sort_.name(), " has no such field; it has ",
                        absl::StrJoin(FieldsOf(*row.GetDescriptor()), ", ",
                                      [](std::string* names, const RowField& field) {
                                        absl::StrAppend(names, field.path());
                                      }));
  }

  void Wrong(const std::string& name, std::string description) {
    problems_.push_back({v1::ERROR_REASON_FIELD_NOT_CLEARABLE,
                         absl::StrCat(sort_.name(), ".", name), std::move(description)});
  }

  const FieldDescriptor& sort_;
  const std::string& id_field_;
  std::vector<const RowField*> fields_;
  std::vector<Problem> problems_;
};

}  // namespace

const FieldDescriptor* RowIn(const v1::ImportOrganisationRequest& message) {
  const FieldDescriptor* field =
      v1::ImportOrganisationRequest::descriptor()->FindFieldByNumber(message.content_case());
  return field != nullptr && Sorts().contains(field->number()) ? field : nullptr;
}

std::vector<Problem> FillBlanks(const Tree& stored, v1::ImportOrganisationRequest& message) {
  const FieldDescriptor* field = RowIn(message);
  if (field == nullptr) return {};
  const SortOfRow& sort = Sorts().at(field->number());
  Message* row = message.GetReflection()->MutableMessage(&message, field);
  Clearing clearing(message, *field, *row, sort.id_field);
  const std::unique_ptr<Message> full(row->New());
  if (sort.find_stored(stored, *row, full.get())) {
    for (const RowField& each : FieldsOf(*row->GetDescriptor())) {
      // What is blank in the row must not be merged: an empty text in a oneof would be.
      const bool blank = each.IsBlank(*row);
      if (blank) each.Clear(row);
      if (!blank || clearing.Clears(each)) each.Clear(full.get());
    }
    full->MergeFrom(*row);
    row->GetReflection()->Swap(row, full.get());
  }
  return clearing.TakeProblems();
}

}  // namespace klynge::organisation
