#include "services/observations/instrument.h"

#include <absl/strings/str_cat.h>

#include "klynge/observations/v1/errors.pb.h"
#include "services/platform/rpc/validation.h"

namespace klynge::observations {
namespace {

constexpr int kMaxScales = 20;
constexpr int kMaxItems = 500;
constexpr int kMaxWidth = 20;  // a rating is stored as one character
constexpr int kMaxRating = 1'000;
constexpr size_t kMaxDescription = 4'000;

using Codes = absl::flat_hash_set<std::string>;

void RequireLabel(Violations& violations, const std::string& field,
                  const type::v1::LocalizedText& label, size_t max_bytes = 500) {
  RequireText(violations, field + ".da", label.da(), max_bytes);
  if (!label.en().empty()) RequireText(violations, field + ".en", label.en(), max_bytes);
}

void RequireNewId(Violations& violations, const std::string& field, const std::string& id,
                  Codes& seen) {
  RequireId(violations, field, id);
  if (!seen.insert(id).second) {
    violations.Add(field, absl::StrCat("\"", id, "\" comes twice; give each its own"));
  }
}

void RequireCount(Violations& violations, const std::string& field, int count, int most) {
  if (count < 1 || count > most) {
    violations.Add(field, absl::StrCat("has ", count, " entries; 1 to ", most, " are allowed"));
  }
}

Codes CheckCodes(Violations& violations, const std::string& field,
                 const google::protobuf::RepeatedPtrField<v1::CodeLabel>& list) {
  Codes codes;
  RequireCount(violations, field, list.size(), 100);
  for (int i = 0; i < list.size(); ++i) {
    const std::string at = absl::StrCat(field, "[", i, "]");
    RequireNewId(violations, at + ".code", list[i].code(), codes);
    RequireLabel(violations, at + ".label", list[i].label());
  }
  return codes;
}

void CheckScale(Violations& violations, const std::string& at, const v1::Scale& scale) {
  RequireLabel(violations, at + ".label", scale.label());
  if (scale.minimum() < 0 || scale.minimum() > kMaxRating) {
    violations.Add(at + ".minimum",
                   absl::StrCat("is ", scale.minimum(), "; 0 to ", kMaxRating, " are allowed"));
  }
  // Wider than what is sent, so that no pair of bounds overflows.
  const int64_t width = int64_t{scale.maximum()} - scale.minimum();
  if (width <= 0 || width >= kMaxWidth) {
    violations.Add(at + ".maximum",
                   absl::StrCat("is ", scale.maximum(), "; must lie above minimum and at most ",
                                kMaxWidth - 1, " above it"));
  }
  if (scale.favourable_from() <= scale.minimum() || scale.favourable_from() > scale.maximum()) {
    violations.Add(at + ".favourable_from",
                   absl::StrCat("is ", scale.favourable_from(),
                                "; must lie above minimum and not above maximum"));
  }
  absl::flat_hash_set<int> points;
  for (int i = 0; i < scale.points_size(); ++i) {
    const v1::ScalePoint& point = scale.points(i);
    const std::string point_at = absl::StrCat(at, ".points[", i, "]");
    if (point.value() < scale.minimum() || point.value() > scale.maximum()) {
      violations.Add(point_at + ".value",
                     absl::StrCat("is ", point.value(), "; the scale goes from ", scale.minimum(),
                                  " to ", scale.maximum()));
    }
    if (!points.insert(point.value()).second) {
      violations.Add(point_at + ".value", absl::StrCat(point.value(), " comes twice"));
    }
    RequireLabel(violations, point_at + ".label", point.label());
  }
}

void CheckItem(Violations& violations, const std::string& at, const v1::Item& item,
               const Codes& scales, const Codes& quality_areas) {
  RequireLabel(violations, at + ".text", item.text());
  if (!scales.contains(item.scale_id())) {
    violations.Add(at + ".scale_id",
                   absl::StrCat("\"", item.scale_id(), "\" is none of the instrument's scales"));
  }
  if (!quality_areas.contains(item.quality_area())) {
    violations.Add(at + ".quality_area",
                   absl::StrCat("\"", item.quality_area(), "\" is none of the quality areas"));
  }
  if (!item.guidepost_code().empty()) {
    RequireId(violations, at + ".guidepost_code", item.guidepost_code());
  }
}

}  // namespace

absl::Status CheckInstrument(const v1::Instrument& instrument) {
  Violations violations;
  const std::string at = "instrument";
  RequireId(violations, at + ".instrument_id", instrument.instrument_id());
  if (instrument.version() < 0) {
    violations.Add(at + ".version", "is negative; 0 means the next one");
  }
  RequireLabel(violations, at + ".label", instrument.label());
  if (instrument.has_description()) {
    RequireLabel(violations, at + ".description", instrument.description(), kMaxDescription);
  }
  Codes scales;
  RequireCount(violations, at + ".scales", instrument.scales_size(), kMaxScales);
  for (int i = 0; i < instrument.scales_size(); ++i) {
    const std::string scale_at = absl::StrCat(at, ".scales[", i, "]");
    RequireNewId(violations, scale_at + ".scale_id", instrument.scales(i).scale_id(), scales);
    CheckScale(violations, scale_at, instrument.scales(i));
  }
  const Codes quality_areas =
      CheckCodes(violations, at + ".quality_areas", instrument.quality_areas());
  CheckCodes(violations, at + ".perspectives", instrument.perspectives());
  CheckCodes(violations, at + ".observer_roles", instrument.observer_roles());
  Codes items;
  RequireCount(violations, at + ".items", instrument.items_size(), kMaxItems);
  for (int i = 0; i < instrument.items_size(); ++i) {
    const std::string item_at = absl::StrCat(at, ".items[", i, "]");
    RequireNewId(violations, item_at + ".item_id", instrument.items(i).item_id(), items);
    CheckItem(violations, item_at, instrument.items(i), scales, quality_areas);
  }
  return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS);
}

bool SameContent(const v1::Instrument& a, const v1::Instrument& b) {
  const auto content = [](v1::Instrument instrument) {
    instrument.clear_version();
    instrument.clear_published_at();
    return instrument.SerializeAsString();
  };
  return content(a) == content(b);
}

Instrument::Instrument(v1::Instrument published) : proto_(std::move(published)) {
  absl::flat_hash_map<std::string, const v1::Scale*> scales;
  for (const v1::Scale& scale : proto_.scales()) scales.emplace(scale.scale_id(), &scale);
  for (const v1::Item& item : proto_.items()) {
    const v1::Scale& scale = *scales.at(item.scale_id());
    by_id_.emplace(item.item_id(), static_cast<int>(items_.size()));
    items_.push_back({item.item_id(), item.scale_id(), item.quality_area(), item.guidepost_code(),
                      scale.minimum(), scale.maximum(), scale.favourable_from()});
  }
  for (const v1::CodeLabel& perspective : proto_.perspectives()) {
    perspectives_.insert(perspective.code());
  }
  for (const v1::CodeLabel& role : proto_.observer_roles()) observer_roles_.insert(role.code());
}

int Instrument::FindItem(absl::string_view item_id) const {
  auto found = by_id_.find(item_id);
  return found == by_id_.end() ? -1 : found->second;
}

}  // namespace klynge::observations
