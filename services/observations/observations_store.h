// The observations service's SQL. The same text on both engines; each function runs in the caller's
// transaction and returns the database's errors.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <vector>

#include "services/observations/catalogue.h"
#include "services/observations/observation.h"
#include "services/platform/sql/database.h"

namespace klynge::observations {

// The catalogue as of what `session` reads. What has not changed since `previous` (may be null) is
// shared with it, so the cost is that of the changes.
absl::StatusOr<std::shared_ptr<const Catalogue>> LoadCatalogue(
    sql::Session& session, std::shared_ptr<const Catalogue> previous, int64_t previous_revision);

// Stores a version that is not there yet; its version and published_at must be set.
absl::Status InsertInstrument(sql::WriteTransaction& transaction, const v1::Instrument& instrument);

// Stores a new round; its number becomes the transaction's revision.
absl::Status InsertRound(sql::WriteTransaction& transaction, const Round& round);

// The stored observations among these ids, by id.
absl::StatusOr<absl::flat_hash_map<std::string, Observation>> FindObservations(
    sql::Session& session, const std::vector<std::string>& observation_ids);

// Stores observations whose ids are not in use. Their rounds must be in `catalogue`, which must be
// that of the transaction.
absl::Status InsertObservations(sql::WriteTransaction& transaction, const Catalogue& catalogue,
                                const std::vector<Observation>& observations);

// Closes an open round and stores what its figures are made from. Reads all its observations, some
// thousands at a time.
absl::Status CloseRound(sql::WriteTransaction& transaction, const Round& round);

}  // namespace klynge::observations
