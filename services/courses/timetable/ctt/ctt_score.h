// What a timetable costs by the published rules of ITC-2007, track 3, and where. Counts afresh,
// from nothing but the instance and the timetable, so that it can judge what the search says of
// itself.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_CTT_SCORE_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_CTT_SCORE_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "services/courses/timetable/ctt/ctt.h"

namespace klynge::courses::timetable {

// The four hard rules first, whose costs are violations, then the four soft ones.
enum class CttRule {
  kLectures,               // lectures missing or too many; two in one period are one
  kConflicts,              // pairs of courses of one teacher or curriculum in one period
  kAvailability,           // lectures in a period that is not available
  kRoomOccupation,         // lectures after the first in one room and period
  kRoomCapacity,           // 1 for a student without a seat in a lecture
  kMinimumWorkingDays,     // 5 for a missing day
  kCurriculumCompactness,  // 2 for a lecture with no other of its curriculum beside it on the day
  kRoomStability,          // 1 for a room of a course after the first
};

inline constexpr size_t kCttRules = 8;

bool IsHard(CttRule rule);
absl::string_view CttRuleName(CttRule rule);  // "room_occupation"

// One place where a rule costs something. What the rule is not about is -1.
struct CttMatch {
  CttRule rule = CttRule::kLectures;
  int64_t cost = 0;
  int course = -1;
  int other_course = -1;  // with which it conflicts
  int curriculum = -1;    // in which; a conflict without one is of their teacher
  int room = -1;
  int day = -1;
  int period = -1;
  int found = 0;   // lectures, days, rooms or seats
  int wanted = 0;  // how many there should be
};

// "c0001 and c0002 of curriculum q000 are both on day 0, period 3".
std::string DescribeCttMatch(const CttInstance& instance, const CttMatch& match);

struct CttScore {
  std::array<int64_t, kCttRules> costs = {};
  int64_t violations = 0;  // sum of the hard rules
  int64_t cost = 0;        // sum of the soft ones, as the competition counts it
  std::vector<CttMatch> matches;

  int64_t Of(CttRule rule) const { return costs[static_cast<size_t>(rule)]; }
  bool feasible() const { return violations == 0; }
};

// More matches than these are counted but not listed.
inline constexpr size_t kMaxCttMatches = 100000;

// Any timetable of existing courses, rooms and periods can be scored, also an incomplete one. Of
// several lectures of one course in one period, the first counts and the others are not there, as
// the published validator has it.
CttScore ScoreCtt(const CttInstance& instance, const CttTimetable& timetable);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_CTT_SCORE_H_
