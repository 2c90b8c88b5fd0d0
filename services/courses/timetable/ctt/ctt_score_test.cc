// The scorer against the published rules, once by hand and once written down a second time: lecture
// by lecture, as the rules are told, without a thought of speed.
#include "services/courses/timetable/ctt/ctt_score.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "services/courses/timetable/ctt/ctt_test_support.h"

namespace klynge::courses::timetable {
namespace {

using ::testing::ElementsAre;

std::array<int64_t, kCttRules> ByTheRules(const CttInstance& instance,
                                          const CttTimetable& written) {
  const auto same_time = [](const CttLecture& a, const CttLecture& b) {
    return a.day == b.day && a.period == b.period;
  };
  CttTimetable lectures;
  for (const CttLecture& l : written) {
    const bool repeated = std::any_of(lectures.begin(), lectures.end(), [&](const CttLecture& k) {
      return k.course == l.course && same_time(k, l);
    });
    if (!repeated) lectures.push_back(l);
  }
  const auto has = [](const CttCurriculum& curriculum, int course) {
    return std::find(curriculum.courses.begin(), curriculum.courses.end(), course) !=
           curriculum.courses.end();
  };

  std::array<int64_t, kCttRules> costs = {};
  auto& [number, conflicts, availability, occupation, capacity, days, compactness, stability] =
      costs;
  for (int c = 0; c < static_cast<int>(instance.courses.size()); ++c) {
    int held = 0;
    std::set<int> on, in;
    for (const CttLecture& l : lectures) {
      if (l.course != c) continue;
      ++held;
      on.insert(l.day);
      in.insert(l.room);
    }
    const CttCourse& course = instance.courses[c];
    number += held > course.lectures ? held - course.lectures : course.lectures - held;
    for (int missing = static_cast<int>(on.size()); missing < course.min_days; ++missing) days += 5;
    if (in.size() > 1) stability += static_cast<int64_t>(in.size()) - 1;
  }
  for (size_t i = 0; i < lectures.size(); ++i) {
    const CttLecture& l = lectures[i];
    const CttCourse& course = instance.courses[l.course];
    for (const CttUnavailable& u : instance.unavailable) {
      availability += u.course == l.course && u.day == l.day && u.period == l.period;
    }
    const int standing = course.students - instance.rooms[l.room].capacity;
    if (standing > 0) capacity += standing;
    bool shares_room = false;
    for (size_t j = 0; j < i; ++j) {
      const CttLecture& k = lectures[j];
      if (!same_time(k, l)) continue;
      shares_room |= k.room == l.room;
      bool conflict = instance.courses[k.course].teacher == course.teacher;
      for (const auto& q : instance.curricula) conflict |= has(q, k.course) && has(q, l.course);
      conflicts += conflict;
    }
    occupation += shares_room;
    for (const CttCurriculum& q : instance.curricula) {
      if (!has(q, l.course)) continue;
      bool alone = true;
      for (const CttLecture& k : lectures) {
        const bool beside = k.day == l.day && std::abs(k.period - l.period) == 1;
        if (beside && has(q, k.course)) alone = false;
      }
      if (alone) compactness += 2;
    }
  }
  return costs;
}

// Compares, and remembers what has been seen, so that nothing is compared only where it is nothing.
class Comparison {
 public:
  void Compare(const CttInstance& instance, const CttTimetable& timetable) {
    const CttScore score = ScoreCtt(instance, timetable);
    ASSERT_EQ(score.costs, ByTheRules(instance, timetable))
        << testing::WriteCtt(instance) << WriteCttSolution(instance, timetable);
    std::array<int64_t, kCttRules> matched = {};
    for (const CttMatch& match : score.matches) {
      EXPECT_GT(match.cost, 0);
      EXPECT_FALSE(DescribeCttMatch(instance, match).empty());
      matched[static_cast<size_t>(match.rule)] += match.cost;
    }
    ASSERT_EQ(matched, score.costs);
    const auto& c = score.costs;
    ASSERT_EQ(score.violations, c[0] + c[1] + c[2] + c[3]);
    ASSERT_EQ(score.cost, c[4] + c[5] + c[6] + c[7]);
    for (size_t i = 0; i < kCttRules; ++i) broken_[i] += c[i] > 0;
    feasible_ += score.feasible();
  }

  void ExpectSeenEachAtLeast(int times) const {
    EXPECT_GE(feasible_, times);
    for (size_t i = 0; i < kCttRules; ++i) {
      EXPECT_GE(broken_[i], times) << CttRuleName(static_cast<CttRule>(i));
    }
  }

 private:
  std::array<int, kCttRules> broken_ = {};
  int feasible_ = 0;
};

TEST(CttScore, IsThatOfTheRulesOnRandomInstances) {
  std::mt19937_64 random(7);
  Comparison comparison;
  for (int i = 0; i < 1500 && !::testing::Test::HasFatalFailure(); ++i) {
    const CttInstance instance = testing::RandomCtt(random);
    comparison.Compare(instance, testing::WildTimetable(instance, random));
    CttTimetable timetable = testing::CarefulTimetable(instance, random);
    comparison.Compare(instance, timetable);
    testing::Disturb(instance, timetable, random);
    comparison.Compare(instance, timetable);
  }
  comparison.ExpectSeenEachAtLeast(300);
}

TEST(CttScore, IsThatOfTheRulesOnPublishedInstances) {
  std::mt19937_64 random(8);
  Comparison comparison;
  for (const std::string& name : testing::PublishedCttNames()) {
    const CttInstance instance = testing::PublishedCtt(name);
    for (int i = 0; i < 3 && !::testing::Test::HasFatalFailure(); ++i) {
      SCOPED_TRACE(name);
      comparison.Compare(instance, testing::WildTimetable(instance, random));
      CttTimetable timetable = testing::CarefulTimetable(instance, random);
      comparison.Compare(instance, timetable);
      testing::Disturb(instance, timetable, random);
      comparison.Compare(instance, timetable);
    }
  }
  comparison.ExpectSeenEachAtLeast(1);
}

// Two days of three periods. maths and music share a curriculum, maths and chess a teacher.
class CttRules : public ::testing::Test {
 protected:
  CttRules() {
    instance_ = {.name = "small",
                 .days = 2,
                 .periods_per_day = 3,
                 .courses = {{"maths", "anna", 2, 2, 30},
                             {"music", "bo", 1, 1, 12},
                             {"chess", "anna", 1, 1, 5}},
                 .rooms = {{"hall", 40}, {"attic", 10}},
                 .curricula = {{"first", {kMaths, kMusic}}},
                 .unavailable = {{kMusic, 0, 2}}};
  }

