// What another place for a lecture would change, and which places would be best.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_CTT_WHAT_IF_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_CTT_WHAT_IF_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/courses/timetable/ctt/ctt.h"
#include "services/courses/timetable/ctt/ctt_changes.h"
#include "services/courses/timetable/engine/explain.h"

namespace klynge::courses::timetable {

// What a soft rule costs more after a change; negative: less.
struct CttCostChange {
  std::string rule;  // as CttRuleName says
  int64_t cost = 0;
};

struct CttConsequence {
  std::vector<std::string> obstacles;  // sentences; empty: the lecture fits there
  // When it fits: the rules whose cost changes, and their sum.
  std::vector<CttCostChange> costs;
  int64_t cost = 0;
};

// A lecture at another place, or two that change places.
struct CttSuggestion {
  std::vector<CttChange> changes;
  std::vector<CttCostChange> costs;
  int64_t cost = 0;
};

class CttWhatIf {
 public:
  // Of a timetable without violations. `instance` must outlive this.
  CttWhatIf(const CttInstance& instance, const CttTimetable& timetable);

  // `lecture` is of the timetable, `to` of the same course.
  CttConsequence WhyNot(const CttLecture& lecture, const CttLecture& to);
  // The cheapest other places, the earliest first of those that cost the same.
  std::vector<CttSuggestion> Suggest(const CttLecture& lecture, int count);

 private:
  // The teacher stays who it is.
  Placement PlacementOf(int event, const CttLecture& lecture) const;
  CttLecture LectureOf(int event, const Placement& at) const;
  int EventOf(const CttLecture& lecture) const;
  std::vector<CttCostChange> CostsOf(const std::vector<RuleChange>& changes) const;
  std::string Describe(const Obstruction& obstruction, int event, const Placement& to) const;

  const CttInstance& ctt_;
  const Model model_;
  State state_;
};

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_CTT_WHAT_IF_H_
