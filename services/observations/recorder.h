// RecordObservations: takes a client's stream of observations, stores it batch by batch and tells
// what became of each.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <memory>
#include <string>
#include <vector>

#include "klynge/observations/v1/observation.pb.h"
#include "services/observations/catalogue.h"
#include "services/observations/observation.h"
#include "services/organisation/client/tree_source.h"
#include "services/platform/rpc/dispatcher.h"
#include "services/platform/sql/database.h"
#include "services/platform/sql/idempotent_stream.h"
#include "services/platform/sql/revisioned.h"

namespace klynge::observations {

// What became of the records so far, within what one answer may hold.
class Outcomes {
 public:
  explicit Outcomes(bool problems_only = false) : problems_only_(problems_only) {}
  void Stored(const std::string& id) { Add(id, type::v1::RowOutcome::OUTCOME_CREATED); }
  void Unchanged(const std::string& id) { Add(id, type::v1::RowOutcome::OUTCOME_UNCHANGED); }
  void Rejected(const std::string& id, const Rejection& rejection);
  // Adds what came of a part of the stream, whose rows are counted from 1.
  void Append(v1::RecordObservationsResponse part);

  v1::RecordObservationsResponse& response() { return response_; }

 private:
  type::v1::RowOutcome* Add(const std::string& id, type::v1::RowOutcome::Outcome outcome);
  void Keep(type::v1::RowOutcome outcome);

  v1::RecordObservationsResponse response_;
  bool problems_only_ = false;
  int64_t rows_ = 0;
  size_t bytes_ = 0;
};

// One stream. Used by one thread at a time.
class Recorder final : public rpc::ClientStreamHandler<v1::RecordObservationsRequest,
                                                       v1::RecordObservationsResponse> {
 public:
  // All must outlive the stream.
  Recorder(sql::Database& database, sql::Revisioned<Catalogue>& catalogue,
           organisation::TreeSource& tree)
      : database_(database), catalogue_(catalogue), tree_(tree) {}

  absl::Status OnBatch(const rpc::Call& call,
                       std::vector<v1::RecordObservationsRequest> batch) override;
  absl::Status OnEnd(const rpc::Call& call, v1::RecordObservationsResponse* response) override;

 private:
  absl::Status TakeOptions(const v1::RecordObservationsOptions& options);
  // A tree that tells whether a unit exists, for what waits: the one held if it knows all units,
  // else the newest. Null when a unit is unknown and the newest cannot be had: then nobody can say.
  std::shared_ptr<const organisation::Tree> TreeForWaiting(const rpc::Call& call);
  // Stores what waits, in one transaction; `last`: the stream has ended.
  absl::Status Store(const rpc::Call& call, bool last);
  // The outcomes of what waits; `fresh` becomes what was stored.
  absl::Status Write(sql::WriteTransaction& transaction, const organisation::Tree* tree,
                     std::vector<Observation>& fresh, v1::RecordObservationsResponse& part);

  sql::Database& database_;
  sql::Revisioned<Catalogue>& catalogue_;
  organisation::TreeSource& tree_;
  bool first_ = true;
  bool validate_only_ = false;
  bool problems_only_ = false;
  sql::IdempotentStream repeats_;
  // With validate_only: what would have been stored by earlier batches.
  absl::flat_hash_map<std::string, Observation> would_be_stored_;
  // Read but not stored yet: gathered over batches, because each transaction waits for the disk,
  // and cut at the same places in a repeat.
  std::vector<v1::Observation> waiting_;
  Outcomes outcomes_;
};

}  // namespace klynge::observations