  // "rule cost: sentence" of every match.
  std::vector<std::string> Matches(const CttTimetable& timetable) const {
    std::vector<std::string> lines;
    for (const CttMatch& match : ScoreCtt(instance_, timetable).matches) {
      lines.push_back(absl::StrCat(CttRuleName(match.rule), " ", match.cost, ": ",
                                   DescribeCttMatch(instance_, match)));
    }
    return lines;
  }

  static constexpr int kMaths = 0, kMusic = 1, kChess = 2, kHall = 0, kAttic = 1;
  CttInstance instance_;
  // Breaks nothing but that maths is alone on its second day.
  CttTimetable timetable_ = {
      {kMaths, kHall, 0, 0}, {kMusic, kHall, 0, 1}, {kMaths, kHall, 1, 0}, {kChess, kAttic, 0, 2}};
};

TEST_F(CttRules, CostTwoForALectureAloneInItsCurriculum) {
  EXPECT_THAT(Matches(timetable_), ElementsAre("curriculum_compactness 2: maths is alone in "
                                               "curriculum first on day 1, period 0"));
}

TEST_F(CttRules, DoNotSeeTheLastPeriodOfADayBesideTheFirstOfTheNext) {
  instance_.unavailable.clear();
  timetable_[0].period = 1;
  timetable_[1].period = 2;
  timetable_[3].period = 0;
  EXPECT_THAT(Matches(timetable_), ElementsAre("curriculum_compactness 2: maths is alone in "
                                               "curriculum first on day 1, period 0"));
}

TEST_F(CttRules, CountMissingLecturesAndDays) {
  timetable_.erase(timetable_.begin() + 2);
  EXPECT_THAT(Matches(timetable_), ElementsAre("lectures 1: maths has 1 of 2 lectures",
                                               "minimum_working_days 5: maths is on 1 of 2 days"));
}

TEST_F(CttRules, CountTwoLecturesInOnePeriodOnceByTheFirst) {
  timetable_[2] = {kMaths, kAttic, 0, 0};
  EXPECT_THAT(Matches(timetable_), ElementsAre("lectures 1: maths has 1 of 2 lectures",
                                               "minimum_working_days 5: maths is on 1 of 2 days"));
}

TEST_F(CttRules, CountLecturesTooMany) {
  timetable_.push_back({kChess, kAttic, 1, 2});
  EXPECT_EQ(ScoreCtt(instance_, timetable_).Of(CttRule::kLectures), 1);
}

TEST_F(CttRules, CountAPairOfConflictingCoursesOnceForEachPeriod) {
  instance_.curricula.push_back({"second", {kMusic, kMaths}});
  timetable_[1] = {kMusic, kHall, 1, 0};
  timetable_[3] = {kChess, kAttic, 1, 0};
  const CttScore score = ScoreCtt(instance_, timetable_);
  EXPECT_EQ(score.Of(CttRule::kConflicts), 2);
  EXPECT_THAT(Matches(timetable_),
              ::testing::IsSupersetOf(
                  {"conflicts 1: maths and music of curriculum first are both on day 1, period 0",
                   "conflicts 1: maths and chess of teacher anna are both on day 1, period 0",
                   "room_occupation 1: hall has 2 lectures on day 1, period 0"}));
}

TEST_F(CttRules, CountLecturesInAPeriodThatIsNotAvailable) {
  timetable_[1].period = 2;
  EXPECT_THAT(Matches(timetable_),
              ::testing::Contains("availability 1: music is not available on day 0, period 2"));
}

TEST_F(CttRules, CostOneForEachStudentWithoutASeatAndForASecondRoom) {
  timetable_[2].room = kAttic;
  EXPECT_THAT(
      Matches(timetable_),
      ElementsAre("room_capacity 20: maths with 30 students is in attic with 10 seats on day 1, "
                  "period 0",
                  "room_stability 1: maths is in 2 rooms",
                  "curriculum_compactness 2: maths is alone in curriculum first on day 1, period "
                  "0"));
}

TEST_F(CttRules, ListOnlySoManyMatchesButCountThemAll) {
  // Everybody teaches everything at once.
  instance_.courses.clear();
  for (int i = 0; i < 500; ++i) instance_.courses.push_back({absl::StrCat(i), "anna", 1, 1, 1});
  instance_.curricula.clear();
  CttTimetable all;
  for (int i = 0; i < 500; ++i) all.push_back({i, kHall, 0, 0});
  const CttScore score = ScoreCtt(instance_, all);
  EXPECT_EQ(score.Of(CttRule::kConflicts), 500 * 499 / 2);
  EXPECT_EQ(score.matches.size(), kMaxCttMatches);
}

}  // namespace
}  // namespace klynge::courses::timetable
