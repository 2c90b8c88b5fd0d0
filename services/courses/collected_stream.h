// A client stream that is answered as a whole: rows are kept until the client has sent them all,
// and then handled in one go, so that a broken stream leaves nothing behind.
#pragma once

#include <functional>
#include <iterator>
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
    std::move(batch.begin(), batch.end(), std::back_inserter(rows_));
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
