#include "services/courses/status.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "services/courses/attendance.h"
#include "services/courses/enrolment.h"
#include "services/courses/planning.h"
#include "services/courses/programme.h"
#include "services/courses/session_days.h"
#include "services/organisation/client/lineage.h"

namespace klynge::courses {
namespace {

void AddPlaces(const ProgrammeRecord& record, v1::ProgrammeStatus& status) {
  const int taken = CountLeaders(record, [&status](const v1::Enrolment& enrolment) {
    return TakesPartOn(enrolment, status.as_of());
  });
  const int capacity = record.programme.capacity_leaders();
  status.mutable_places()->set_capacity(capacity);
  status.mutable_places()->set_taken(taken);
  status.mutable_places()->set_free(std::max(0, capacity - taken));
}

// The cluster or network as it is that day: the one in which it was merged counts once, however
// many teams of those it was made of are enrolled.
std::string TeamUnit(const v1::Enrolment& enrolment, const organisation::Tree* tree, Date as_of) {
  if (tree == nullptr) return enrolment.cluster_id();
  const auto* standing =
      tree->Indexed<organisation::Lineage>().StandsFor(enrolment.cluster_id(), as_of);
  return standing != nullptr && standing->kind == enrolment.unit_kind() ? standing->unit_id
                                                                        : enrolment.cluster_id();
}

v1::AreaParticipation Participation(const ProgrammeRecord& record, const std::string& area_id,
                                    const organisation::Tree* tree, Date as_of) {
  v1::AreaParticipation area;
  area.set_area_id(area_id);
  area.set_name(area_id);
  if (tree != nullptr) {
    if (const auto* unit = tree->FindUnit(area_id, as_of)) area.set_name(unit->name);
    for (const auto* unit : tree->SubtreeVersions(area_id, as_of)) {
      if (unit->kind == kCluster) area.set_clusters_total(area.clusters_total() + 1);
    }
  }
  const std::string day = FormatDate(as_of);
  const auto counts = [&](const v1::Enrolment& enrolment) {
    return enrolment.area_id() == area_id && TakesPartOn(enrolment, day);
  };
  std::set<std::string> networks;
  std::set<std::string> clusters;
  for (const auto& enrolment : record.enrolments) {
    if (!counts(enrolment)) continue;
    const bool network = enrolment.unit_kind() == kSelfOwnedNetwork;
    (network ? networks : clusters).insert(TeamUnit(enrolment, tree, as_of));
  }
  area.set_leaders_enrolled(CountLeaders(record, counts));
  area.set_networks_enrolled(static_cast<int>(networks.size()));
  area.set_clusters_enrolled(static_cast<int>(clusters.size()));
  return area;
}

// Counts the sessions of one activity. A seminar day is held when its last cohort has been.
void AddSessions(const ProgrammeRecord& record, const std::string& as_of,
                 v1::ActivityStatus& activity) {
  AttendanceCount count;
  std::map<std::string, bool> held;  // seminar day, or the session where there is none
  for (const auto& session : record.sessions) {
    if (session.activity_id() != activity.activity_id()) continue;
    const bool past = LastDate(session) <= as_of;
    const auto& unit =
        session.seminar_day_id().empty() ? session.session_id() : session.seminar_day_id();
    auto [entry, is_new] = held.emplace(unit, past);
    if (!is_new) entry->second = entry->second && past;
    if (past) count.Add(record, session);
    if (activity.first_date().empty()) activity.set_first_date(session.date());
    activity.set_last_date(std::max(activity.last_date(), LastDate(session)));
  }
  activity.set_scheduled(static_cast<int>(held.size()));
  for (const auto& [unit, past] : held) activity.set_held(activity.held() + (past ? 1 : 0));
  if (!held.empty()) *activity.mutable_attendance() = count.Rate();
}

void AddConversations(const ProgrammeRecord& record, const std::string& as_of,
                      v1::ActivityStatus& activity) {
  int teams = 0;
  for (const auto& enrolment : record.enrolments) {
    if (TakesPartOn(enrolment, as_of)) ++teams;
  }
  activity.set_planned(activity.planned() * teams);
  for (const auto& conversation : record.conversations) {
    if (conversation.held_on() > as_of) continue;
    activity.set_held(activity.held() + 1);
    if (activity.first_date().empty() || conversation.held_on() < activity.first_date()) {
      activity.set_first_date(conversation.held_on());
    }
    if (conversation.held_on() > activity.last_date()) {
      activity.set_last_date(conversation.held_on());
    }
  }
  activity.set_scheduled(activity.held());
}

v1::ActivityStatus StatusOf(const ProgrammeRecord& record, const v1::Activity& activity,
                            const std::string& as_of, const Wording& say) {
  v1::ActivityStatus status;
  status.set_activity_id(activity.activity_id());
  status.set_name(say.Plain(activity.name()));
  status.set_planned(activity.planned_count());
  if (activity.form() == v1::ACTIVITY_FORM_LEARNING_CONVERSATION) {
    AddConversations(record, as_of, status);
  } else {
    AddSessions(record, as_of, status);
  }
  return status;
}

void AddOpenActivities(const v1::ProgrammeStatus& status, const Wording& say,
                       std::vector<std::string>& open) {
  for (int i = 0; i < status.activities_size(); ++i) {
    const auto& activity = status.programme().activities(i);
    const auto& figures = status.activities(i);
    if (activity.form() == v1::ACTIVITY_FORM_TO_BE_CLARIFIED) {
      open.push_back(absl::StrCat(figures.name(), ": ", say.Plain(activity.clarification())));
    }
    const bool dated = activity.form() == v1::ACTIVITY_FORM_TEAM_SEMINAR ||
                       activity.form() == v1::ACTIVITY_FORM_SESSION;
    if (dated && figures.scheduled() < figures.planned()) {
      open.push_back(absl::StrCat(figures.name(), ": ", figures.planned() - figures.scheduled(),
                                  say(" af ", " of "), figures.planned(),
                                  say(" har endnu ingen dato.", " have no date yet.")));
    }
  }
}

void AddOpenParticipation(const ProgrammeRecord& record, const v1::ProgrammeStatus& status,
                          const Wording& say, std::vector<std::string>& open) {
  int networks = 0;
  for (const auto& area : status.areas()) {
    networks += area.networks_enrolled();
    const int missing = area.clusters_total() - area.clusters_enrolled();
    if (missing <= 0) continue;
    open.push_back(absl::StrCat(
        area.name(), ": ", say.Count(missing, "klynge", "klynger", "cluster", "clusters"),
        say(" af ", " of "), area.clusters_total(),
        say(" er ikke tilmeldt.", missing == 1 ? " is not enrolled." : " are not enrolled.")));
  }
  const auto& expected = status.programme().expected_networks();
  if (networks < expected.at_least()) {
    open.push_back(absl::StrCat(say("Netværk for selvejende institutioner: mindst ",
                                    "Networks of self-owned institutions: at least "),
                                expected.at_least(), say(" forventes, ", " expected, "), networks,
                                say(" er tilmeldt.", " enrolled.")));
  }
  if (const auto unplaced = UnplacedTeams(record); !unplaced.empty()) {
    open.push_back(absl::StrCat(say.Count(static_cast<int64_t>(unplaced.size()), "ledelsesteam",
                                          "ledelsesteam", "team", "teams"),
                                say(" mangler plads på en eller flere seminardage.",
                                    " still without a place on one or more seminar days.")));
  }
}

}  // namespace

v1::ProgrammeStatus MakeStatus(const ProgrammeRecord& record, const organisation::Tree* tree,
                               Date as_of, const Wording& say) {
  v1::ProgrammeStatus status;
  *status.mutable_programme() = record.programme;
  status.set_as_of(FormatDate(as_of));
  AddPlaces(record, status);
  for (const std::string& area : record.programme.area_ids()) {
    *status.add_areas() = Participation(record, area, tree, as_of);
  }
  for (const auto& activity : record.programme.activities()) {
    *status.add_activities() = StatusOf(record, activity, status.as_of(), say);
  }
  AttendanceCount seminars;
  for (const auto& session : record.sessions) {
    if (!session.seminar_day_id().empty() && LastDate(session) <= status.as_of()) {
      seminars.Add(record, session);
    }
  }
  *status.mutable_attendance() = seminars.Rate();
  std::vector<std::string> open;
  AddOpenActivities(status, say, open);
  AddOpenParticipation(record, status, say, open);
  for (std::string& question : open) status.add_open_questions(std::move(question));
  return status;
}

}  // namespace klynge::courses
