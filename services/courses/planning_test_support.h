// A programme to plan, its resources and rules. Only for tests.
#pragma once

#include <gmock/gmock.h>

#include <map>
#include <string>
#include <vector>

#include "services/courses/courses_test_support.h"
#include "services/courses/planning.h"

namespace klynge::courses::testing {

class PlanningTest : public ::testing::Test {
 protected:
  PlanningTest() {
    record_.programme = Programme();
    record_.enrolments = {Enrolment("kl-a-1", "omr-a", 4), Enrolment("kl-a-2", "omr-a", 4),
                          Enrolment("kl-b-1", "omr-b", 4), Enrolment("kl-b-2", "omr-b", 4)};
    model_.venues = {{"sal-1", Venue("sal-1", 20)}};
    model_.lecturers = {{"u-1", Lecturer("u-1")}};
  }

  timetable::PlannerResult Solve(const timetable::Problem& problem) {
    timetable::PlannerOptions options;
    options.max_iterations = 100'000;
    options.time_limit = absl::Seconds(20);
    return timetable::PlanTimetable(problem, options);
  }

  // Makes the problem, solves it and turns the answer into sessions.
  absl::StatusOr<std::vector<v1::Session>> Plan() {
    auto problem = MakeProblem(model_, record_, rules_);
    if (!problem.ok()) return problem.status();
    const auto result = Solve(*problem);
    if (result.outcome != timetable::Outcome::kFeasible) return WhyNoPlan(result);
    return ToSessions(record_, *problem, result.timetable);
  }

  // Plans, and keeps the plan as the service does.
  void Publish() {
    auto sessions = Plan();
    ASSERT_TRUE(sessions.ok()) << sessions.status();
    record_.sessions = *sessions;
  }

  // The ids of the sessions that are otherwise than those stored.
  std::vector<std::string> ChangedIn(const std::vector<v1::Session>& sessions) {
    std::map<std::string, std::string> before;
    for (const auto& session : record_.sessions) {
      before[session.session_id()] = session.SerializeAsString();
    }
    std::vector<std::string> changed;
    for (const auto& session : sessions) {
      if (before[session.session_id()] != session.SerializeAsString()) {
        changed.push_back(session.session_id());
      }
    }
    return changed;
  }

  CoursesModel model_;
  ProgrammeRecord record_;
  v1::PlanningRules rules_;
};

}  // namespace klynge::courses::testing
