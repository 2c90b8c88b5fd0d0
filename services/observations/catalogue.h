// Everything the service answers from memory: instruments, rounds and the figures of closed rounds.
#pragma once

#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "services/observations/instrument.h"
#include "services/observations/round.h"

namespace klynge::observations {

// Immutable once made; a newer one shares what has not changed. Any number of threads may read it.
struct Catalogue {
  // Versions of each instrument: version v at place v − 1.
  std::map<std::string, std::vector<std::shared_ptr<const Instrument>>, std::less<>> instruments;
  std::map<std::string, std::shared_ptr<const Round>, std::less<>> rounds;
  std::map<int64_t, std::string> round_ids;  // by number

  // `version` 0 is the newest. kNotFound, INSTRUMENT_NOT_FOUND.
  absl::StatusOr<std::shared_ptr<const Instrument>> FindInstrument(absl::string_view instrument_id,
                                                                   int version) const;
  // Null when there is none.
  const Round* FindRound(absl::string_view round_id) const;
  // kNotFound, ROUND_NOT_FOUND.
  absl::StatusOr<std::shared_ptr<const Round>> RequireRound(absl::string_view round_id) const;
  // By opening day, then by id.
  std::vector<std::shared_ptr<const Round>> RoundsInOrder() const;
};

}  // namespace klynge::observations
