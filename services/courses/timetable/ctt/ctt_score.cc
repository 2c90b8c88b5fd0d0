#include "services/courses/timetable/ctt/ctt_score.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace klynge::courses::timetable {

namespace {

constexpr int kMissingDayCost = 5;
constexpr int kIsolatedLectureCost = 2;

constexpr absl::string_view kNames[kCttRules] = {"lectures",
                                                 "conflicts",
                                                 "availability",
                                                 "room_occupation",
                                                 "room_capacity",
                                                 "minimum_working_days",
                                                 "curriculum_compactness",
                                                 "room_stability"};

class Scorer {
 public:
  Scorer(const CttInstance& instance, const CttTimetable& timetable)
      : instance_(instance),
        lectures_(instance.courses.size()),
        curricula_(instance.courses.size()),
        periods_(instance.days * instance.periods_per_day) {
    for (const CttLecture& lecture : timetable) lectures_[lecture.course].push_back(lecture);
    for (auto& of_course : lectures_) KeepFirstOfEachPeriod(of_course);
    for (size_t i = 0; i < instance.curricula.size(); ++i) {
      for (int course : instance.curricula[i].courses) curricula_[course].push_back(int(i));
    }
  }

  CttScore Score() && {
    ScoreCourses();
    ScoreConflicts();
    ScoreAvailability();
    ScoreRoomOccupation();
    ScoreCompactness();
    for (size_t i = 0; i < kCttRules; ++i) {
      (IsHard(static_cast<CttRule>(i)) ? score_.violations : score_.cost) += score_.costs[i];
    }
    return std::move(score_);
  }

 private:
  int PeriodOf(const CttLecture& l) const { return l.day * instance_.periods_per_day + l.period; }

  void KeepFirstOfEachPeriod(CttTimetable& lectures) const {
    std::stable_sort(lectures.begin(), lectures.end(),
                     [this](auto& a, auto& b) { return PeriodOf(a) < PeriodOf(b); });
    lectures.erase(std::unique(lectures.begin(), lectures.end(),
                               [this](auto& a, auto& b) { return PeriodOf(a) == PeriodOf(b); }),
                   lectures.end());
  }

  void Add(const CttMatch& match) {
    if (match.cost == 0) return;
    score_.costs[static_cast<size_t>(match.rule)] += match.cost;
    if (score_.matches.size() < kMaxCttMatches) score_.matches.push_back(match);
  }

  // What concerns a course alone: its number of lectures, their days, and their rooms.
  void ScoreCourses() {
    for (size_t i = 0; i < lectures_.size(); ++i) {
      const CttCourse& course = instance_.courses[i];
      const int number = static_cast<int>(lectures_[i].size());
      int days = 0, last_day = -1;
      std::vector<int> rooms;
      for (const CttLecture& lecture : lectures_[i]) {
        days += lecture.day != last_day;
        last_day = lecture.day;
        rooms.push_back(lecture.room);
        ScoreCapacity(course, lecture);
      }
      std::sort(rooms.begin(), rooms.end());
      const int used = static_cast<int>(std::unique(rooms.begin(), rooms.end()) - rooms.begin());
      AddOfCourse(CttRule::kLectures, std::abs(course.lectures - number), i, number,
                  course.lectures);
      AddOfCourse(CttRule::kMinimumWorkingDays,
                  kMissingDayCost * std::max(0, course.min_days - days), i, days, course.min_days);
      AddOfCourse(CttRule::kRoomStability, std::max(0, used - 1), i, used, 1);
    }
  }

  void AddOfCourse(CttRule rule, int64_t cost, size_t course, int found, int wanted) {
    Add({.rule = rule,
         .cost = cost,
         .course = static_cast<int>(course),
         .found = found,
         .wanted = wanted});
  }

  void ScoreCapacity(const CttCourse& course, const CttLecture& lecture) {
    const int seats = instance_.rooms[lecture.room].capacity;
    Add({.rule = CttRule::kRoomCapacity,
         .cost = std::max(0, course.students - seats),
         .course = lecture.course,
         .room = lecture.room,
         .day = lecture.day,
         .period = lecture.period,
         .found = seats,
         .wanted = course.students});
  }

  void ScoreConflicts() {
    std::vector<CttTimetable> at(periods_);
    for (const auto& of_course : lectures_) {
      for (const CttLecture& lecture : of_course) at[PeriodOf(lecture)].push_back(lecture);
    }
    for (const CttTimetable& together : at) {
      for (size_t i = 0; i < together.size(); ++i) {
        for (size_t j = 0; j < i; ++j) ScoreConflict(together[j], together[i]);
      }
    }
  }

  void ScoreConflict(const CttLecture& a, const CttLecture& b) {
    const int curriculum = CommonCurriculum(a.course, b.course);
    if (curriculum < 0 &&
        instance_.courses[a.course].teacher != instance_.courses[b.course].teacher) {
      return;
    }
    Add({.rule = CttRule::kConflicts,
         .cost = 1,
         .course = a.course,
         .other_course = b.course,
         .curriculum = curriculum,
         .day = a.day,
         .period = a.period});
  }

