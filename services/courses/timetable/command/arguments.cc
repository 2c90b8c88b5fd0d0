#include "services/courses/timetable/command/arguments.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace klynge::courses::timetable {

namespace {

constexpr absl::Duration kUsualTime = absl::Seconds(60);
constexpr double kMostSeconds = 1e7;  // almost four months
constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

struct VerbWords {
  Verb verb;
  std::string name;
  std::string files;
  size_t number_of_files;
};

const std::vector<VerbWords>& Verbs() {
  static const auto& verbs =
      *new std::vector<VerbWords>{{Verb::kSolve, "solve", "FILE.ctt", 1},
                                  {Verb::kImprove, "improve", "FILE.ctt START.sol", 2},
                                  {Verb::kScore, "score", "FILE.ctt SOLUTION.sol", 2},
                                  {Verb::kReplan, "replan", "FILE.ctt PUBLISHED.sol", 2},
                                  {Verb::kWhy, "why", "FILE.ctt SOLUTION.sol", 2},
                                  {Verb::kWhyNot, "why-not", "FILE.ctt SOLUTION.sol", 2},
                                  {Verb::kSuggest, "suggest", "FILE.ctt SOLUTION.sol", 2},
                                  {Verb::kDiff, "diff", "FILE.ctt BEFORE.sol AFTER.sol", 3}};
  return verbs;
}

const std::vector<Verb>& Searching() {
  static const auto& verbs = *new std::vector<Verb>{Verb::kSolve, Verb::kImprove, Verb::kReplan};
  return verbs;
}

struct Flag {
  std::string name;   // "--seed"
  std::string value;  // what it takes, as in "S"; empty: nothing
  std::vector<Verb> verbs;
  std::string help;
  // Takes the value; returns what was expected instead, or nothing.
  std::function<std::string(const std::string&)> take;
};

template <typename Number>
std::string TakeNumber(const std::string& text, int64_t least, int64_t most, Number& to) {
  int64_t number = 0;
  if (absl::SimpleAtoi(text, &number) && number >= least && number <= most) {
    to = static_cast<Number>(number);
    return "";
  }
  if (most == kMost) return absl::StrCat("a whole number from ", least);
  return absl::StrCat("a whole number from ", least, " to ", most);
}

std::string TakeSeconds(const std::string& text, absl::Duration& to) {
  double seconds = 0;
  if (!absl::SimpleAtod(text, &seconds) || !(seconds > 0 && seconds <= kMostSeconds)) {
    return absl::StrCat("a number of seconds above 0, at most ", kMostSeconds);
  }
  to = absl::Seconds(seconds);
  return "";
}

std::string TakeText(const std::string& text, std::string& to) {
  to = text;
  return text.empty() ? "a file" : "";
}

std::string TakePreference(const std::string& text, bool& prefer_cost) {
  prefer_cost = text == "cost";
  return text == "cost" || text == "changes" ? "" : "changes or cost";
}

std::vector<Flag> FlagsOf(Arguments& a) {
  const auto number = [](int64_t least, int64_t most, auto& to) {
    return [=, &to](const std::string& given) { return TakeNumber(given, least, most, to); };
  };
  const auto set = [](bool& to) {
    return [&to](const std::string&) { return to = true, std::string(); };
  };
  const auto add = [](std::vector<std::string>& to) {
    return [&to](const std::string& given) { return to.push_back(given), std::string(); };
  };
  const auto text = [](std::string& to) {
    return [&to](const std::string& given) { return to = given, std::string(); };
  };
  const std::vector<Verb> replan = {Verb::kReplan};
  return {
      {"-o", "OUT.sol", Searching(), "where the timetable goes; - is standard output",
       [&a](const std::string& given) { return TakeText(given, a.output_path); }},
      {"--seconds", "S", Searching(),
       "how long to search (60, or without limit if --iterations is given)",
       [&a](const std::string& given) { return TakeSeconds(given, a.time_limit); }},
      {"--iterations", "N", Searching(),
       "steps of each search; the same seed and steps give the same timetable",
       number(1, kMost, a.max_iterations)},
      {"--target", "C", Searching(), "stop at this cost (0)", number(0, kMost, a.target)},
      {"--seed", "N", Searching(), "of the random numbers (1)", number(0, kMost, a.seed)},
      {"--threads", "T", Searching(), "searches side by side, with a seed each (1)",
       number(1, 256, a.threads)},
      {"--quiet", "", Searching(), "no progress on standard error", set(a.quiet)},
      {"--explain", "", {Verb::kScore}, "every place where a rule costs something", set(a.explain)},
      {"--close-room", "ROOM@DAY", replan, "a room cannot be used on a day; may be repeated",
       add(a.closed_rooms)},
      {"--close-period", "DAY/PERIOD", replan, "nothing is held in a period; may be repeated",
       add(a.closed_periods)},
      {"--teacher-ill", "TEACHER@DAY", replan, "a teacher is away on a day; may be repeated",
       add(a.absent_teachers)},
      {"--max-changes", "N", replan, "how many lectures may move (20)",
       number(1, 1000000, a.max_changes)},
      {"--prefer", "changes|cost", replan,
       "write the timetable with the fewest changes, or the cheapest (changes)",
       [&a](const std::string& given) { return TakePreference(given, a.prefer_cost); }},
      {"--lecture",
       "COURSE@DAY/PERIOD",
       {Verb::kWhy, Verb::kWhyNot, Verb::kSuggest},
       "the lecture that is asked about (why: all)",
       text(a.lecture)},
      {"--to",
       "[ROOM@]DAY/PERIOD",
       {Verb::kWhyNot},
       "where it might be instead (its own room)",
       text(a.place)},
      {"--count", "K", {Verb::kSuggest}, "how many places (10)", number(1, 10000, a.count)},
  };
}

class Reader {
 public:
  Reader(const std::vector<std::string>& words, Arguments& arguments)
      : words_(words), arguments_(arguments), flags_(FlagsOf(arguments)) {}

