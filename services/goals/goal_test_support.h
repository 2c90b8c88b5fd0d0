// Goals and frameworks to test with. Only for tests.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "services/goals/framework.h"
#include "services/goals/goal.h"
#include "services/platform/date.h"

namespace klynge::goals::testing {

inline Date D(absl::string_view iso) { return ParseDate(iso).value(); }

// A measurable criterion that goes from 0 to 10 points.
inline Criterion Points(std::string id, double baseline = 0, double target = 10) {
  Criterion criterion;
  criterion.criterion_id = std::move(id);
  criterion.indicator = "Andel af gode observationer";
  criterion.unit_of_measure = "points";
  criterion.baseline = baseline;
  criterion.target = target;
  criterion.due_date = D("2023-12-31");
  return criterion;
}

// Builds a goal, one line a thing. It begins on 2021-09-01 as a draft with the measurable criterion
// "c1".
class GoalBuilder {
 public:
  explicit GoalBuilder(std::string goal_id, std::string unit_id = "e-vvk-01-01") {
    goal_.goal_id = std::move(goal_id);
    goal_.unit_id = std::move(unit_id);
    goal_.title = "Alle børn deltager i sproggrupper";
    goal_.framework_id = "kk-2021";
    goal_.framework_version = 1;
    goal_.core_areas = {"clear_goals"};
    goal_.starts_on = D("2021-09-01");
    goal_.criteria = {Points("c1")};
  }

  GoalBuilder& Carries(std::string parent) {
    return goal_.parent_goal_id = std::move(parent), *this;
  }
  GoalBuilder& CoreAreas(std::vector<std::string> codes) {
    return goal_.core_areas = std::move(codes), *this;
  }
  GoalBuilder& Weight(double weight) { return goal_.weight = weight, *this; }
  GoalBuilder& Criteria(std::vector<Criterion> criteria) {
    return goal_.criteria = std::move(criteria), *this;
  }
  GoalBuilder& Interval(int64_t days) { return goal_.follow_up_interval_days = days, *this; }
  GoalBuilder& AgreedOn(absl::string_view iso) {
    goal_.agreement = Agreement{"cluster_leader", D(iso), ""};
    return *this;
  }
  GoalBuilder& ClosedOn(absl::string_view iso, State state) {
    goal_.closure = Closure{state, "cluster_leader", D(iso), ""};
    return *this;
  }
  GoalBuilder& Value(absl::string_view iso, double value, std::string criterion = "c1",
                     Source source = Source::kMeasured) {
    CheckIn check_in;
    check_in.number = static_cast<int64_t>(goal_.check_ins.size()) + 1;
    check_in.criterion_id = std::move(criterion);
    check_in.value = value;
    check_in.on = D(iso);
    check_in.source = source;
    check_in.role = source == Source::kObservation ? "" : "pedagogical_leader";
    goal_.check_ins.push_back(std::move(check_in));
    return *this;
  }
  GoalBuilder& Conversation(absl::string_view iso) {
    Value(iso, 0, "");
    goal_.check_ins.back().value = absl::nullopt;
    goal_.check_ins.back().note = "Drøftet på ledermødet";
    return *this;
  }

  Goal Build() const { return goal_; }
  std::shared_ptr<const Goal> Share() const { return std::make_shared<const Goal>(goal_); }

 private:
  Goal goal_;
};

// A framework "kk-2021" with two core areas, a guidepost and a theme; version 1.
inline v1::Framework SmallFramework() {
  v1::Framework framework;
  const auto label = [](type::v1::LocalizedText* text, const std::string& word) {
    text->set_da(word + " (da)");
    text->set_en(word + " (en)");
  };
  framework.set_framework_id("kk-2021");
  framework.set_version(1);
  label(framework.mutable_label(), "Profil");
  auto* group = framework.add_groups();
  group->set_code("dimension");
  label(group->mutable_label(), "Dimensioner");
  label(group->mutable_question(), "Hvad?");
  for (const char* code : {"clear_goals", "quality_through_data"}) {
    auto* area = framework.add_core_areas();
    area->set_code(code);
    area->set_group_code("dimension");
    label(area->mutable_label(), code);
    label(area->mutable_description(), code);
    label(area->add_behaviours(), "behaviour");
  }
  framework.add_guideposts()->set_code("language");
  label(framework.mutable_guideposts(0)->mutable_label(), "Sprog");
  framework.add_curriculum_themes()->set_code("social_development");
  label(framework.mutable_curriculum_themes(0)->mutable_label(), "Social udvikling");
  return framework;
}

}  // namespace klynge::goals::testing
