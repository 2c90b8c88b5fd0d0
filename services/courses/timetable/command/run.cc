#include "services/courses/timetable/command/run.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "services/courses/timetable/command/arguments.h"
#include "services/courses/timetable/command/disruption.h"
#include "services/courses/timetable/command/files.h"
#include "services/courses/timetable/command/names.h"
#include "services/courses/timetable/command/progress.h"
#include "services/courses/timetable/command/report.h"

namespace klynge::courses::timetable {

namespace {

constexpr char kProgram[] = "klynge-timetable: ";

absl::Status InFile(const std::string& path, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(path, ": ", status.message()));
}

bool IsBetter(const CttScore& a, const CttScore& b) {
  return std::pair(a.violations, a.cost) < std::pair(b.violations, b.cost);
}

class Command {
 public:
  Command(const Arguments& arguments, const Surroundings& surroundings)
      : arguments_(arguments),
        surroundings_(surroundings),
        progress_(surroundings.err_is_terminal, surroundings.err) {}

  // The exit code, or what is wrong with a file.
  absl::StatusOr<int> Run() {
    if (absl::Status status = ReadFiles(); !status.ok()) return status;
    if (!arguments_.output_path.empty() && arguments_.output_path != "-") {
      if (absl::Status status = CheckCanWrite(arguments_.output_path); !status.ok()) return status;
    }
    switch (arguments_.verb) {
      case Verb::kSolve:
        return Solve();
      case Verb::kImprove:
        return Improve();
      case Verb::kReplan:
        return Replan();
      case Verb::kWhy:
        return Why();
      case Verb::kWhyNot:
        return WhyNot();
      case Verb::kSuggest:
        return Suggest();
      case Verb::kDiff:
        surroundings_.out(DiffTable(instance_, given_, other_));
        return kExitOk;
      default:
        return Score();
    }
  }

 private:
  absl::Status ReadFiles() {
    const auto text = ReadWholeFile(arguments_.instance_path);
    if (!text.ok()) return text.status();
    auto instance = ParseCtt(*text);
    if (!instance.ok()) return InFile(arguments_.instance_path, instance.status());
    instance_ = *std::move(instance);
    if (arguments_.verb == Verb::kSolve) return absl::OkStatus();
    if (absl::Status read = ReadSolution(arguments_.solution_path, given_); !read.ok()) return read;
    if (arguments_.verb != Verb::kDiff) return absl::OkStatus();
    return ReadSolution(arguments_.other_path, other_);
  }

  absl::Status ReadSolution(const std::string& path, CttTimetable& to) const {
    const auto text = ReadWholeFile(path);
    if (!text.ok()) return text.status();
    auto timetable = ParseCttSolution(instance_, *text);
    if (timetable.ok()) to = *std::move(timetable);
    return InFile(path, timetable.status());
  }

  SearchOptions Options() {
    SearchOptions options;
    options.seed = arguments_.seed;
    options.time_limit = arguments_.time_limit;
    options.max_iterations = arguments_.max_iterations;
    options.target = arguments_.target;
    options.threads = arguments_.threads;
    options.cancelled = surroundings_.cancelled;
    if (!arguments_.quiet) {
      options.on_progress = [this](const SearchProgress& progress) { progress_.Show(progress); };
      options.progress_without_news = true;
    }
    return options;
  }

  int Score() {
    const CttScore score = ScoreCtt(instance_, given_);
    surroundings_.out(ScoreTable(instance_, score, arguments_.explain));
    return score.feasible() ? kExitOk : kExitInfeasible;
  }

  absl::StatusOr<int> Why() {
    const CttScore score = ScoreCtt(instance_, given_);
    if (arguments_.lecture.empty()) {
      surroundings_.out(CostTable(instance_, score));
      return kExitOk;
    }
    const auto question = ReadQuestion(instance_, given_, arguments_);
    if (!question.ok()) return question.status();
    surroundings_.out(WhyTable(instance_, score, question->lecture));
    return kExitOk;
  }

  absl::StatusOr<int> WhyNot() {
    const auto question = ReadQuestion(instance_, given_, arguments_);
    if (!question.ok()) return question.status();
    if (!IsFeasible()) return kExitInfeasible;
    const auto& [lecture, to] = *question;
    const CttConsequence found = CttWhatIf(instance_, given_).WhyNot(lecture, to);
    surroundings_.out(WhyNotTable(instance_, {lecture.course, lecture, to}, found));
    return found.obstacles.empty() ? kExitOk : kExitInfeasible;
  }

  absl::StatusOr<int> Suggest() {
    const auto question = ReadQuestion(instance_, given_, arguments_);
    if (!question.ok()) return question.status();
    if (!IsFeasible()) return kExitInfeasible;
    CttWhatIf what_if(instance_, given_);
    surroundings_.out(
        SuggestionTable(instance_, what_if.Suggest(question->lecture, arguments_.count)));
    return kExitOk;
  }

