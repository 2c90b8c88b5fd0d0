// Instances and timetables for tests: the published ones, and random ones.

#ifndef KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_CTT_TEST_SUPPORT_H_
#define KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_CTT_TEST_SUPPORT_H_

#include <random>
#include <string>
#include <vector>

#include "services/courses/timetable/ctt/ctt.h"

namespace klynge::courses::timetable::testing {

// toy, comp01 … comp10.
std::vector<std::string> PublishedCttNames();
// The text of a published instance; the working directory is the repository.
std::string PublishedCttText(const std::string& name);
CttInstance PublishedCtt(const std::string& name);

// A small instance of any shape: one period a day, one room, curricula that share courses, teachers
// with several courses, courses without a period left. It is sound but need not have a solution.
CttInstance RandomCtt(std::mt19937_64& random);

// Any number of lectures anywhere.
CttTimetable WildTimetable(const CttInstance& instance, std::mt19937_64& random);
// The right lectures, put one by one where they break nothing as long as there is such a place.
CttTimetable CarefulTimetable(const CttInstance& instance, std::mt19937_64& random);
// A few lectures moved, left out or repeated.
void Disturb(const CttInstance& instance, CttTimetable& timetable, std::mt19937_64& random);

// The file of an instance.
std::string WriteCtt(const CttInstance& instance);

}  // namespace klynge::courses::timetable::testing

#endif  // KLYNGE_SERVICES_COURSES_TIMETABLE_CTT_CTT_TEST_SUPPORT_H_
