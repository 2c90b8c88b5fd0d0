#include "services/organisation/import_differences.h"

#include <map>

#include "services/organisation/all_tables.h"
#include "services/organisation/cell_text.h"

namespace klynge::organisation {
namespace {

using google::protobuf::Message;
using Changes = google::protobuf::RepeatedPtrField<type::v1::FieldChange>;

constexpr size_t kMaxValueBytes = 200;

// Cut, between two letters, where it is longer.
std::string Shortened(std::string text) {
  if (text.size() <= kMaxValueBytes) return text;
  size_t end = kMaxValueBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  text.resize(end);
  return text + "…";
}

class Differences {
 public:
  Differences(const Tree& before, const std::vector<ImportRow>& rows,
              const std::vector<int>& places, const ImportPlan& plan,
              v1::ImportOrganisationResponse* response)
      : before_(before), response_(*response) {
    for (size_t i = 0; i < rows.size(); ++i) {
      if (plan.verdicts[i].result == RowResult::kUpdated) outcomes_[rows[i].key()] = places[i];
    }
  }

  template <class Thing>
  void Add(const std::vector<Write<Thing>>& writes) {
    for (const auto& [thing, created] : writes) {
      if (created) continue;
      const Thing* stored = FindSame(ListOf<Thing>(before_.organisation()), thing);
      typename Kept<Thing>::Proto was, is;
      ToProto(*stored, &was);
      ToProto(thing, &is);
      Compare(was, is, ChangesOf(thing, is));
    }
  }

 private:
  // The list in the outcome of the row that brings the thing, or in a new side effect.
  template <class Thing, class Proto>
  Changes* ChangesOf(const Thing& thing, const Proto& proto) {
    const auto row = outcomes_.find(
        std::tuple_cat(std::tuple(AnyThing(absl::in_place_type_t<Thing>()).index()), KeyOf(thing)));
    if (row != outcomes_.end()) {
      return response_.mutable_outcomes(row->second)->mutable_changes();
    }
    if (listed_ == kMaxListedChanges) return nullptr;
    v1::SideEffect* effect = response_.add_side_effects();
    effect->set_sort(Kept<Thing>::kWord);
    effect->set_id(IdOf(thing));
    if constexpr (std::is_same_v<Thing, UnitVersion>) effect->set_valid_from(proto.valid_from());
    return effect->mutable_changes();
  }

  void Compare(const Message& was, const Message& is, Changes* changes) {
    for (const RowField& field : FieldsOf(*is.GetDescriptor())) {
      const std::string before = CellOf(field, was);
      const std::string after = CellOf(field, is);
      if (before == after) continue;
      if (changes == nullptr || listed_ == kMaxListedChanges) {
        response_.set_omitted_change_count(response_.omitted_change_count() + 1);
        continue;
      }
      ++listed_;
      type::v1::FieldChange* change = changes->Add();
      change->set_field(field.path());
      change->set_before(Shortened(before));
      change->set_after(Shortened(after));
    }
  }

  const Tree& before_;
  v1::ImportOrganisationResponse& response_;
  std::map<std::tuple<size_t, absl::string_view, Date>, int> outcomes_;
  int listed_ = 0;
};

}  // namespace

void SetDifferences(const Tree& before, const std::vector<ImportRow>& rows,
                    const std::vector<int>& places, const ImportPlan& plan,
                    v1::ImportOrganisationResponse* response) {
  Differences differences(before, rows, places, plan, response);
  ForEachSort([&](auto sort) { differences.Add(ListOf<typename decltype(sort)::Type>(plan)); });
}

}  // namespace klynge::organisation