  // What breaks rules cannot be asked what another place would change.
  bool IsFeasible() const {
    const CttScore score = ScoreCtt(instance_, given_);
    if (!score.feasible()) {
      Complain(absl::StrCat(arguments_.solution_path, " has ", score.violations,
                            " violations, which score --explain names; improve mends them."));
    }
    return score.feasible();
  }

  absl::StatusOr<int> Solve() {
    const CttResult result = SolveCtt(instance_, Options());
    progress_.Clear();
    SayEffort(result);
    return Finish(result.timetable);
  }

  absl::StatusOr<int> Improve() {
    const CttScore start = ScoreCtt(instance_, given_);
    const CttResult result = ImproveCtt(instance_, given_, Options());
    progress_.Clear();
    Say(start.feasible() ? absl::StrCat("cost ", start.cost, " at the start\n")
                         : absl::StrCat(start.violations, " violations at the start\n"));
    SayEffort(result);
    const bool better = IsBetter(ScoreCtt(instance_, result.timetable), start);
    return Finish(better ? result.timetable : given_);
  }

  absl::StatusOr<int> Replan() {
    CttDisruption disruption;
    const auto problems = ReadDisruption(instance_, arguments_, disruption);
    if (!problems.empty()) {
      return absl::InvalidArgumentError(absl::StrJoin(problems, "\n"));
    }
    const CttTimetable hit = LecturesHit(instance_, given_, disruption);
    Say(absl::StrCat(hit.size(), hit.size() == 1 ? " lecture" : " lectures",
                     " cannot be held as published\n"));
    if (hit.empty() && !arguments_.prefer_cost && ScoreCtt(instance_, given_).feasible()) {
      return Finish(given_);
    }
    return Repair(disruption);
  }

  absl::StatusOr<int> Repair(const CttDisruption& disruption) {
    const CttReplan replan =
        ReplanCtt(instance_, given_, disruption, arguments_.max_changes, Options());
    progress_.Clear();
    const auto repairs =
        SoundRepairs(instance_, given_, disruption, replan, arguments_.max_changes);
    if (repairs.empty()) {
      Complain(absl::StrCat("no timetable without violations was found with --max-changes=",
                            arguments_.max_changes, "; allow more, or search longer."));
      return kExitInfeasible;
    }
    const auto& chosen = Choose(repairs, arguments_.prefer_cost);
    Say(RepairTable(instance_, given_, repairs, chosen));
    return Finish(chosen.timetable);
  }

  // Says how good the timetable is and writes it.
  absl::StatusOr<int> Finish(const CttTimetable& timetable) {
    const CttScore score = ScoreCtt(instance_, timetable);
    Say(ScoreTable(instance_, score, false));
    const std::string text = WriteCttSolution(instance_, timetable);
    if (arguments_.output_path == "-") {
      surroundings_.out(text);
    } else if (absl::Status status = WriteWholeFile(arguments_.output_path, text); !status.ok()) {
      return status;
    }
    if (score.feasible()) return kExitOk;
    Complain("no timetable without violations was found; the one written came closest.");
    return kExitInfeasible;
  }

  // On standard output, unless the timetable goes there.
  void Say(const std::string& text) const {
    (arguments_.output_path == "-" ? surroundings_.err : surroundings_.out)(text);
  }

  void SayEffort(const CttResult& result) const {
    Say(absl::StrFormat("%s, seed %d, %d iterations\n",
                        DescribeProgress({.feasible = result.feasible,
                                          .cost = result.cost,
                                          .iterations = result.iterations,
                                          .elapsed = result.elapsed}),
                        arguments_.seed, result.iterations));
  }

  void Complain(absl::string_view sentence) const {
    surroundings_.err(absl::StrCat(kProgram, sentence, "\n"));
  }

  const Arguments& arguments_;
  const Surroundings& surroundings_;
  ProgressLine progress_;
  CttInstance instance_;
  CttTimetable given_;
  CttTimetable other_;
};

}  // namespace

int Run(const std::vector<std::string>& words, const Surroundings& surroundings) {
  Arguments arguments;
  const std::vector<std::string> problems = ReadArguments(words, arguments);
  for (const std::string& problem : problems) {
    surroundings.err(absl::StrCat(kProgram, problem, "\n"));
  }
  if (!problems.empty()) {
    surroundings.err("klynge-timetable --help tells how it is used.\n");
    return kExitUsage;
  }
  if (arguments.verb == Verb::kHelp) {
    surroundings.out(Usage());
    return kExitOk;
  }
  const absl::StatusOr<int> code = Command(arguments, surroundings).Run();
  if (code.ok()) return *code;
  for (absl::string_view line : absl::StrSplit(code.status().message(), '\n')) {
    surroundings.err(absl::StrCat(kProgram, line, "\n"));
  }
  return kExitUsage;
}

}  // namespace klynge::courses::timetable
