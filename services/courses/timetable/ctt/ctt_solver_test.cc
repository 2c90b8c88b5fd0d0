// The solver against the scorer: what it says of its timetables is what the published rules say, on
// instances of every shape, solvable or not.
#include "services/courses/timetable/ctt/ctt_solver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "services/courses/timetable/ctt/ctt_changes.h"
#include "services/courses/timetable/ctt/ctt_score.h"
#include "services/courses/timetable/ctt/ctt_test_support.h"

namespace klynge::courses::timetable {
namespace {

SearchOptions Steps(int64_t iterations, uint64_t seed = 1) {
  SearchOptions options;
  options.seed = seed;
  options.max_iterations = iterations;
  return options;
}

// What the search says of a timetable is what the rules say.
void ExpectHonest(const CttInstance& instance, const CttResult& result) {
  const CttScore score = ScoreCtt(instance, result.timetable);
  EXPECT_EQ(result.feasible, score.feasible());
  if (result.feasible) {
    EXPECT_EQ(result.cost, score.cost);
  }
}

TEST(CttSolver, SaysOfItsTimetablesWhatTheRulesSay) {
  std::mt19937_64 random(11);
  int feasible = 0, infeasible = 0;
  for (int i = 0; i < 300; ++i) {
    const CttInstance instance = testing::RandomCtt(random);
    SCOPED_TRACE(testing::WriteCtt(instance));
    const CttResult result = SolveCtt(instance, Steps(2000, random()));
    ExpectHonest(instance, result);
    ++(result.feasible ? feasible : infeasible);
  }
  EXPECT_GT(feasible, 50);
  EXPECT_GT(infeasible, 50);
}

TEST(CttSolver, IsFeasibleOnEveryPublishedInstance) {
  for (const std::string& name : testing::PublishedCttNames()) {
    SCOPED_TRACE(name);
    const CttInstance instance = testing::PublishedCtt(name);
    const CttResult result = SolveCtt(instance, Steps(300000));
    EXPECT_TRUE(result.feasible);
    ExpectHonest(instance, result);
  }
}

TEST(CttSolver, NeverMakesATimetableWorse) {
  std::mt19937_64 random(12);
  for (int i = 0; i < 300; ++i) {
    const CttInstance instance = testing::RandomCtt(random);
    SCOPED_TRACE(testing::WriteCtt(instance));
    CttTimetable start = testing::CarefulTimetable(instance, random);
    if (i % 2 == 0) testing::Disturb(instance, start, random);
    SCOPED_TRACE(WriteCttSolution(instance, start));
    const CttScore before = ScoreCtt(instance, start);
    const CttResult result = ImproveCtt(instance, start, Steps(1000, random()));
    ExpectHonest(instance, result);
    if (!before.feasible()) continue;
    EXPECT_TRUE(result.feasible);
    EXPECT_LE(result.cost, before.cost);
  }
}

TEST(CttSolver, RepairsWithinTheCapAroundWhatIsLost) {
  std::mt19937_64 random(13);
  int repaired = 0;
  for (int i = 0; i < 300; ++i) {
    const CttInstance instance = testing::RandomCtt(random);
    SCOPED_TRACE(testing::WriteCtt(instance));
    const CttResult published = SolveCtt(instance, Steps(2000, random()));
    if (!published.feasible) continue;
    SCOPED_TRACE(WriteCttSolution(instance, published.timetable));
    const int day = static_cast<int>(random() % instance.days);
    CttDisruption disruption;
    if (i % 3 == 0) disruption.room_days = {{0, day}};
    if (i % 3 == 1) disruption.periods = {{day, 0}};
    if (i % 3 == 2) disruption.teacher_days = {{instance.courses[0].teacher, day}};
    const int most = 1 + static_cast<int>(random() % 8);
    const CttReplan replan =
        ReplanCtt(instance, published.timetable, disruption, most, Steps(20000, random()));
    ASSERT_EQ(replan.curve.size(), replan.changes.size());
    for (size_t k = 0; k < replan.curve.size(); ++k) {
      const CttResult& repair = replan.curve[k];
      EXPECT_TRUE(repair.feasible);
      ExpectHonest(instance, repair);
      EXPECT_LE(CttChanges(instance, published.timetable, repair.timetable).size(),
                static_cast<size_t>(replan.changes[k]));
      EXPECT_LE(replan.changes[k], most);
      for (const CttLecture& l : repair.timetable) {
        for (const auto& [room, closed] : disruption.room_days) {
          EXPECT_FALSE(l.room == room && l.day == closed);
        }
        for (const auto& [d, period] : disruption.periods) {
          EXPECT_FALSE(l.day == d && l.period == period);
        }
        for (const auto& [teacher, away] : disruption.teacher_days) {
          EXPECT_FALSE(instance.courses[l.course].teacher == teacher && l.day == away);
        }
      }
      ++repaired;
    }
  }
  EXPECT_GT(repaired, 50);
}

// The least cost of a feasible timetable that differs from `published` in the one lecture `moved`.
int64_t CheapestMove(const CttInstance& instance, const CttTimetable& published, size_t moved,
                     const std::pair<int, int>& closed) {
  int64_t least = std::numeric_limits<int64_t>::max();
  CttTimetable now = published;
  for (int day = 0; day < instance.days; ++day) {
    for (int period = 0; period < instance.periods_per_day; ++period) {
      if (std::pair(day, period) == closed) continue;
      for (int room = 0; room < static_cast<int>(instance.rooms.size()); ++room) {
        now[moved] = {published[moved].course, room, day, period};
        const CttScore score = ScoreCtt(instance, now);
        if (score.feasible()) least = std::min<int64_t>(least, score.cost);
      }
    }
  }
  return least;
}

TEST(CttSolver, RepairsWithFewestChangesAtTheLeastCostOfThose) {
  std::mt19937_64 random(15);
  int single = 0;
  for (int i = 0; i < 300; ++i) {
    const CttInstance instance = testing::RandomCtt(random);
    const CttResult published = SolveCtt(instance, Steps(2000, random()));
    if (!published.feasible || published.timetable.empty()) continue;
    const size_t moved = random() % published.timetable.size();
    const CttLecture& hit = published.timetable[moved];
    const std::pair<int, int> closed(hit.day, hit.period);
    if (std::count_if(published.timetable.begin(), published.timetable.end(),
                      [&](const CttLecture& each) {
                        return std::pair(each.day, each.period) == closed;
                      }) > 1) {
      continue;
    }
    CttDisruption disruption;
    disruption.periods = {closed};
    const int64_t least = CheapestMove(instance, published.timetable, moved, closed);
    if (least == std::numeric_limits<int64_t>::max()) continue;
    SCOPED_TRACE(testing::WriteCtt(instance));
    const CttReplan replan =
        ReplanCtt(instance, published.timetable, disruption, 4, Steps(40000, random()));
    ASSERT_FALSE(replan.curve.empty());
    EXPECT_EQ(replan.changes[0], 1);
    EXPECT_EQ(replan.curve[0].cost, least);
    for (size_t k = 1; k < replan.curve.size(); ++k) {
      EXPECT_GT(replan.changes[k], replan.changes[k - 1]);
      EXPECT_LT(replan.curve[k].cost, replan.curve[k - 1].cost);
    }
    ++single;
  }
  EXPECT_GT(single, 40);
}

TEST(CttSolver, PlacesTheOthersWhereSomethingHasNoPlace) {
  CttInstance instance = testing::PublishedCtt("toy");
  for (int day = 0; day < instance.days; ++day) {
    for (int period = 0; period < instance.periods_per_day; ++period) {
      instance.unavailable.push_back({0, day, period});
    }
  }
  const CttResult result = SolveCtt(instance, Steps(1000));
  EXPECT_FALSE(result.feasible);
  EXPECT_EQ(ScoreCtt(instance, result.timetable).violations, instance.courses[0].lectures);
}

std::string Comp01(uint64_t seed, int threads) {
  const CttInstance instance = testing::PublishedCtt("comp01");
  SearchOptions options = Steps(50000, seed);
  options.threads = threads;
  return WriteCttSolution(instance, SolveCtt(instance, options).timetable);
}

TEST(CttSolver, GivesTheSameForTheSameSeedStepsAndThreads) {
  EXPECT_EQ(Comp01(3, 1), Comp01(3, 1));
  EXPECT_NE(Comp01(3, 1), Comp01(4, 1));
  EXPECT_EQ(Comp01(3, 3), Comp01(3, 3));
}

TEST(CttSolver, TellsItsProgressFromOneThreadAtATimeAndStopsWhenAsked) {
  const CttInstance instance = testing::PublishedCtt("comp02");
  SearchOptions options;
  options.threads = 3;
  options.progress_interval = absl::ZeroDuration();
  std::atomic<bool> told{false};
  int64_t last = std::numeric_limits<int64_t>::max();  // not atomic: the thread sanitizer looks on
  options.on_progress = [&](const SearchProgress& progress) {
    if (!progress.feasible) return;
    EXPECT_LE(progress.cost, last);
    last = progress.cost;
    told = true;
  };
  options.cancelled = [&] { return told.load(); };
  const CttResult result = SolveCtt(instance, options);
  EXPECT_TRUE(result.feasible);
  EXPECT_EQ(result.cost, last);
  ExpectHonest(instance, result);
}

TEST(CttSolver, TellsThatItStillSearchesWhenNothingGetsBetter) {
  CttInstance hopeless = testing::PublishedCtt("toy");
  hopeless.courses[0].lectures = 30;  // in 20 periods
  SearchOptions options = Steps(100000);
  options.progress_interval = absl::ZeroDuration();
  options.progress_without_news = true;
  int told = 0;
  options.on_progress = [&](const SearchProgress& progress) {
    EXPECT_FALSE(progress.feasible);
    ++told;
  };
  SolveCtt(hopeless, options);
  EXPECT_GT(told, 2);
}

}  // namespace
}  // namespace klynge::courses::timetable
