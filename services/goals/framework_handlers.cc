#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include "klynge/goals/v1/errors.pb.h"
#include "services/goals/goal_convert.h"
#include "services/goals/goals_service.h"
#include "services/goals/placement.h"
#include "services/platform/rpc/page_token.h"

namespace klynge::goals {
namespace {

// The version that the framework is to get. Zero: it is the newest one already.
absl::StatusOr<int> VersionFor(const GoalBook& book, const v1::Framework& wanted) {
  const FrameworkPointer newest = book.FindFramework(wanted.framework_id(), 0);
  const int next = newest ? newest->content.version() + 1 : 1;
  if (wanted.version() == 0) {
    return newest && SameContent(newest->content, wanted) ? 0 : next;
  }
  const FrameworkPointer there = book.FindFramework(wanted.framework_id(), wanted.version());
  if (there && SameContent(there->content, wanted)) return 0;
  if (there) {
    return AlreadyExists(v1::ERROR_REASON_FRAMEWORK_VERSION_PUBLISHED,
                         absl::StrCat("version ", wanted.version(), " of ", wanted.framework_id(),
                                      " is published with other content; leave version at 0 to "
                                      "publish version ",
                                      next));
  }
  if (wanted.version() == next) return next;
  Violations violations;
  violations.Add("framework.version",
                 absl::StrCat(wanted.version(), " is not the next one; 0 or ", next));
  return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS);
}

}  // namespace

absl::Status GoalsService::HandlePublishFramework(const Call& call,
                                                  const v1::PublishFrameworkRequest& request,
                                                  v1::PublishFrameworkResponse* response) {
  Violations violations;
  CheckFramework(request.framework(), violations);
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  const auto publish = [&](Transaction& transaction) -> absl::Status {
    KLYNGE_ASSIGN_OR_RETURN(auto book, books_.InWrite(transaction));
    v1::Framework framework = request.framework();
    KLYNGE_ASSIGN_OR_RETURN(int version, VersionFor(*book, framework));
    response->set_framework_id(framework.framework_id());
    response->set_unchanged(version == 0);
    if (version == 0) {
      const auto there = book->FindFramework(framework.framework_id(), framework.version());
      response->set_version(there->content.version());
      transaction.Discard();
      return absl::OkStatus();
    }
    response->set_version(version);
    framework.set_version(version);
    *framework.mutable_published_at() = Timestamp(transaction.now());
    transaction.Audit({"framework", framework.framework_id(), "publish",
                       absl::StrCat("{\"version\":", version, "}")});
    return InsertFramework(transaction, framework);
  };
  return sql::IdempotentWrite(database_, call, request, response, publish);
}

absl::Status GoalsService::HandleGetFramework(const Call&, const BookAt& book,
                                              const v1::GetFrameworkRequest& request,
                                              v1::GetFrameworkResponse* response) {
  const auto framework = book.book->FindFramework(request.framework_id(), request.version());
  if (!framework) return FrameworkNotFound(request.framework_id(), request.version());
  *response->mutable_framework() = framework->content;
  response->set_revision(book.revision);
  return absl::OkStatus();
}

absl::Status GoalsService::HandleListFrameworks(const Call&, const BookAt& book,
                                                const v1::ListFrameworksRequest& request,
                                                v1::ListFrameworksResponse* response) {
  KLYNGE_ASSIGN_OR_RETURN(const int page_size, rpc::PageSize(request.page_size()));
  KLYNGE_ASSIGN_OR_RETURN(const std::string position, rpc::PagePosition(request));
  size_t at = 0;
  if (!position.empty() && !absl::SimpleAtoi(position, &at)) at = 0;
  response->set_revision(book.revision);
  // Versions are only ever added at the end, so a place in the list stays what it is.
  const auto& frameworks = book.book->frameworks();
  for (; at < frameworks.size(); ++at) {
    const v1::Framework& content = frameworks[at]->content;
    if (!request.framework_id().empty() && content.framework_id() != request.framework_id()) {
      continue;
    }
    if (response->frameworks_size() == page_size) {
      response->set_next_page_token(rpc::MakePageToken(request, absl::StrCat(at)));
      break;
    }
    auto* summary = response->add_frameworks();
    summary->mutable_framework()->set_framework_id(content.framework_id());
    summary->mutable_framework()->set_version(content.version());
    *summary->mutable_framework()->mutable_label() = content.label();
    *summary->mutable_framework()->mutable_published_at() = content.published_at();
    summary->set_core_area_count(content.core_areas_size());
    summary->set_latest(book.book->FindFramework(content.framework_id(), 0) == frameworks[at]);
  }
  return absl::OkStatus();
}

}  // namespace klynge::goals