  std::vector<std::string> Read() && {
    if (AsksForHelp()) return {};
    if (!ReadVerb()) return problems_;
    for (next_ = 1; next_ < words_.size();) ReadWord(words_[next_++]);
    CheckFiles();
    if (IsOneOf(Searching())) CheckLimits();
    CheckPlaces();
    return problems_;
  }

 private:
  bool AsksForHelp() const {
    return std::any_of(words_.begin(), words_.end(),
                       [](auto& word) { return word == "--help" || word == "-h"; }) ||
           (!words_.empty() && words_[0] == "help");
  }

  bool ReadVerb() {
    for (const VerbWords& verb : Verbs()) {
      if (words_.empty() || words_[0] != verb.name) continue;
      arguments_.verb = verb.verb;
      verb_ = &verb;
      return true;
    }
    problems_.push_back(absl::StrCat(
        words_.empty() ? "Nothing was asked" : absl::StrCat("\"", words_[0], "\" is unknown"),
        ": begin with ",
        absl::StrJoin(Verbs(), ", ",
                      [](std::string* out, const VerbWords& verb) { out->append(verb.name); }),
        "."));
    return false;
  }

  bool IsOneOf(const std::vector<Verb>& verbs) const {
    return std::find(verbs.begin(), verbs.end(), arguments_.verb) != verbs.end();
  }

  void ReadWord(const std::string& word) {
    if (only_files_ || word.size() < 2 || word[0] != '-') {
      files_.push_back(word);
    } else if (word == "--") {
      only_files_ = true;
    } else {
      ReadFlag(word);
    }
  }

  // "--seed 7" or "--seed=7".
  void ReadFlag(const std::string& word) {
    const size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const auto flag = std::find_if(flags_.begin(), flags_.end(), [&](const Flag& candidate) {
      return candidate.name == name || (name == "--output" && candidate.name == "-o");
    });
    if (flag == flags_.end() || !IsOneOf(flag->verbs)) {
      problems_.push_back(absl::StrCat(verb_->name, " has no flag ", name, "."));
      return;
    }
    std::string value;
    if (equals != std::string::npos) {
      value = word.substr(equals + 1);
    } else if (!flag->value.empty()) {
      if (next_ == words_.size()) {
        problems_.push_back(absl::StrCat(name, " needs ", flag->value, "."));
        return;
      }
      value = words_[next_++];
    }
    if (flag->value.empty() && equals != std::string::npos) {
      problems_.push_back(absl::StrCat(name, " takes no value."));
    } else if (const std::string expected = flag->take(value); !expected.empty()) {
      problems_.push_back(absl::StrCat(name, ": found \"", value, "\", expected ", expected, "."));
    }
  }