  // The first curriculum with both courses, or -1. The lists are in order.
  int CommonCurriculum(int a, int b) const {
    const auto& of_a = curricula_[a];
    const auto& of_b = curricula_[b];
    for (size_t i = 0, j = 0; i < of_a.size() && j < of_b.size();) {
      if (of_a[i] == of_b[j]) return of_a[i];
      of_a[i] < of_b[j] ? ++i : ++j;
    }
    return -1;
  }

  void ScoreAvailability() {
    for (const CttUnavailable& when : instance_.unavailable) {
      const CttLecture there{when.course, 0, when.day, when.period};
      const auto& lectures = lectures_[when.course];
      if (!std::binary_search(lectures.begin(), lectures.end(), there,
                              [this](auto& a, auto& b) { return PeriodOf(a) < PeriodOf(b); })) {
        continue;
      }
      Add({.rule = CttRule::kAvailability,
           .cost = 1,
           .course = when.course,
           .day = when.day,
           .period = when.period});
    }
  }

  void ScoreRoomOccupation() {
    std::vector<int> count(instance_.rooms.size() * periods_);
    for (const auto& of_course : lectures_) {
      for (const CttLecture& l : of_course) ++count[l.room * periods_ + PeriodOf(l)];
    }
    for (int i = 0; i < static_cast<int>(count.size()); ++i) {
      Add({.rule = CttRule::kRoomOccupation,
           .cost = std::max(0, count[i] - 1),
           .room = i / periods_,
           .day = i % periods_ / instance_.periods_per_day,
           .period = i % instance_.periods_per_day,
           .found = count[i],
           .wanted = 1});
    }
  }

  void ScoreCompactness() {
    for (size_t i = 0; i < instance_.curricula.size(); ++i) {
      std::vector<bool> taught(periods_);
      for (int course : instance_.curricula[i].courses) {
        for (const CttLecture& lecture : lectures_[course]) taught[PeriodOf(lecture)] = true;
      }
      for (int course : instance_.curricula[i].courses) {
        for (const CttLecture& lecture : lectures_[course]) {
          if (HasNeighbour(taught, lecture)) continue;
          Add({.rule = CttRule::kCurriculumCompactness,
               .cost = kIsolatedLectureCost,
               .course = course,
               .curriculum = static_cast<int>(i),
               .day = lecture.day,
               .period = lecture.period});
        }
      }
    }
  }

  bool HasNeighbour(const std::vector<bool>& taught, const CttLecture& lecture) const {
    const int at = PeriodOf(lecture);
    return (lecture.period > 0 && taught[at - 1]) ||
           (lecture.period + 1 < instance_.periods_per_day && taught[at + 1]);
  }

  const CttInstance& instance_;
  std::vector<CttTimetable> lectures_;       // by course, in the order of their periods
  std::vector<std::vector<int>> curricula_;  // by course
  const int periods_;
  CttScore score_;
};

}  // namespace

bool IsHard(CttRule rule) { return rule < CttRule::kRoomCapacity; }

absl::string_view CttRuleName(CttRule rule) { return kNames[static_cast<size_t>(rule)]; }

CttScore ScoreCtt(const CttInstance& instance, const CttTimetable& timetable) {
  return Scorer(instance, timetable).Score();
}

std::string DescribeCttMatch(const CttInstance& instance, const CttMatch& match) {
  const std::string when = absl::StrCat("on day ", match.day, ", period ", match.period);
  const auto course = [&](int i) { return absl::string_view(instance.courses[i].id); };
  const auto room = [&] { return absl::string_view(instance.rooms[match.room].id); };
  const auto curriculum = [&] {
    return absl::StrCat("curriculum ", instance.curricula[match.curriculum].id);
  };
  switch (match.rule) {
    case CttRule::kLectures:
      return absl::StrCat(course(match.course), " has ", match.found, " of ", match.wanted,
                          " lectures");
    case CttRule::kConflicts:
      return absl::StrCat(course(match.course), " and ", course(match.other_course), " of ",
                          match.curriculum >= 0
                              ? curriculum()
                              : absl::StrCat("teacher ", instance.courses[match.course].teacher),
                          " are both ", when);
    case CttRule::kAvailability:
      return absl::StrCat(course(match.course), " is not available ", when);
    case CttRule::kRoomOccupation:
      return absl::StrCat(room(), " has ", match.found, " lectures ", when);
    case CttRule::kRoomCapacity:
      return absl::StrCat(course(match.course), " with ", match.wanted, " students is in ", room(),
                          " with ", match.found, " seats ", when);
    case CttRule::kMinimumWorkingDays:
      return absl::StrCat(course(match.course), " is on ", match.found, " of ", match.wanted,
                          " days");
    case CttRule::kCurriculumCompactness:
      return absl::StrCat(course(match.course), " is alone in ", curriculum(), " ", when);
    case CttRule::kRoomStability:
      return absl::StrCat(course(match.course), " is in ", match.found, " rooms");
  }
  return "";
}

}  // namespace klynge::courses::timetable
