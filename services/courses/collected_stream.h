// A client stream that is answered as a whole: rows are kept until the client has sent them all,
// and then handled in one go, so that a broken stream leaves nothing behind.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "klynge/courses/v1/errors.pb.h"
#include "services/platform/rpc/dispatcher.h"
#include "services/platform/rpc/status.h"

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
      return FailedPrecondition(v1::ERROR_REASON_TOO_MANY_ROWS,
                                absl::StrCat("a stream carries at most ", kMaxRows,
                                             " rows; send the rest in another call"));
    }
    for (Request& row : batch) {
      // Rather refused than stored although only a check was asked for.
      if (!rows_.empty() && row.validate_only() && !rows_.front().validate_only()) {
        Violations violations;
        violations.Add("validate_only",
                       "came after the first row; nothing was written: set it on the first row");
        return violations.ToStatus(v1::ERROR_REASON_INVALID_STREAM);
      }
      rows_.push_back(std::move(row));
    }
    return absl::OkStatus();
  }

  absl::Status OnEnd(const rpc::Call& call, Response* response) override {
    return handler_(call, rows_, response);
  }

 private:
  const Handler handler_;
  std::vector<Request> rows_;
};

}  // namespace klynge::courses
