#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/courses/courses_store.h"
#include "services/platform/sql/json.h"

namespace klynge::courses {
namespace {

using sql::BulkTable;
using sql::ColumnType;
using sql::Value;

absl::Status MarkChanged(sql::WriteTransaction& transaction, const std::string& programme_id) {
  return transaction.Execute("UPDATE programme SET changed = :changed WHERE programme_id = :id",
                             {transaction.revision(), programme_id});
}

absl::Status StoreLeaders(sql::WriteTransaction& transaction, const v1::Enrolment& enrolment) {
  KLYNGE_RETURN_IF_ERROR(transaction.Execute(
      "DELETE FROM enrolled_leader WHERE programme_id = :programme "
      "AND cluster_id = :cluster AND team_as_of = :day",
      {enrolment.programme_id(), enrolment.cluster_id(), enrolment.team_as_of()}));
  static const auto* const table = new BulkTable{"enrolled_leader",
                                                 {{"programme_id", ColumnType::kText},
                                                  {"cluster_id", ColumnType::kText},
                                                  {"team_as_of", ColumnType::kText},
                                                  {"ordinal", ColumnType::kBigint},
                                                  {"person_id", ColumnType::kText},
                                                  {"role", ColumnType::kText},
                                                  {"unit_ids", ColumnType::kText},
                                                  {"revision", ColumnType::kBigint}},
                                                 ""};
  std::vector<std::vector<Value>> rows;
  for (const auto& leader : enrolment.leaders()) {
    rows.push_back({enrolment.programme_id(), enrolment.cluster_id(), enrolment.team_as_of(),
                    static_cast<int64_t>(rows.size()), leader.person_id(), leader.role(),
                    absl::StrJoin(leader.unit_ids(), " "), transaction.revision()});
  }
  return transaction.BulkInsert(*table, rows);
}

absl::Status StoreSessionTeams(sql::WriteTransaction& transaction, const std::string& programme_id,
                               const std::vector<v1::Session>& sessions) {
  static const auto* const table =
      new BulkTable{"session_team",
                    {{"programme_id", ColumnType::kText},
                     {"session_id", ColumnType::kText},
                     {"cluster_id", ColumnType::kText},
                     {"revision", ColumnType::kBigint}},
                    "ON CONFLICT (programme_id, session_id, cluster_id) DO NOTHING"};
  std::vector<std::vector<Value>> rows;
  for (const auto& session : sessions) {
    for (const std::string& cluster : session.cluster_ids()) {
      rows.push_back({programme_id, session.session_id(), cluster, transaction.revision()});
    }
  }
  return transaction.BulkInsert(*table, rows);
}

// A table of documents: id, body, revision.
template <class Document, class IdOf>
absl::Status StoreDocuments(sql::WriteTransaction& transaction, const std::string& name,
                            const std::vector<Document>& documents, IdOf id_of) {
  const BulkTable table{
      name,
      {{name + "_id", ColumnType::kText},
       {"body", ColumnType::kText},
       {"revision", ColumnType::kBigint}},
      absl::StrCat("ON CONFLICT (", name,
                   "_id) DO UPDATE SET body = excluded.body, revision = excluded.revision")};
  std::vector<std::vector<Value>> rows;
  for (const auto& document : documents) {
    KLYNGE_ASSIGN_OR_RETURN(std::string body, sql::ToJson(document));
    rows.push_back({id_of(document), std::move(body), transaction.revision()});
  }
  return transaction.BulkInsert(table, rows);
}

}  // namespace

absl::Status StoreProgramme(sql::WriteTransaction& transaction, const v1::Programme& programme) {
  v1::Programme stored = programme;
  stored.clear_etag();  // made from the revision of the row
  KLYNGE_ASSIGN_OR_RETURN(const std::string body, sql::ToJson(stored));
  return transaction.Execute(
      "INSERT INTO programme (programme_id, body, changed, revision) "
      "VALUES (:id, :body, :changed, :revision) ON CONFLICT (programme_id) DO UPDATE "
      "SET body = excluded.body, changed = excluded.changed, revision = excluded.revision",
      {programme.programme_id(), body, transaction.revision(), transaction.revision()});
}

absl::Status StoreEnrolment(sql::WriteTransaction& transaction, const v1::Enrolment& enrolment) {
  const std::string withdrawn =
      enrolment.withdrawn_on().empty() ? FormatDate(kOpenEnd) : enrolment.withdrawn_on();
  const int64_t enrolled_at =
      enrolment.enrolled_at().seconds() * 1'000'000 + enrolment.enrolled_at().nanos() / 1'000;
  KLYNGE_RETURN_IF_ERROR(transaction.Execute(
      "INSERT INTO enrolment (programme_id, cluster_id, team_as_of, area_id, unit_kind, "
      "enrolled_at_us, withdrawn_on, withdrawal_reason, revision) VALUES (:programme, :cluster, "
      ":day, :area, :kind, :enrolled_at, :withdrawn, :reason, :revision) "
      "ON CONFLICT (programme_id, cluster_id, team_as_of) DO UPDATE SET area_id = "
      "excluded.area_id, "
      "unit_kind = excluded.unit_kind, enrolled_at_us = excluded.enrolled_at_us, "
      "withdrawn_on = excluded.withdrawn_on, withdrawal_reason = excluded.withdrawal_reason, "
      "revision = excluded.revision",
      {enrolment.programme_id(), enrolment.cluster_id(), enrolment.team_as_of(),
       enrolment.area_id(), enrolment.unit_kind(), enrolled_at, withdrawn,
       enrolment.withdrawal_reason(), transaction.revision()}));
  KLYNGE_RETURN_IF_ERROR(StoreLeaders(transaction, enrolment));
  return MarkChanged(transaction, enrolment.programme_id());
}

absl::Status StoreSessions(sql::WriteTransaction& transaction, const std::string& programme_id,
                           const std::vector<v1::Session>& sessions) {
  static const auto* const table = new BulkTable{
      "session",
      {{"programme_id", ColumnType::kText},
       {"session_id", ColumnType::kText},
       {"activity_id", ColumnType::kText},
       {"seminar_day_id", ColumnType::kText},
       {"theme_id", ColumnType::kText},
       {"held_on", ColumnType::kText},
       {"venue_id", ColumnType::kText},
       {"lecturer_ids", ColumnType::kText},
       {"expected_count", ColumnType::kBigint},
       {"cohort", ColumnType::kBigint},
       {"revision", ColumnType::kBigint}},
      "ON CONFLICT (programme_id, session_id) DO UPDATE SET activity_id = excluded.activity_id, "
      "seminar_day_id = excluded.seminar_day_id, theme_id = excluded.theme_id, "
      "held_on = excluded.held_on, venue_id = excluded.venue_id, "
      "lecturer_ids = excluded.lecturer_ids, expected_count = excluded.expected_count, "
      "cohort = excluded.cohort, revision = excluded.revision"};
  std::vector<std::vector<Value>> rows;
  for (const auto& session : sessions) {
    rows.push_back({programme_id, session.session_id(), session.activity_id(),
                    session.seminar_day_id(), session.theme_id(), session.date(),
                    session.venue_id(), absl::StrJoin(session.lecturer_ids(), " "),
                    int64_t{session.expected_count()}, int64_t{session.cohort()},
                    transaction.revision()});
  }
  KLYNGE_RETURN_IF_ERROR(transaction.BulkInsert(*table, rows));
  KLYNGE_RETURN_IF_ERROR(StoreSessionTeams(transaction, programme_id, sessions));
  return MarkChanged(transaction, programme_id);
}

absl::Status StoreMarks(sql::WriteTransaction& transaction, const std::string& programme_id,
                        const std::vector<RecordedMark>& marks) {
  static const auto* const table = new BulkTable{
      "attendance",
      {{"programme_id", ColumnType::kText},
       {"session_id", ColumnType::kText},
       {"person_id", ColumnType::kText},
       {"cluster_id", ColumnType::kText},
       {"state", ColumnType::kBigint},
       {"revision", ColumnType::kBigint}},
      "ON CONFLICT (programme_id, session_id, person_id) DO UPDATE SET state = excluded.state, "
      "cluster_id = excluded.cluster_id, revision = excluded.revision"};
  std::vector<std::vector<Value>> rows;
  for (const auto& mark : marks) {
    rows.push_back({programme_id, mark.session_id, mark.person_id, mark.mark.cluster_id,
                    static_cast<int64_t>(mark.mark.state), transaction.revision()});
  }
  KLYNGE_RETURN_IF_ERROR(transaction.BulkInsert(*table, rows));
  return MarkChanged(transaction, programme_id);
}

absl::Status StoreConversation(sql::WriteTransaction& transaction,
                               const v1::LearningConversation& conversation) {
  KLYNGE_RETURN_IF_ERROR(transaction.Execute(
      "INSERT INTO learning_conversation (programme_id, cluster_id, number, held_on, "
      "participant_roles, agreed_steps, revision) VALUES (:programme, :cluster, :number, :held_on, "
      ":roles, :steps, :revision) ON CONFLICT (programme_id, cluster_id, number) DO UPDATE SET "
      "held_on = excluded.held_on, participant_roles = excluded.participant_roles, "
      "agreed_steps = excluded.agreed_steps, revision = excluded.revision",
      {conversation.programme_id(), conversation.cluster_id(), int64_t{conversation.number()},
       conversation.held_on(), absl::StrJoin(conversation.participant_roles(), " "),
       conversation.agreed_steps(), transaction.revision()}));
  return MarkChanged(transaction, conversation.programme_id());
}

absl::Status StoreVenues(sql::WriteTransaction& transaction, const std::vector<v1::Venue>& venues) {
  return StoreDocuments(transaction, "venue", venues,
                        [](const v1::Venue& venue) { return venue.venue_id(); });
}

absl::Status StoreLecturers(sql::WriteTransaction& transaction,
                            const std::vector<v1::Lecturer>& lecturers) {
  return StoreDocuments(transaction, "lecturer", lecturers,
                        [](const v1::Lecturer& lecturer) { return lecturer.lecturer_id(); });
}

absl::Status RemovePlannedSeminars(sql::WriteTransaction& transaction,
                                   const std::string& programme_id) {
  KLYNGE_RETURN_IF_ERROR(transaction.Execute(
      "DELETE FROM session_team WHERE programme_id = :programme AND session_id IN "
      "(SELECT s.session_id FROM session s WHERE s.programme_id = :same_programme "
      "AND s.seminar_day_id <> '' AND NOT EXISTS (SELECT 1 FROM attendance a "
      "WHERE a.programme_id = s.programme_id AND a.session_id = s.session_id))",
      {programme_id, programme_id}));
  KLYNGE_RETURN_IF_ERROR(transaction.Execute(
      "DELETE FROM session WHERE programme_id = :programme AND seminar_day_id <> '' "
      "AND NOT EXISTS (SELECT 1 FROM attendance a WHERE a.programme_id = session.programme_id "
      "AND a.session_id = session.session_id)",
      {programme_id}));
  return MarkChanged(transaction, programme_id);
}

absl::Status RemoveTeamFromSessions(sql::WriteTransaction& transaction,
                                    const std::string& programme_id, const std::string& cluster_id,
                                    const std::string& from_day) {
  KLYNGE_RETURN_IF_ERROR(transaction.Execute(
      "DELETE FROM session_team WHERE programme_id = :programme AND cluster_id = :cluster "
      "AND session_id IN (SELECT session_id FROM session WHERE programme_id = :same_programme "
      "AND held_on >= :day)",
      {programme_id, cluster_id, programme_id, from_day}));
  return MarkChanged(transaction, programme_id);
}

}  // namespace klynge::courses
