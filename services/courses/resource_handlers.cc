#include "absl/strings/str_cat.h"
#include "google/protobuf/util/message_differencer.h"
#include "klynge/courses/v1/errors.pb.h"
#include "services/courses/collected_stream.h"
#include "services/courses/courses_service.h"
#include "services/courses/resource.h"
#include "services/platform/rpc/row_outcome.h"

namespace klynge::courses {
namespace {

using google::protobuf::util::MessageDifferencer;
using type::v1::RowOutcome;

// What is stored and what the rows so far have made of it.
template <class Resource>
class Changes {
 public:
  explicit Changes(const std::map<std::string, Resource>& stored) : stored_(stored) {}

  RowOutcome::Outcome Take(const std::string& id, const Resource& resource) {
    auto changed = changed_.find(id);
    auto before = stored_.find(id);
    const Resource* held = changed != changed_.end() ? &changed->second
                           : before != stored_.end() ? &before->second
                                                     : nullptr;
    if (held != nullptr && MessageDifferencer::Equals(*held, resource)) {
      return RowOutcome::OUTCOME_UNCHANGED;
    }
    changed_[id] = resource;
    return held == nullptr ? RowOutcome::OUTCOME_CREATED : RowOutcome::OUTCOME_UPDATED;
  }

  std::vector<Resource> list() const {
    std::vector<Resource> list;
    for (const auto& [id, resource] : changed_) list.push_back(resource);
    return list;
  }

 private:
  const std::map<std::string, Resource>& stored_;
  std::map<std::string, Resource> changed_;
};

absl::Status CheckRow(const v1::ImportResourcesRequest& row) {
  Violations violations;
  rpc::CheckText(violations, "", row);
  if (row.has_venue()) {
    CheckVenue(row.venue(), violations);
  } else if (row.has_lecturer()) {
    CheckLecturer(row.lecturer(), violations);
  } else {
    violations.Add("row", "is empty; give a venue or a lecturer");
  }
  return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS);
}

void Count(RowOutcome::Outcome outcome, v1::ImportResourcesResponse* response) {
  if (outcome == RowOutcome::OUTCOME_CREATED) response->set_created(response->created() + 1);
  if (outcome == RowOutcome::OUTCOME_UPDATED) response->set_updated(response->updated() + 1);
  if (outcome == RowOutcome::OUTCOME_UNCHANGED) response->set_unchanged(response->unchanged() + 1);
  if (outcome == RowOutcome::OUTCOME_REJECTED) response->set_rejected(response->rejected() + 1);
}

void TakeRows(const std::vector<v1::ImportResourcesRequest>& rows, Changes<v1::Venue>& venues,
              Changes<v1::Lecturer>& lecturers, v1::ImportResourcesResponse* response) {
  for (const auto& row : rows) {
    const int64_t number = response->outcomes_size() + 1;
    const std::string& id = row.has_venue() ? row.venue().venue_id() : row.lecturer().lecturer_id();
    RowOutcome outcome;
    if (absl::Status checked = CheckRow(row); !checked.ok()) {
      outcome = rpc::RejectedRow(number, id, checked);
    } else {
      outcome.set_row(number);
      outcome.set_id(id);
      outcome.set_outcome(row.has_venue() ? venues.Take(id, row.venue())
                                          : lecturers.Take(id, row.lecturer()));
    }
    Count(outcome.outcome(), response);
    *response->add_outcomes() = std::move(outcome);
  }
}

}  // namespace

absl::Status CoursesService::Import(const rpc::Call& call,
                                    const std::vector<v1::ImportResourcesRequest>& rows,
                                    v1::ImportResourcesResponse* response) {
  return WriteCollected(
      database_, call, rows, response, [&](sql::WriteTransaction& transaction) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(auto model, courses_.InWrite(transaction));
        Changes<v1::Venue> venues(model->venues);
        Changes<v1::Lecturer> lecturers(model->lecturers);
        TakeRows(rows, venues, lecturers, response);
        const auto new_venues = venues.list();
        const auto new_lecturers = lecturers.list();
        if (new_venues.empty() && new_lecturers.empty()) {
          transaction.Discard();
          return absl::OkStatus();
        }
        KLYNGE_RETURN_IF_ERROR(StoreVenues(transaction, new_venues));
        KLYNGE_RETURN_IF_ERROR(StoreLecturers(transaction, new_lecturers));
        for (const auto& venue : new_venues) {
          KLYNGE_RETURN_IF_ERROR(Audit(transaction, "venue", venue.venue_id(), "import", venue));
        }
        for (const auto& lecturer : new_lecturers) {
          KLYNGE_RETURN_IF_ERROR(
              Audit(transaction, "lecturer", lecturer.lecturer_id(), "import", lecturer));
        }
        return absl::OkStatus();
      });
}

}  // namespace klynge::courses
