#include "services/courses/enrolment.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "klynge/courses/v1/errors.pb.h"
#include "services/courses/attendance.h"
#include "services/platform/rpc/status.h"

namespace klynge::courses {
namespace {

// True when the team takes part on `day` or on any later day.
bool TakesPartFrom(const v1::Enrolment& enrolment, absl::string_view day) {
  if (enrolment.withdrawn_on().empty()) return true;
  return enrolment.withdrawn_on() > day && enrolment.withdrawn_on() > enrolment.team_as_of();
}

v1::Places MakePlaces(int capacity, int taken) {
  v1::Places places;
  places.set_capacity(capacity);
  places.set_taken(taken);
  places.set_free(std::max(0, capacity - taken));
  return places;
}

std::set<std::string> PersonIds(const v1::Enrolment& enrolment) {
  std::set<std::string> persons;
  for (const auto& leader : enrolment.leaders()) persons.insert(leader.person_id());
  return persons;
}

void AddLeader(const organisation::TeamMember& member, v1::Enrolment& enrolment) {
  auto& leader = *enrolment.add_leaders();
  leader.set_person_id(member.person_id);
  leader.set_role(member.role);
  for (const std::string& unit : member.unit_ids) leader.add_unit_ids(unit);
}

}  // namespace

bool TakesPartOn(const v1::Enrolment& enrolment, absl::string_view day) {
  return enrolment.team_as_of() <= day &&
         (enrolment.withdrawn_on().empty() || day < enrolment.withdrawn_on());
}

int CountLeaders(const ProgrammeRecord& record,
                 absl::FunctionRef<bool(const v1::Enrolment& enrolment)> counts) {
  std::set<absl::string_view> persons;
  for (const auto& enrolment : record.enrolments) {
    if (!counts(enrolment)) continue;
    for (const auto& leader : enrolment.leaders()) persons.insert(leader.person_id());
  }
  return static_cast<int>(persons.size());
}

v1::Places PlacesFrom(const ProgrammeRecord& record, absl::string_view day) {
  return MakePlaces(record.programme.capacity_leaders(),
                    CountLeaders(record, [day](const v1::Enrolment& enrolment) {
                      return TakesPartFrom(enrolment, day);
                    }));
}

v1::Places PlacesOf(const ProgrammeRecord& record) {
  return PlacesFrom(record, FormatDate(kOpenEnd));
}

absl::StatusOr<v1::Enrolment> ReadTeam(const v1::Programme& programme,
                                       const organisation::Tree& tree, absl::string_view cluster_id,
                                       Date day) {
  const std::string iso = FormatDate(day);
  const organisation::UnitVersion* unit = tree.FindUnit(cluster_id, day);
  if (unit == nullptr) {
    return NotFound(v1::ERROR_REASON_CLUSTER_NOT_FOUND,
                    absl::StrCat("the organisation has no unit \"", cluster_id, "\" on ", iso),
                    {{"cluster_id", std::string(cluster_id)}});
  }
  if (!tree.HasTeam(cluster_id, day)) {
    return FailedPrecondition(
        v1::ERROR_REASON_NOT_A_TEAM,
        absl::StrCat("\"", cluster_id, "\" is of kind ", unit->kind,
                     ", which has no leadership team; enrol its cluster or network"),
        {{"cluster_id", std::string(cluster_id)}, {"kind", unit->kind}});
  }
  v1::Enrolment enrolment;
  enrolment.set_programme_id(programme.programme_id());
  enrolment.set_cluster_id(std::string(cluster_id));
  enrolment.set_unit_kind(unit->kind);
  enrolment.set_team_as_of(iso);
  enrolment.set_state(v1::ENROLMENT_STATE_ACTIVE);
  for (const std::string& area : programme.area_ids()) {
    if (tree.IsWithin(cluster_id, area, day)) enrolment.set_area_id(area);
  }
  if (enrolment.area_id().empty()) {
    return FailedPrecondition(
        v1::ERROR_REASON_OUTSIDE_AREAS,
        absl::StrCat("\"", cluster_id, "\" lies in none of the programme's areas (",
                     absl::StrJoin(programme.area_ids(), ", "), ") on ", iso),
        {{"cluster_id", std::string(cluster_id)}});
  }
  const organisation::LeadershipTeam team = tree.Team(cluster_id, day);
  if (team.leader) AddLeader(*team.leader, enrolment);
  for (const auto& member : team.members) AddLeader(member, enrolment);
  if (enrolment.leaders().empty()) {
    return FailedPrecondition(
        v1::ERROR_REASON_TEAM_EMPTY,
        absl::StrCat("the leadership team of \"", cluster_id, "\" has nobody in it on ", iso,
                     "; choose another as_of, or assign its leaders first"),
        {{"cluster_id", std::string(cluster_id)}});
  }
  return enrolment;
}

absl::Status CheckEnrolment(const ProgrammeRecord& record, const v1::Enrolment& enrolment) {
  const std::set<std::string> persons = PersonIds(enrolment);
  for (const auto& other : record.enrolments) {
    if (!TakesPartFrom(other, enrolment.team_as_of())) continue;
    if (other.cluster_id() == enrolment.cluster_id()) {
      return AlreadyExists(v1::ERROR_REASON_ALREADY_ENROLLED,
                           absl::StrCat("the team of \"", other.cluster_id(),
                                        "\" is enrolled since ", other.team_as_of()),
                           {{"cluster_id", other.cluster_id()}});
    }
    for (const auto& leader : other.leaders()) {
      if (persons.count(leader.person_id()) == 0) continue;
      return AlreadyExists(
          v1::ERROR_REASON_ALREADY_ENROLLED,
          absl::StrCat("leader \"", leader.person_id(), "\" is enrolled with the team of \"",
                       other.cluster_id(), "\"; a leader takes one place"),
          {{"cluster_id", other.cluster_id()}, {"person_id", leader.person_id()}});
    }
  }
  const v1::Places places = PlacesFrom(record, enrolment.team_as_of());
  if (enrolment.leaders_size() <= places.capacity() - places.taken()) return absl::OkStatus();
  return FailedPrecondition(
      v1::ERROR_REASON_CAPACITY_EXCEEDED,
      absl::StrCat("the team of \"", enrolment.cluster_id(), "\" has ", enrolment.leaders_size(),
                   " leaders, but only ", places.free(), " of ", places.capacity(),
                   " places are free; teams are never split"),
      {{"team_size", absl::StrCat(enrolment.leaders_size())},
       {"capacity", absl::StrCat(places.capacity())},
       {"taken", absl::StrCat(places.taken())},
       {"free", absl::StrCat(places.free())}});
}

absl::StatusOr<RefreshedTeam> Replace(const ProgrammeRecord& record, const v1::Enrolment& active,
                                      const v1::Enrolment& fresh) {
  RefreshedTeam refreshed{active, fresh, {}, {}, {}};
  refreshed.ended.set_state(v1::ENROLMENT_STATE_SUPERSEDED);
  refreshed.ended.set_withdrawn_on(fresh.team_as_of());
  refreshed.ended.set_withdrawal_reason("the team was read anew");
  ProgrammeRecord without = record;
  for (auto& enrolment : without.enrolments) {
    const bool same = enrolment.cluster_id() == active.cluster_id();
    if (same && enrolment.team_as_of() == active.team_as_of()) enrolment = refreshed.ended;
  }
  KLYNGE_RETURN_IF_ERROR(CheckEnrolment(without, fresh));

  const std::set<std::string> before = PersonIds(active);
  const std::set<std::string> after = PersonIds(fresh);
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                      std::back_inserter(refreshed.joined));
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(),
                      std::back_inserter(refreshed.left));
  without.enrolments.push_back(fresh);
  for (v1::Session session : record.sessions) {
    const auto& teams = session.cluster_ids();
    if (session.date() < fresh.team_as_of() ||
        std::find(teams.begin(), teams.end(), fresh.cluster_id()) == teams.end()) {
      continue;
    }
    session.set_expected_count(static_cast<int>(ExpectedAt(without, session).size()));
    refreshed.sessions.push_back(std::move(session));
  }
  return refreshed;
}

const v1::Enrolment* FindActive(const ProgrammeRecord& record, absl::string_view cluster_id) {
  for (const auto& enrolment : record.enrolments) {
    if (enrolment.cluster_id() == cluster_id && enrolment.state() == v1::ENROLMENT_STATE_ACTIVE) {
      return &enrolment;
    }
  }
  return nullptr;
}

const v1::Enrolment* FindOn(const ProgrammeRecord& record, absl::string_view cluster_id,
                            absl::string_view day) {
  for (const auto& enrolment : record.enrolments) {
    if (enrolment.cluster_id() == cluster_id && TakesPartOn(enrolment, day)) return &enrolment;
  }
  return nullptr;
}

}  // namespace klynge::courses