  void CheckFiles() {
    if (files_.size() != verb_->number_of_files) {
      problems_.push_back(absl::StrCat(verb_->name, " needs ", verb_->files, ", found ",
                                       files_.empty() ? "no file" : absl::StrJoin(files_, " "),
                                       "."));
      return;
    }
    arguments_.instance_path = files_[0];
    if (files_.size() > 1) arguments_.solution_path = files_[1];
    if (files_.size() > 2) arguments_.other_path = files_[2];
  }

  void CheckLimits() {
    if (arguments_.output_path.empty()) problems_.push_back("-o OUT.sol is missing.");
    if (arguments_.time_limit == absl::InfiniteDuration() && arguments_.max_iterations == kMost) {
      arguments_.time_limit = kUsualTime;
    }
    if (arguments_.verb == Verb::kReplan && arguments_.closed_rooms.empty() &&
        arguments_.closed_periods.empty() && arguments_.absent_teachers.empty()) {
      problems_.push_back(
          "replan needs what went wrong: --close-room, --close-period or --teacher-ill.");
    }
  }

  void CheckPlaces() {
    if (arguments_.lecture.empty() && IsOneOf({Verb::kWhyNot, Verb::kSuggest})) {
      problems_.push_back("--lecture COURSE@DAY/PERIOD is missing.");
    }
    if (arguments_.place.empty() && IsOneOf({Verb::kWhyNot})) {
      problems_.push_back("--to [ROOM@]DAY/PERIOD is missing.");
    }
  }

  const std::vector<std::string>& words_;
  Arguments& arguments_;
  const std::vector<Flag> flags_;
  const VerbWords* verb_ = nullptr;
  std::vector<std::string> files_;
  std::vector<std::string> problems_;
  size_t next_ = 0;
  bool only_files_ = false;
};

}  // namespace

std::vector<std::string> ReadArguments(const std::vector<std::string>& words,
                                       Arguments& arguments) {
  return Reader(words, arguments).Read();
}

std::string Usage() {
  std::string text =
      "klynge-timetable: course timetables by the rules of ITC-2007, track 3.\n\n"
      "  klynge-timetable solve FILE.ctt -o OUT.sol                finds a timetable\n"
      "  klynge-timetable improve FILE.ctt START.sol -o OUT.sol    makes one cheaper\n"
      "  klynge-timetable score FILE.ctt SOLUTION.sol              violations and costs by rule\n"
      "  klynge-timetable replan FILE.ctt PUBLISHED.sol -o OUT.sol repairs one after a mishap\n"
      "  klynge-timetable why FILE.ctt SOLUTION.sol                what lectures cost, and why\n"
      "  klynge-timetable why-not FILE.ctt SOLUTION.sol            what another place would "
      "change\n"
      "  klynge-timetable suggest FILE.ctt SOLUTION.sol            the best other places\n"
      "  klynge-timetable diff FILE.ctt BEFORE.sol AFTER.sol       which lectures moved\n";
  Arguments unused;
  std::string heading;
  for (const Flag& flag : FlagsOf(unused)) {
    const std::string of = absl::StrJoin(flag.verbs, ", ", [](std::string* out, Verb verb) {
      for (const VerbWords& words : Verbs()) {
        if (words.verb == verb) out->append(words.name);
      }
    });
    if (of != heading) absl::StrAppend(&text, "\n", of, ":\n");
    heading = of;
    std::string left = absl::StrCat("  ", flag.name, flag.value.empty() ? "" : " ", flag.value);
    left.resize(std::max<size_t>(left.size() + 1, 31), ' ');
    absl::StrAppend(&text, left, flag.help, "\n");
  }
  return text +
         "\nDays and periods count from 0. Ctrl-C ends a search and keeps the best so far; a "
         "second "
         "one\nends it at once.\n"
         "Exit codes: 0 no hard rule is broken; 1 one is or would be, or no timetable was found; 2 "
         "the\n"
         "command line or a file is wrong.\n";
}

}  // namespace klynge::courses::timetable
