// A small city and programme to test against, and shorthands. Only for tests.
#pragma once

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/courses/programme_record.h"
#include "services/organisation/client/test_support.h"

namespace klynge::courses::testing {

using organisation::testing::D;

// Two areas, omr-a and omr-b, outside of which lies kl-c-1 in omr-c. Each of the first two has
// `clusters` clusters kl-a-1 … with a cluster leader and `leaders` pedagogical leaders, in as many
// nurseries; omr-a has the network net-a-1 with two leaders. Person ids: p-kl-a-1, p-kl-a-1-1 …
inline organisation::testing::OrganisationBuilder City(int clusters = 3, int leaders = 3) {
  organisation::testing::OrganisationBuilder city;
  city.Unit("buf", "administration", "");
  const auto add_cluster = [&](const std::string& area, const std::string& cluster) {
    city.Unit(cluster, "cluster", area);
    city.Someone("p-" + cluster).Assign("p-" + cluster, "cluster_leader", cluster);
    for (int i = 1; i <= leaders; ++i) {
      const std::string unit = absl::StrCat("e-", cluster, "-", i);
      const std::string person = absl::StrCat("p-", cluster, "-", i);
      city.Unit(unit, "nursery", cluster).Someone(person);
      city.Assign(person, "pedagogical_leader", unit);
    }
  };
  for (const std::string area : {"a", "b", "c"}) {
    city.Unit("omr-" + area, "area", "buf");
    for (int i = 1; i <= (area == "c" ? 1 : clusters); ++i) {
      add_cluster("omr-" + area, absl::StrCat("kl-", area, "-", i));
    }
  }
  city.Unit("net-a-1", "self_owned_network", "omr-a");
  for (const std::string number : {"1", "2"}) {
    city.Unit("e-net-a-1-" + number, "kindergarten", "net-a-1").Someone("p-net-a-1-" + number);
    city.Assign("p-net-a-1-" + number, "pedagogical_leader", "e-net-a-1-" + number);
  }
  city.Unit("kl-a-tom", "cluster", "omr-a");  // a team with nobody in it
  city.Someone("p-konsulent-1").Assign("p-konsulent-1", "pedagogical_consultant", "omr-a");
  return city;
}

inline type::v1::LocalizedText Text(const std::string& da, const std::string& en = "") {
  type::v1::LocalizedText text;
  text.set_da(da);
  text.set_en(en);
  return text;
}

inline v1::Activity& AddActivity(v1::Programme& programme, const std::string& id,
                                 v1::ActivityForm form, int count, v1::CountBasis basis) {
  auto& activity = *programme.add_activities();
  activity.set_activity_id(id);
  activity.set_form(form);
  *activity.mutable_name() = Text("Aktivitet " + id, "Activity " + id);
  activity.set_planned_count(count);
  activity.set_count_basis(basis);
  activity.add_audience("cluster_leader");
  return activity;
}

// A valid programme "uddannelse" in omr-a and omr-b: two themes, three seminar days, two consultant
// seminars, two learning conversations a team, and a course to be clarified.
inline v1::Programme Programme(int capacity = 20) {
  v1::Programme programme;
  programme.set_programme_id("uddannelse");
  *programme.mutable_name() = Text("Ledelsesuddannelse", "Leadership education");
  programme.set_first_day("2021-09-01");
  programme.set_last_day("2023-12-31");
  programme.set_capacity_leaders(capacity);
  *programme.add_funding() = Text("Budget 2021");
  programme.add_area_ids("omr-a");
  programme.add_area_ids("omr-b");
  programme.mutable_expected_networks()->set_at_least(1);
  programme.mutable_expected_networks()->set_at_most(3);
  for (const std::string theme : {"tema-1", "tema-2"}) {
    auto& made = *programme.add_themes();
    made.set_theme_id(theme);
    *made.mutable_name() = Text("Tema " + theme, "Theme " + theme);
  }
  auto& seminars = AddActivity(programme, "seminarer", v1::ACTIVITY_FORM_TEAM_SEMINAR, 3,
                               v1::COUNT_BASIS_PROGRAMME);
  for (int i = 1; i <= 3; ++i) {
    auto& day = *seminars.add_seminar_days();
    day.set_seminar_day_id(absl::StrCat("dag-", i));
    day.set_theme_id(i == 1 ? "tema-1" : "tema-2");
    *day.mutable_name() = Text(absl::StrCat("Dag ", i));
  }
  AddActivity(programme, "konsulenter", v1::ACTIVITY_FORM_SESSION, 2, v1::COUNT_BASIS_PROGRAMME);
  AddActivity(programme, "samtaler", v1::ACTIVITY_FORM_LEARNING_CONVERSATION, 2,
              v1::COUNT_BASIS_TEAM);
  auto& open = AddActivity(programme, "lbl", v1::ACTIVITY_FORM_TO_BE_CLARIFIED, 0,
                           v1::COUNT_BASIS_UNSPECIFIED);
  *open.mutable_clarification() = Text("Form er ikke fastlagt.", "Its form is not settled.");
  return programme;
}

// An active enrolment of `leaders` persons p-<cluster>-1 … from 2021-09-01.
inline v1::Enrolment Enrolment(const std::string& cluster, const std::string& area, int leaders) {
  v1::Enrolment enrolment;
  enrolment.set_programme_id("uddannelse");
  enrolment.set_cluster_id(cluster);
  enrolment.set_area_id(area);
  enrolment.set_unit_kind("cluster");
  enrolment.set_team_as_of("2021-09-01");
  enrolment.set_state(v1::ENROLMENT_STATE_ACTIVE);
  for (int i = 1; i <= leaders; ++i) {
    enrolment.add_leaders()->set_person_id(absl::StrCat("p-", cluster, "-", i));
  }
  return enrolment;
}

inline v1::Session SeminarSession(const std::string& id, const std::string& day,
                                  const std::string& date,
                                  const std::vector<std::string>& clusters) {
  v1::Session session;
  session.set_session_id(id);
  session.set_activity_id("seminarer");
  session.set_seminar_day_id(day);
  session.set_date(date);
  session.set_venue_id("sal-1");
  for (const auto& cluster : clusters) session.add_cluster_ids(cluster);
  return session;
}

inline v1::Venue Venue(const std::string& id, int seats, const std::string& area = "") {
  v1::Venue venue;
  venue.set_venue_id(id);
  *venue.mutable_name() = Text("Sal " + id);
  venue.set_seats(seats);
  venue.set_area_id(area);
  return venue;
}

inline v1::Lecturer Lecturer(const std::string& id) {
  v1::Lecturer lecturer;
  lecturer.set_lecturer_id(id);
  *lecturer.mutable_title() = Text("Underviser " + id);
  return lecturer;
}

}  // namespace klynge::courses::testing
