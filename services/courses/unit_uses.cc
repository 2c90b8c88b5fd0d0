#include "services/courses/unit_uses.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "services/courses/programme.h"
#include "services/courses/session_days.h"

namespace klynge::courses {
namespace {

type::v1::UnitUse Use(const char* sort, std::string id, const std::string& title,
                      const char* state) {
  type::v1::UnitUse use;
  use.set_sort(sort);
  use.set_id(std::move(id));
  use.set_title(title);
  use.set_state(state);
  return use;
}

// The day after an ISO day; no end for what is no day.
Date After(const std::string& last_day) {
  const auto last = ParseDate(last_day);
  return last ? *last + 1 : kOpenEnd;
}

const char* Word(v1::EnrolmentState state) {
  switch (state) {
    case v1::ENROLMENT_STATE_WITHDRAWN:
      return "withdrawn";
    case v1::ENROLMENT_STATE_SUPERSEDED:
      return "superseded";
    default:
      return "active";
  }
}

void AddProgramme(const rpc::UnitsAsked& asked, const v1::Programme& programme,
                  rpc::UnitUses& uses) {
  const DateRange lasts = {ParseDate(programme.first_day()).value_or(kOpenStart),
                           After(programme.last_day())};
  for (const std::string& area_id : programme.area_ids()) {
    if (!asked.Has(area_id)) continue;
    AddUse(asked, area_id, lasts,
           Use("programme", programme.programme_id(), programme.name().da(), "active"), uses);
  }
}

void AddEnrolment(const rpc::UnitsAsked& asked, const v1::Programme& programme,
                  const v1::Enrolment& enrolment, rpc::UnitUses& uses) {
  std::set<std::string> units = {enrolment.cluster_id()};
  for (const auto& leader : enrolment.leaders()) {
    units.insert(leader.unit_ids().begin(), leader.unit_ids().end());
  }
  const DateRange lasts = {ParseDate(enrolment.team_as_of()).value_or(kOpenStart),
                           enrolment.withdrawn_on().empty()
                               ? After(programme.last_day())
                               : ParseDate(enrolment.withdrawn_on()).value_or(kOpenEnd)};
  if (lasts.empty()) return;
  const auto use =
      Use("enrolment", absl::StrCat(programme.programme_id(), "/", enrolment.cluster_id()),
          programme.name().da(), Word(enrolment.state()));
  for (const std::string& unit_id : units) AddUse(asked, unit_id, lasts, use, uses);
}

// A seminar day's own name, else the activity's.
std::string TitleOf(const v1::Programme& programme, const v1::Session& session) {
  const v1::Activity* activity = FindActivity(programme, session.activity_id());
  if (activity == nullptr) return session.activity_id();
  for (const auto& day : activity->seminar_days()) {
    if (day.seminar_day_id() == session.seminar_day_id()) return day.name().da();
  }
  return activity->name().da();
}

void AddSession(const rpc::UnitsAsked& asked, const ProgrammeRecord& record,
                const v1::Session& session, rpc::UnitUses& uses) {
  const auto day = ParseDate(session.date());
  if (!day) return;
  const DateRange lasts = {*day, After(LastDate(session))};
  const char* state = record.attendance.contains(session.session_id()) ? "held" : "planned";
  for (const std::string& team : session.cluster_ids()) {
    if (!asked.Has(team)) continue;
    AddUse(asked, team, lasts,
           Use("session", absl::StrCat(record.programme.programme_id(), "/", session.session_id()),
               TitleOf(record.programme, session), state),
           uses);
  }
}

}  // namespace

rpc::UnitUses UsesOf(const rpc::UnitsAsked& asked, const CoursesModel& model) {
  rpc::UnitUses uses;
  for (const auto& [programme_id, record] : model.programmes) {
    AddProgramme(asked, record->programme, uses);
    for (const auto& enrolment : record->enrolments) {
      AddEnrolment(asked, record->programme, enrolment, uses);
    }
    for (const auto& session : record->sessions) AddSession(asked, *record, session, uses);
  }
  for (const auto& [venue_id, venue] : model.venues) {
    AddUse(asked, venue.area_id(), {kOpenStart, kOpenEnd},
           Use("venue", venue_id, venue.name().da(), "active"), uses);
  }
  return uses;
}

}  // namespace klynge::courses
