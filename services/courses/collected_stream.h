// A client stream that is answered as a whole: rows are kept until the client has sent them all,
// and then handled in one go, so that a broken stream leaves nothing behind. What holds for the
// whole stream, validate_only and request_id, stands on the first row.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "klynge/courses/v1/errors.pb.h"
#include "services/platform/rpc/dispatcher.h"
#include "services/platform/rpc/status.h"
#include "services/platform/rpc/validation.h"
#include "services/platform/sql/idempotent_stream.h"

namespace klynge::courses {

template <class Request, class Response>
class CollectedStream final : public rpc::ClientStreamHandler<Request, Response> {
 public:
  using Handler =
      std::function<absl::Status(const rpc::Call&, const std::vector<Request>&, Response*)>;
  static constexpr size_t kMaxRows = 50'000;

  explicit CollectedStream(Handler handler) : handler_(std::move(handler)) {}

  absl::Status OnBatch(const rpc::Call&, std::vector<Request> batch) override {
    if (rows_.size() + batch.size() > kMaxRows) {
      return InvalidArgument(v1::ERROR_REASON_TOO_MANY_ROWS,
                             absl::StrCat("a stream carries at most ", kMaxRows,
                                          " rows; send the rest in another call"));
    }
    for (Request& row : batch) {
      KLYNGE_RETURN_IF_ERROR(rows_.empty() ? CheckFirst(row) : CheckLater(row));
      rows_.push_back(std::move(row));
    }
    return absl::OkStatus();
  }

  absl::Status OnEnd(const rpc::Call& call, Response* response) override {
    return handler_(call, rows_, response);
  }

 private:
  static absl::Status CheckFirst(const Request& row) {
    Violations violations;
    CheckRequestId(violations, row.request_id());
    return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS);
  }

  // Rather refused than stored although only a check was asked for.
  absl::Status CheckLater(const Request& row) const {
    const char* const late = "came after the first row; nothing was written: set it on the first";
    Violations violations;
    if (row.validate_only() && !rows_.front().validate_only()) {
      violations.Add("validate_only", late);
    }
    if (!row.request_id().empty() && row.request_id() != rows_.front().request_id()) {
      violations.Add("request_id", late);
    }
    return violations.ToStatus(v1::ERROR_REASON_INVALID_STREAM);
  }

  const Handler handler_;
  std::vector<Request> rows_;
};

// Writes what a collected stream asks for, in one transaction; a repeat of the stream gets the
// first answer.
template <class Request>
absl::Status WriteCollected(sql::Database& database, const rpc::Call& call,
                            const std::vector<Request>& rows, google::protobuf::Message* response,
                            const sql::WriteBody& body) {
  const Request& first = rows.empty() ? Request::default_instance() : rows.front();
  sql::IdempotentStream repeats(first.request_id());
  for (const Request& row : rows) repeats.Received(row);
  return repeats.WritePart(database,
                           {call.method, call.actor, call.deadline, first.validate_only()},
                           /*last=*/true, response, body);
}

}  // namespace klynge::courses
