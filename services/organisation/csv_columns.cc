#include "services/organisation/csv_columns.h"

#include <absl/algorithm/container.h>
#include <absl/strings/str_cat.h>

#include <set>

#include "services/organisation/all_tables.h"

namespace klynge::organisation {

const std::vector<RowSort>& RowSorts() {
  static const auto* const sorts = [] {
    auto* all = new std::vector<RowSort>();
    ForEachSort([&](auto sort) {
      using Thing = typename decltype(sort)::Type;
      RowSort field =
          v1::ImportOrganisationRequest::descriptor()->FindFieldByName(Kept<Thing>::kWord);
      if (field != nullptr) all->push_back(field);
    });
    return all;
  }();
  return *sorts;
}

RowSort FindRowSort(absl::string_view name) {
  const auto found =
      absl::c_find_if(RowSorts(), [&](RowSort sort) { return sort->name() == name; });
  return found == RowSorts().end() ? nullptr : *found;
}

std::vector<std::string> ColumnsOf(const std::vector<RowSort>& sorts) {
  std::vector<std::string> columns = {kSortColumn};
  std::set<std::string> known;
  for (RowSort sort : sorts) {
    for (const RowField& field : FieldsOf(*sort->message_type())) {
      if (known.insert(field.path()).second) columns.push_back(field.path());
    }
  }
  return columns;
}

CsvColumns::CsvColumns(std::vector<std::string> names, Violations& violations)
    : names_(std::move(names)) {
  const std::vector<std::string> all = ColumnsOf(RowSorts());
  const std::set<std::string> known(all.begin() + 1, all.end());
  std::set<std::string> seen;
  if (names_[0] != kSortColumn) {
    violations.Add("file_chunk", absl::StrCat("line 1 must begin with the column \"", kSortColumn,
                                              "\", was \"", names_[0].substr(0, 100), "\""));
  }
  for (size_t i = 1; i < names_.size(); ++i) {
    const std::string shown = names_[i].substr(0, 100);
    if (!known.contains(names_[i])) {
      violations.Add("file_chunk", absl::StrCat("line 1, column ", i + 1, ": \"", shown,
                                                "\" is not a field of any sort"));
    } else if (!seen.insert(names_[i]).second) {
      violations.Add("file_chunk",
                     absl::StrCat("line 1, column ", i + 1, ": \"", shown, "\" comes twice"));
    }
  }
}

const std::vector<const RowField*>& CsvColumns::For(RowSort sort) {
  const auto [place, is_new] = fields_.try_emplace(sort);
  if (!is_new) return place->second;
  for (const std::string& name : names_) {
    const auto& fields = FieldsOf(*sort->message_type());
    const auto field =
        absl::c_find_if(fields, [&](const RowField& each) { return each.path() == name; });
    place->second.push_back(field == fields.end() ? nullptr : &*field);
  }
  return place->second;
}

}  // namespace klynge::organisation
