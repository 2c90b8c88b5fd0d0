#include "absl/strings/str_cat.h"
#include "services/courses/attendance.h"
#include "services/courses/collected_stream.h"
#include "services/courses/courses_service.h"
#include "services/platform/rpc/row_outcome.h"

namespace klynge::courses {
namespace {

// The marks of one stream that differ from what is stored, each person once a session: the last
// counts.
class MarkChanges {
 public:
  void Take(const ProgrammeRecord& record, const RecordedMark& mark,
            v1::RecordAttendanceResponse* response) {
    const std::string& programme = record.programme.programme_id();
    const auto key = std::make_pair(mark.session_id, mark.person_id);
    auto& of_programme = changed_[programme];
    const AttendanceMark* held = Stored(record, mark);
    if (auto earlier = of_programme.find(key); earlier != of_programme.end()) {
      held = &earlier->second.mark;
    }
    if (held != nullptr && held->state == mark.mark.state) {
      response->set_unchanged(response->unchanged() + 1);
      return;
    }
    if (held == nullptr) {
      response->set_created(response->created() + 1);
    } else {
      response->set_updated(response->updated() + 1);
    }
    of_programme[key] = mark;
  }

  // Programme → its marks; only programmes with changes.
  std::map<std::string, std::vector<RecordedMark>> list() const {
    std::map<std::string, std::vector<RecordedMark>> list;
    for (const auto& [programme, marks] : changed_) {
      for (const auto& [key, mark] : marks) list[programme].push_back(mark);
    }
    return list;
  }

 private:
  static const AttendanceMark* Stored(const ProgrammeRecord& record, const RecordedMark& mark) {
    auto session = record.attendance.find(mark.session_id);
    if (session == record.attendance.end()) return nullptr;
    auto person = session->second.find(mark.person_id);
    return person == session->second.end() ? nullptr : &person->second;
  }

  std::map<std::string, std::map<std::pair<std::string, std::string>, RecordedMark>> changed_;
};

// Takes each row or says why it is refused. Errors: kUnavailable when that cannot be said of a row
// while the organisation is away.
absl::Status TakeRows(const std::vector<v1::RecordAttendanceRequest>& rows,
                      const CoursesModel& model,
                      const absl::StatusOr<organisation::CurrentTree>& newest, Date today,
                      MarkChanges& changes, v1::RecordAttendanceResponse* response) {
  for (size_t i = 0; i < rows.size(); ++i) {
    auto record = RequireProgramme(model, rows[i].programme_id());
    auto marks = record.ok() ? MarksOf(**record, rows[i], newest, today)
                             : absl::StatusOr<std::vector<RecordedMark>>(record.status());
    if (absl::IsUnavailable(marks.status())) return marks.status();
    if (!marks.ok()) {
      const auto& who = rows[i].person_id().empty() ? rows[i].cluster_id() : rows[i].person_id();
      *response->add_rejected_rows() =
          rpc::RejectedRow(static_cast<int64_t>(i) + 1,
                           absl::StrCat(rows[i].session_id(), "/", who), marks.status());
      response->set_rejected(response->rejected() + 1);
      continue;
    }
    for (const RecordedMark& mark : *marks) changes.Take(**record, mark, response);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CoursesService::Record(const rpc::Call& call,
                                    const std::vector<v1::RecordAttendanceRequest>& rows,
                                    v1::RecordAttendanceResponse* response) {
  // Only sessions that are not for teams need it.
  const auto newest = trees_.Current(call);
  return WriteCollected(
      database_, call, rows, response, [&](sql::WriteTransaction& transaction) -> absl::Status {
        KLYNGE_ASSIGN_OR_RETURN(auto model, courses_.InWrite(transaction));
        MarkChanges changes;
        KLYNGE_RETURN_IF_ERROR(TakeRows(rows, *model, newest, Today(clock_), changes, response));
        const auto by_programme = changes.list();
        if (by_programme.empty()) {
          transaction.Discard();
          return absl::OkStatus();
        }
        for (const auto& [programme, marks] : by_programme) {
          KLYNGE_RETURN_IF_ERROR(StoreMarks(transaction, programme, marks));
          for (const auto& mark : marks) {
            transaction.Audit({"attendance",
                               absl::StrCat(programme, "/", mark.session_id, "/", mark.person_id),
                               "record", absl::StrCat("{\"state\":", mark.mark.state, "}")});
          }
        }
        return absl::OkStatus();
      });
}

}  // namespace klynge::courses
