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

// The units to compare, those of the earlier round first.
std::vector<std::string> UnitsToCompare(const RoundView& before, const RoundView& after,
                                        const v1::CompareRoundsRequest& request) {
  std::vector<std::string> units;
  std::set<std::string> taken;
  for (const RoundView* view : {&before, &after}) {
    for (const int node : NodesAt(view->tree(), request.unit_ids(), request.level())) {
      const std::string& unit = view->tree().node(node).unit.unit_id;
      if (taken.insert(unit).second) units.push_back(unit);
    }
  }
  return units;
}

void FillComparison(const RoundView& before, const RoundView& after, const Subject& earlier,
                    const Subject& later, const std::string& unit_id, v1::Comparison* comparison) {
  comparison->set_unit_id(unit_id);
  FillSubject(earlier, comparison);
  const int node_then = before.tree().Find(unit_id);
  const int node_now = after.tree().Find(unit_id);
  ShownStatistics then;
  ShownStatistics now;
  if (node_then >= 0) then = before.Fill(earlier, node_then, 0, comparison->mutable_before());
  if (node_now >= 0) now = after.Fill(later, node_now, 0, comparison->mutable_after());
  if (node_then < 0 || node_now < 0) return;
  comparison->set_same_units(before.CountedIn(node_then) == after.CountedIn(node_now));
  if (!then || !now) return;
  if (const auto difference = analytics::Compare(*then, *now)) {
    comparison->set_comparable(true);
    comparison->set_difference(difference->mean);
    comparison->set_standard_error(difference->standard_error);
  }
}

}  // namespace

absl::Status CompareRounds(const Catalogue& catalogue, const organisation::Tree* organisation,
                           const v1::CompareRoundsRequest& request,
                           v1::CompareRoundsResponse* response) {
  Violations violations;
  RequireId(violations, "before_round_id", request.before_round_id());
  RequireId(violations, "after_round_id", request.after_round_id());
  if (request.unit_ids_size() > kMostUnits) {
    violations.Add("unit_ids", absl::StrCat("has more than ", kMostUnits, " entries"));
  }
  DateOr(violations, "tree_as_of", request.tree_as_of(), kOpenStart);
  KLYNGE_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS));
  KLYNGE_ASSIGN_OR_RETURN(const Page page, PageOf(request, kDefaultFigures, kMostFigures));
  KLYNGE_ASSIGN_OR_RETURN(const auto before, RequireClosed(catalogue, request.before_round_id()));
  KLYNGE_ASSIGN_OR_RETURN(const auto after, RequireClosed(catalogue, request.after_round_id()));
  KLYNGE_RETURN_IF_ERROR(
      request.tree_as_of().empty()
          ? RequireUnits(request.unit_ids(), {before, after})
          : RequireUnitsOn(*organisation, request.unit_ids(), request.tree_as_of()));
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
  const RoundView then = ViewOf(before, organisation, request.tree_as_of());
  const RoundView now = ViewOf(after, organisation, request.tree_as_of());
  const auto units = UnitsToCompare(then, now, request);
  const auto subjects = static_cast<int64_t>(earlier.size());
  const int64_t total = static_cast<int64_t>(units.size()) * subjects;
  for (int64_t place = page.begin; place < page.End(total); ++place) {
    const Subject& subject = earlier[place % subjects];
    const auto twin = std::find_if(later.begin(), later.end(), [&](const Subject& candidate) {
      return candidate.Matches(subject);
    });
    if (twin == later.end()) continue;  // the later instrument counts its items elsewhere
    FillComparison(then, now, subject, *twin, units[place / subjects], response->add_comparisons());
  }
  SetNextPage(request, page, total, response);
  return absl::OkStatus();
}

}  // namespace klynge::observations
