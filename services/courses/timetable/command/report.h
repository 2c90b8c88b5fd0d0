// What klynge-timetable says of a timetable.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_COMMAND_REPORT_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_COMMAND_REPORT_H_

#include <string>
#include <vector>

#include "services/courses/timetable/ctt/ctt_score.h"
#include "services/courses/timetable/ctt/ctt_solver.h"
#include "services/courses/timetable/ctt/ctt_what_if.h"

namespace klynge::courses::timetable {

// A line for each rule and the totals; with `explain`, every place where a rule costs something,
// the dearest first.
std::string ScoreTable(const CttInstance& instance, const CttScore& score, bool explain);

// What each lecture costs, and each course where its lectures cost together, the dearest first.
std::string CostTable(const CttInstance& instance, const CttScore& score);

// What rules count at the lecture, and at its course as a whole.
std::string WhyTable(const CttInstance& instance, const CttScore& score, const CttLecture& lecture);

std::string WhyNotTable(const CttInstance& instance, const CttChange& change,
                        const CttConsequence& consequence);

// The places with what each costs more, by rule and in all.
std::string SuggestionTable(const CttInstance& instance,
                            const std::vector<CttSuggestion>& suggestions);

// The lectures that are elsewhere, and every rule before and after.
std::string DiffTable(const CttInstance& instance, const CttTimetable& before,
                      const CttTimetable& after);

// One repair of a published timetable.
struct Repair {
  size_t changes = 0;
  int64_t cost = 0;
  CttTimetable timetable;
};

// The repairs of `replan` that hold, by the rules and the disruption counted afresh: one for each
// number of changes up to `max_changes`, the fewest first.
std::vector<Repair> SoundRepairs(const CttInstance& instance, const CttTimetable& published,
                                 const CttDisruption& disruption, const CttReplan& replan,
                                 size_t max_changes);

// The repair with the fewest changes, or the cheapest. There must be one.
const Repair& Choose(const std::vector<Repair>& repairs, bool prefer_cost);

// Cost against number of changes, the chosen repair marked, and what it changes.
std::string RepairTable(const CttInstance& instance, const CttTimetable& published,
                        const std::vector<Repair>& repairs, const Repair& chosen);

}  // namespace klynge::courses::timetable

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_COMMAND_REPORT_H_
