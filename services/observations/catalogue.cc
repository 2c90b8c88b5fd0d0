#include "services/observations/catalogue.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <tuple>

#include "klynge/observations/v1/errors.pb.h"
#include "services/platform/rpc/status.h"
#include "services/platform/rpc/validation.h"

namespace klynge::observations {

absl::StatusOr<std::shared_ptr<const Instrument>> Catalogue::FindInstrument(
    absl::string_view instrument_id, int version) const {
  auto found = instruments.find(instrument_id);
  const int newest = found == instruments.end() ? 0 : static_cast<int>(found->second.size());
  if (newest > 0 && version >= 0 && version <= newest) {
    return found->second[(version == 0 ? newest : version) - 1];
  }
  if (instrument_id.empty()) return FieldMissing("instrument_id");
  return NotFound(v1::ERROR_REASON_INSTRUMENT_NOT_FOUND,
                  newest == 0 ? absl::StrCat("no instrument \"", instrument_id,
                                             "\"; ListInstruments shows those there are")
                              : absl::StrCat("instrument \"", instrument_id,
                                             "\" has versions 1 to ", newest, ", not ", version),
                  {{"instrument_id", std::string(instrument_id)}});
}

const Round* Catalogue::FindRound(absl::string_view round_id) const {
  auto found = rounds.find(round_id);
  return found == rounds.end() ? nullptr : found->second.get();
}

absl::StatusOr<std::shared_ptr<const Round>> Catalogue::RequireRound(
    absl::string_view round_id) const {
  auto found = rounds.find(round_id);
  if (found != rounds.end()) return found->second;
  if (round_id.empty()) return FieldMissing("round_id");
  return NotFound(v1::ERROR_REASON_ROUND_NOT_FOUND,
                  absl::StrCat("no round \"", round_id, "\"; ListRounds shows those there are"),
                  {{"round_id", std::string(round_id)}});
}

std::vector<std::shared_ptr<const Round>> Catalogue::RoundsInOrder() const {
  std::vector<std::shared_ptr<const Round>> list;
  for (const auto& [id, round] : rounds) list.push_back(round);
  std::stable_sort(list.begin(), list.end(),
                   [](const auto& a, const auto& b) { return a->opens < b->opens; });
  return list;
}

}  // namespace klynge::observations
