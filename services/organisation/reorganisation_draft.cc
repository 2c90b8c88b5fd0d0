#include "services/organisation/reorganisation_draft.h"

#include <algorithm>
#include <set>

#include "services/organisation/content.h"

namespace klynge::organisation {
std::vector<UnitVersion> ReorganisationDraft::Versions(absl::string_view unit_id) const {
  std::vector<UnitVersion> versions;
  for (const UnitVersion* stored : before_.Versions(unit_id)) versions.push_back(*stored);
  const size_t sort = AnyThing(UnitVersion{}).index();
  const std::string id(unit_id);
  for (auto changed = changed_.lower_bound({sort, id, kOpenStart});
       changed != changed_.end() && std::get<0>(changed->first) == sort &&
       std::get<1>(changed->first) == id;
       ++changed) {
    const auto& version = absl::get<UnitVersion>(changed->second.thing);
    auto place = std::find_if(versions.begin(), versions.end(), [&](const UnitVersion& other) {
      return other.valid.from >= version.valid.from;
    });
    if (place != versions.end() && place->valid.from == version.valid.from) {
      *place = version;
    } else {
      versions.insert(place, version);
    }
  }
  for (size_t i = 0; i + 1 < versions.size(); ++i) {
    versions[i].valid.to = std::min(versions[i].valid.to, versions[i + 1].valid.from);
  }
  return versions;
}

absl::optional<UnitVersion> ReorganisationDraft::FindUnit(absl::string_view unit_id,
                                                          Date on) const {
  for (UnitVersion& version : Versions(unit_id)) {
    if (version.valid.Contains(on)) return std::move(version);
  }
  return absl::nullopt;
}

std::vector<UnitVersion> ReorganisationDraft::VersionsUnder(absl::string_view unit_id) const {
  std::set<std::string> ids;
  for (const UnitVersion& version :
       Find<UnitVersion>([&](const UnitVersion& each) { return each.parent_id == unit_id; })) {
    ids.insert(version.unit_id);
  }
  std::vector<UnitVersion> under;
  for (const std::string& id : ids) {
    for (UnitVersion& version : Versions(id)) {
      if (version.parent_id == unit_id && version.valid.to > on_) {
        under.push_back(std::move(version));
      }
    }
  }
  return under;
}

ReorganisationDraft::Rows ReorganisationDraft::ToRows() const {
  Rows rows;
  for (const auto& [key, changed] : changed_) {
    v1::ImportOrganisationRequest message;
    absl::visit([&message](const auto& thing) { SetContent(thing, &message); }, changed.thing);
    rows.rows.push_back(ParseRow(message));
    rows.messages.push_back(std::move(message));
    rows.steps.push_back(changed.step);
  }
  return rows;
}

}  // namespace klynge::organisation
