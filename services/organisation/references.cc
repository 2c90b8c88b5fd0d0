#include "services/organisation/references.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "services/organisation/all_tables.h"

namespace klynge::organisation {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// References whose names do not say to what.
constexpr std::pair<absl::string_view, absl::string_view> kOtherNames[] = {
    {"parent_id", "unit"}, {"cluster_id", "unit"}, {"confirmed_by", "person"}};

const std::map<RowSort, std::string>& IdFields() {
  static const auto* const fields = [] {
    auto* all = new std::map<RowSort, std::string>();
    ForEachSort([&](auto sort) {
      using Thing = typename decltype(sort)::Type;
      const absl::string_view path = IdField(Thing{});
      if (RowSort found = FindRowSort(Kept<Thing>::kWord)) {
        (*all)[found] = std::string(path.substr(path.find('.') + 1));
      }
    });
    return all;
  }();
  return *fields;
}

}  // namespace

const std::string& IdFieldOf(RowSort sort) { return IdFields().at(sort); }

RowSort ReferredSort(RowSort own, const FieldDescriptor& field) {
  if (field.type() != FieldDescriptor::TYPE_STRING) return nullptr;
  if (field.containing_type() == own->message_type() && field.name() == IdFieldOf(own)) {
    return nullptr;
  }
  for (const auto& [name, sort] : kOtherNames) {
    if (field.name() == name) return FindRowSort(sort);
  }
  RowSort referred = nullptr;
  size_t longest = 0;
  for (const auto& [sort, id] : IdFields()) {
    if (field.name() != id && !absl::EndsWith(field.name(), absl::StrCat("_", id))) continue;
    if (id.size() < longest) continue;
    referred = sort;
    longest = id.size();
  }
  return referred;
}

const std::vector<References::Field>& References::FieldsWithin(RowSort own,
                                                               const Descriptor& type) {
  const auto [place, is_new] = fields_.try_emplace({own, &type});
  if (!is_new) return place->second;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    const RowSort sort = ReferredSort(own, *field);
    if (sort != nullptr || field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      place->second.emplace_back(field, sort);
    }
  }
  return place->second;
}

bool References::AreIn(RowSort sort) { return !FieldsWithin(sort, *sort->message_type()).empty(); }

void References::ForEach(RowSort own, const Message& row,
                         absl::FunctionRef<void(RowSort, const std::string& id)> visit) {
  const auto& reflection = *row.GetReflection();
  std::string unused;
  for (const auto& [field, sort] : FieldsWithin(own, *row.GetDescriptor())) {
    const bool repeated = field->is_repeated();
    if (!repeated && !reflection.HasField(row, field)) continue;
    const int size = repeated ? reflection.FieldSize(row, field) : 1;
    for (int i = 0; i < size; ++i) {
      if (sort == nullptr) {
        ForEach(own,
                repeated ? reflection.GetRepeatedMessage(row, field, i)
                         : reflection.GetMessage(row, field),
                visit);
        continue;
      }
      const std::string& id = repeated
                                  ? reflection.GetRepeatedStringReference(row, field, i, &unused)
                                  : reflection.GetStringReference(row, field, &unused);
      if (!id.empty()) visit(sort, id);
    }
  }
}

void References::ForEachMutable(
    RowSort own, Message* row,
    absl::FunctionRef<void(RowSort, const std::string& path, std::string& id)> visit,
    const std::string& prefix) {
  const auto& reflection = *row->GetReflection();
  for (const auto& [field, sort] : FieldsWithin(own, *row->GetDescriptor())) {
    const bool repeated = field->is_repeated();
    if (!repeated && !reflection.HasField(*row, field)) continue;
    const int size = repeated ? reflection.FieldSize(*row, field) : 1;
    for (int i = 0; i < size; ++i) {
      const std::string path =
          absl::StrCat(prefix, field->name(), repeated ? absl::StrCat("[", i, "]") : "");
      if (sort == nullptr) {
        ForEachMutable(own,
                       repeated ? reflection.MutableRepeatedMessage(row, field, i)
                                : reflection.MutableMessage(row, field),
                       visit, path + ".");
        continue;
      }
      std::string id = repeated ? reflection.GetRepeatedString(*row, field, i)
                                : reflection.GetString(*row, field);
      if (id.empty()) continue;
      visit(sort, path, id);
      if (repeated) {
        reflection.SetRepeatedString(row, field, i, std::move(id));
      } else {
        reflection.SetString(row, field, std::move(id));
      }
    }
  }
}

}  // namespace klynge::organisation
