// The inner loop of the search allocates nothing: counted at the allocator itself.

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "services/courses/timetable/ctt/ctt_model.h"
#include "services/courses/timetable/ctt/ctt_test_support.h"
#include "services/courses/timetable/engine/construct.h"
#include "services/courses/timetable/engine/moves.h"
#include "services/courses/timetable/municipal.h"
#include "services/courses/timetable/timetable_test_support.h"

namespace {

std::atomic<int64_t> allocations{0};

}  // namespace

void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace klynge::courses::timetable {
namespace {

// Proposes, makes and half takes back `count` moves; how many were made.
int Wander(const Model& model, int count, int64_t& allocated) {
  Random random(1);
  Solution solution;
  EXPECT_TRUE(Complete(
      model.instance, random, [] { return true; }, solution));
  State state(model, solution);
  Moves moves(state.scratch_board());
  Move move;
  move.shifts.reserve(model.instance.event_count());
  move.transfers.reserve(2);
  const int64_t before = allocations;
  int made = 0;
  for (int i = 0; i < count; ++i) {
    if (!moves.Propose(random, move)) continue;
    ++made;
    if (state.Apply(move) > 0) state.Revert(move);
  }
  allocated = allocations - before;
  return made;
}

TEST(InnerLoop, AllocatesNothingOnAPublishedInstance) {
  int64_t allocated = -1;
  EXPECT_GT(Wander(CttModel(testing::PublishedCtt("comp01")), 200000, allocated), 10000);
  EXPECT_EQ(allocated, 0);
}

TEST(InnerLoop, AllocatesNothingOnAProgramme) {
  const Problem problem = LeadershipEducation();
  const CompiledProblem compiled(problem);
  const Model model = MunicipalModel(problem, compiled, std::vector<int>(problem.series.size(), 3));
  int64_t allocated = -1;
  EXPECT_GT(Wander(model, 50000, allocated), 10000);
  EXPECT_EQ(allocated, 0);
}

}  // namespace
}  // namespace klynge::courses::timetable
