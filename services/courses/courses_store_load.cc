#include <algorithm>
#include <functional>
#include <map>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/courses/courses_store.h"
#include "services/courses/session_days.h"
#include "services/platform/sql/json.h"

namespace klynge::courses {
namespace {

using Records = std::map<std::string, std::shared_ptr<ProgrammeRecord>>;

std::vector<std::string> Ids(const std::string& list) {
  return absl::StrSplit(list, ' ', absl::SkipEmpty());
}

// Runs a query that yields rows of changed programmes and gives each row to `add` with its record.
absl::Status ForEachRow(sql::Session& session, absl::string_view query, int64_t after,
                        const Records& records,
                        const std::function<void(ProgrammeRecord&, const sql::Row&)>& add) {
  KLYNGE_ASSIGN_OR_RETURN(auto rows, session.Query(query, {after}));
  for (const sql::Row& row : rows) {
    auto record = records.find(row.Text(0));
    if (record != records.end()) add(*record->second, row);
  }
  return absl::OkStatus();
}

absl::Status LoadProgrammes(sql::Session& session, int64_t after, Records& records) {
  KLYNGE_ASSIGN_OR_RETURN(auto rows, session.Query("SELECT programme_id, body, changed, revision "
                                                   "FROM programme WHERE changed > :after",
                                                   {after}));
  for (const sql::Row& row : rows) {
    auto record = std::make_shared<ProgrammeRecord>();
    KLYNGE_RETURN_IF_ERROR(sql::FromJson(row.Text(1), record->programme));
    record->changed = row.Int(2);
    record->programme.set_etag(absl::StrCat("r", row.Int(3)));
    records.emplace(row.Text(0), std::move(record));
  }
  return absl::OkStatus();
}

// What is not stored of a session: its last day, which the programme says, and how many it expects,
// as teams come, go and change after it was planned.
void CompleteSessions(ProgrammeRecord& record) {
  for (auto& session : record.sessions) {
    SetLastDate(record.programme, session);
    if (session.seminar_day_id().empty()) continue;
    session.set_expected_count(static_cast<int>(ExpectedAt(record, session).size()));
  }
}

// A stay that is continued on the day it ends was superseded, not withdrawn. Expects the list in
// order.
void MarkSuperseded(std::vector<v1::Enrolment>& enrolments) {
  for (size_t i = 0; i + 1 < enrolments.size(); ++i) {
    const v1::Enrolment& next = enrolments[i + 1];
    if (enrolments[i].cluster_id() == next.cluster_id() &&
        enrolments[i].withdrawn_on() == next.team_as_of()) {
      enrolments[i].set_state(v1::ENROLMENT_STATE_SUPERSEDED);
    }
  }
}

v1::Enrolment EnrolmentOf(const sql::Row& row) {
  v1::Enrolment enrolment;
  enrolment.set_programme_id(row.Text(0));
  enrolment.set_cluster_id(row.Text(1));
  enrolment.set_team_as_of(row.Text(2));
  enrolment.set_area_id(row.Text(3));
  enrolment.set_unit_kind(row.Text(4));
  enrolment.mutable_enrolled_at()->set_seconds(row.Int(5) / 1'000'000);
  enrolment.mutable_enrolled_at()->set_nanos(static_cast<int>(row.Int(5) % 1'000'000) * 1'000);
  const bool active = row.Text(6) == FormatDate(kOpenEnd);
  enrolment.set_state(active ? v1::ENROLMENT_STATE_ACTIVE : v1::ENROLMENT_STATE_WITHDRAWN);
  if (!active) enrolment.set_withdrawn_on(row.Text(6));
  enrolment.set_withdrawal_reason(row.Text(7));
  return enrolment;
}

absl::Status LoadEnrolments(sql::Session& session, int64_t after, const Records& records) {
  KLYNGE_RETURN_IF_ERROR(
      ForEachRow(session,
                 "SELECT e.programme_id, e.cluster_id, e.team_as_of, e.area_id, e.unit_kind, "
                 "e.enrolled_at_us, e.withdrawn_on, e.withdrawal_reason FROM enrolment e "
                 "JOIN programme p ON p.programme_id = e.programme_id WHERE p.changed > :after",
                 after, records, [](ProgrammeRecord& record, const sql::Row& row) {
                   record.enrolments.push_back(EnrolmentOf(row));
                 }));
  std::map<std::string, v1::Enrolment*> by_key;
  for (const auto& [id, record] : records) {
    auto& list = record->enrolments;
    std::sort(list.begin(), list.end(), [](const v1::Enrolment& a, const v1::Enrolment& b) {
      return std::tie(a.cluster_id(), a.team_as_of()) < std::tie(b.cluster_id(), b.team_as_of());
    });
    MarkSuperseded(list);
    for (auto& enrolment : list) {
      by_key[absl::StrCat(id, " ", enrolment.cluster_id(), " ", enrolment.team_as_of())] =
          &enrolment;
    }
  }
  return ForEachRow(
      session,
      "SELECT l.programme_id, l.cluster_id, l.team_as_of, l.person_id, l.role, l.unit_ids "
      "FROM enrolled_leader l JOIN programme p ON p.programme_id = l.programme_id "
      "WHERE p.changed > :after ORDER BY l.ordinal",
      after, records, [&](ProgrammeRecord&, const sql::Row& row) {
        auto enrolment = by_key.find(absl::StrCat(row.Text(0), " ", row.Text(1), " ", row.Text(2)));
        if (enrolment == by_key.end()) return;
        auto& leader = *enrolment->second->add_leaders();
        leader.set_person_id(row.Text(3));
        leader.set_role(row.Text(4));
        for (std::string& unit : Ids(row.Text(5))) leader.add_unit_ids(std::move(unit));
      });
}

v1::Session SessionOf(const sql::Row& row) {
  v1::Session session;
  session.set_session_id(row.Text(1));
  session.set_activity_id(row.Text(2));
  session.set_seminar_day_id(row.Text(3));
  session.set_theme_id(row.Text(4));
  session.set_date(row.Text(5));
  session.set_venue_id(row.Text(6));
  for (std::string& lecturer : Ids(row.Text(7))) session.add_lecturer_ids(std::move(lecturer));
  session.set_expected_count(static_cast<int>(row.Int(8)));
  session.set_cohort(static_cast<int>(row.Int(9)));
  return session;
}

absl::Status LoadSessions(sql::Session& session, int64_t after, const Records& records) {
  std::map<std::string, std::map<std::string, std::set<std::string>>> teams;
  KLYNGE_RETURN_IF_ERROR(
      ForEachRow(session,
                 "SELECT t.programme_id, t.session_id, t.cluster_id FROM session_team t "
                 "JOIN programme p ON p.programme_id = t.programme_id WHERE p.changed > :after",
                 after, records, [&](ProgrammeRecord&, const sql::Row& row) {
                   teams[row.Text(0)][row.Text(1)].insert(row.Text(2));
                 }));
  KLYNGE_RETURN_IF_ERROR(
      ForEachRow(session,
                 "SELECT s.programme_id, s.session_id, s.activity_id, s.seminar_day_id, "
                 "s.theme_id, s.held_on, "
                 "s.venue_id, s.lecturer_ids, s.expected_count, s.cohort FROM session s "
                 "JOIN programme p ON p.programme_id = s.programme_id WHERE p.changed > :after",
                 after, records, [&](ProgrammeRecord& record, const sql::Row& row) {
                   v1::Session made = SessionOf(row);
                   for (const auto& team : teams[row.Text(0)][row.Text(1)])
                     made.add_cluster_ids(team);
                   record.sessions.push_back(std::move(made));
                 }));
  for (const auto& [id, record] : records) {
    std::sort(record->sessions.begin(), record->sessions.end(),
              [](const v1::Session& a, const v1::Session& b) {
                return std::tie(a.date(), a.session_id()) < std::tie(b.date(), b.session_id());
              });
  }
  return ForEachRow(
      session,
      "SELECT a.programme_id, a.session_id, a.person_id, a.cluster_id, a.state FROM attendance a "
      "JOIN programme p ON p.programme_id = a.programme_id WHERE p.changed > :after",
      after, records, [](ProgrammeRecord& record, const sql::Row& row) {
        record.attendance[row.Text(1)][row.Text(2)] = {
            row.Text(3), static_cast<v1::AttendanceState>(row.Int(4))};
      });
}

absl::Status LoadConversations(sql::Session& session, int64_t after, const Records& records) {
  KLYNGE_RETURN_IF_ERROR(
      ForEachRow(session,
                 "SELECT c.programme_id, c.cluster_id, c.number, c.held_on, c.participant_roles, "
                 "c.agreed_steps "
                 "FROM learning_conversation c JOIN programme p ON p.programme_id = c.programme_id "
                 "WHERE p.changed > :after ORDER BY c.number",
                 after, records, [](ProgrammeRecord& record, const sql::Row& row) {
                   auto& conversation = record.conversations.emplace_back();
                   conversation.set_programme_id(row.Text(0));
                   conversation.set_cluster_id(row.Text(1));
                   conversation.set_number(static_cast<int>(row.Int(2)));
                   conversation.set_held_on(row.Text(3));
                   for (std::string& role : Ids(row.Text(4))) {
                     conversation.add_participant_roles(std::move(role));
                   }
                   conversation.set_agreed_steps(row.Text(5));
                 }));
  for (const auto& [id, record] : records) {
    std::stable_sort(record->conversations.begin(), record->conversations.end(),
                     [](const auto& a, const auto& b) { return a.cluster_id() < b.cluster_id(); });
  }
  return absl::OkStatus();
}

absl::Status LoadResources(sql::Session& session, int64_t after, CoursesModel& model) {
  KLYNGE_ASSIGN_OR_RETURN(
      auto venues,
      session.Query("SELECT venue_id, body, revision FROM venue WHERE revision > :after", {after}));
  for (const sql::Row& row : venues) {
    v1::Venue venue;
    KLYNGE_RETURN_IF_ERROR(sql::FromJson(row.Text(1), venue));
    model.venues[row.Text(0)] = std::move(venue);
    model.resources_changed = std::max(model.resources_changed, row.Int(2));
  }
  KLYNGE_ASSIGN_OR_RETURN(
      auto lecturers,
      session.Query("SELECT lecturer_id, body, revision FROM lecturer WHERE revision > :after",
                    {after}));
  for (const sql::Row& row : lecturers) {
    v1::Lecturer lecturer;
    KLYNGE_RETURN_IF_ERROR(sql::FromJson(row.Text(1), lecturer));
    model.lecturers[row.Text(0)] = std::move(lecturer);
    model.resources_changed = std::max(model.resources_changed, row.Int(2));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const CoursesModel>> LoadCourses(
    sql::Session& session, std::shared_ptr<const CoursesModel> previous,
    int64_t previous_revision) {
  auto model =
      previous ? std::make_shared<CoursesModel>(*previous) : std::make_shared<CoursesModel>();
  const int64_t after = previous ? previous_revision : -1;
  Records changed;
  KLYNGE_RETURN_IF_ERROR(LoadProgrammes(session, after, changed));
  if (!changed.empty()) {
    KLYNGE_RETURN_IF_ERROR(LoadEnrolments(session, after, changed));
    KLYNGE_RETURN_IF_ERROR(LoadSessions(session, after, changed));
    KLYNGE_RETURN_IF_ERROR(LoadConversations(session, after, changed));
  }
  for (auto& [id, record] : changed) {
    CompleteSessions(*record);
    model->programmes[id] = std::move(record);
  }
  KLYNGE_RETURN_IF_ERROR(LoadResources(session, after, *model));
  return std::shared_ptr<const CoursesModel>(std::move(model));
}

}  // namespace klynge::courses
