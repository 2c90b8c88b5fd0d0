// The receiving end of ImportOrganisation: gathers the rows of one stream, sent one by one or as a
// file, then judges and stores them in one transaction, so that a stream that breaks off leaves
// nothing behind.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "klynge/organisation/v1/import.pb.h"
#include "services/organisation/client/tree.h"
#include "services/organisation/row_file.h"
#include "services/platform/rpc/dispatcher.h"
#include "services/platform/sql/database.h"
#include "services/platform/sql/idempotent_stream.h"
#include "services/platform/sql/revisioned.h"

namespace klynge::organisation {

// One for each call.
class ImportStream final : public rpc::ClientStreamHandler<v1::ImportOrganisationRequest,
                                                           v1::ImportOrganisationResponse> {
 public:
  static constexpr size_t kMaxRows = 50'000;
  static constexpr size_t kMaxBytes = 64 << 20;  // of all messages
  static constexpr size_t kMaxChunkBytes = 1 << 20;

  ImportStream(sql::Database& database, sql::Revisioned<Tree>& trees)
      : database_(database), trees_(trees) {}

  absl::Status OnBatch(const rpc::Call& call,
                       std::vector<v1::ImportOrganisationRequest> batch) override;
  absl::Status OnEnd(const rpc::Call& call, v1::ImportOrganisationResponse* response) override;

 private:
  absl::Status Take(v1::ImportOrganisationRequest& message);
  absl::Status TakeOptions(const v1::ImportOptions& options, bool first);
  absl::Status TakeChunk(const std::string& chunk);
  absl::Status TakeRow(v1::ImportOrganisationRequest& message);
  absl::Status Import(sql::WriteTransaction& transaction, v1::ImportOrganisationResponse* response);

  sql::Database& database_;
  sql::Revisioned<Tree>& trees_;
  bool first_ = true;
  v1::ImportOptions options_;
  std::unique_ptr<RowFile> file_;  // null when rows are sent one by one
  std::vector<ReceivedRow> rows_;
  size_t bytes_ = 0;
  sql::IdempotentStream repeats_;
};

}  // namespace klynge::organisation
