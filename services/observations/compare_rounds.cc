#include "services/observations/compare_rounds.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <set>

#include "klynge/observations/v1/errors.pb.h"
#include "services/observations/figure.h"
#include "services/observations/page.h"
#include "services/observations/query_scope.h"
#include "services/observations/subject.h"
#include "services/platform/rpc/validation.h"

namespace klynge::observations {
namespace {

absl::StatusOr<std::shared_ptr<const Round>> RequireClosed(const Catalogue& catalogue,
                                                           const std::string& round_id) {
  KLYNGE_ASSIGN_OR_RETURN(auto round, catalogue.RequireRound(round_id));
  if (!round->open()) return round;
  return FailedPrecondition(
      v1::ERROR_REASON_ROUND_OPEN,
      absl::StrCat("round \"", round_id, "\" is open; its figures are published by CloseRound"),
      {{"round_id", round_id}});
}

// The units to compare, each round over its own tree: those of the earlier round first.
std::vector<std::string> UnitsToCompare(const Round& before, const Round& after,
                                        const v1::CompareRoundsRequest& request) {
  std::vector<std::string> units;
  std::set<std::string> taken;
  for (const Round* round : {&before, &after}) {
    for (const int node : NodesAt(*round->tree, request.unit_ids(), request.level())) {
      const std::string& unit = round->tree->node(node).unit.unit_id;
      if (taken.insert(unit).second) units.push_back(unit);
    }
  }
  return units;
}

void FillComparison(const Round& before, const Round& after, const Subject& earlier,
                    const Subject& later, const std::string& unit_id, v1::Comparison* comparison) {
  comparison->set_unit_id(unit_id);
  FillSubject(earlier, comparison);
  ShownStatistics then;
  ShownStatistics now;
  if (const int node = before.tree->Find(unit_id); node >= 0) {
    then = FillFigure(before, earlier, node, 0, comparison->mutable_before());
  }
  if (const int node = after.tree->Find(unit_id); node >= 0) {
    now = FillFigure(after, later, node, 0, comparison->mutable_after());
  }
  if (!then || !now) return;
  if (const auto difference = analytics::Compare(*then, *now)) {
    comparison->set_comparable(true);
    comparison->set_difference(difference->mean);
    comparison->set_standard_error(difference->standard_error);
  }
}

}  // namespace

absl::Status CompareRounds(const Catalogue& catalogue, const v1::CompareRoundsRequest& request,
                           v1::CompareRoundsResponse* response) {
  Violations violations;
  RequireId(violations, "before_round_id", request.before_round_id());
  RequireId(violations, "after_round_id", request.after_round_id());
  if (request.unit_ids_size() > kMostUnits) {
    violations.Add("unit_ids", absl::StrCat("has more than ", kMostUnits, " entries"));
  }
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  KLYNGE_ASSIGN_OR_RETURN(const Page page, PageOf(request, kDefaultFigures, kMostFigures));
  KLYNGE_ASSIGN_OR_RETURN(const auto before, RequireClosed(catalogue, request.before_round_id()));
  KLYNGE_ASSIGN_OR_RETURN(const auto after, RequireClosed(catalogue, request.after_round_id()));
  KLYNGE_RETURN_IF_ERROR(RequireUnits(request.unit_ids(), {before, after}));
  KLYNGE_RETURN_IF_ERROR(RequireItems(request.item_ids(), {before, after}));
  const ItemFilter filter = {{request.item_ids().begin(), request.item_ids().end()}, {}};
  const auto earlier =
      CommonSubjects(*before->instrument, *after->instrument, request.subject(), filter);
  const auto later =
      CommonSubjects(*after->instrument, *before->instrument, request.subject(), filter);
  if (earlier.empty()) {
    return FailedPrecondition(v1::ERROR_REASON_ROUNDS_NOT_COMPARABLE,
                              "the two rounds have no item in common, by id and scale");
  }
  const auto units = UnitsToCompare(*before, *after, request);
  const auto subjects = static_cast<int64_t>(earlier.size());
  const int64_t total = static_cast<int64_t>(units.size()) * subjects;
  for (int64_t place = page.begin; place < page.End(total); ++place) {
    const Subject& subject = earlier[place % subjects];
    const auto twin = std::find_if(later.begin(), later.end(), [&](const Subject& candidate) {
      return candidate.Matches(subject);
    });
    if (twin == later.end()) continue;  // the later instrument counts its items elsewhere
    FillComparison(*before, *after, subject, *twin, units[place / subjects],
                   response->add_comparisons());
  }
  SetNextPage(request, page, total, response);
  return absl::OkStatus();
}

}  // namespace klynge::observations
