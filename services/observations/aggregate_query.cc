#include "services/observations/aggregate_query.h"

#include <absl/strings/str_cat.h>

#include "klynge/observations/v1/errors.pb.h"
#include "services/observations/figure.h"
#include "services/observations/page.h"
#include "services/observations/query_scope.h"
#include "services/observations/subject.h"
#include "services/platform/rpc/validation.h"

namespace klynge::observations {
namespace {

constexpr int kMostRounds = 20;

// What one round contributes: every combination of node, subject and period is one aggregate.
struct Part {
  RoundView view;
  std::vector<int> nodes;
  std::vector<Subject> subjects;
  std::vector<int> periods;

  int64_t size() const {
    return static_cast<int64_t>(nodes.size() * subjects.size() * periods.size());
  }
};

// "" or a month "2021-10".
bool ValidMonth(const std::string& month) {
  return month.empty() || (month.size() == 7 && ParseDate(month + "-01").has_value());
}

absl::Status CheckRequest(const v1::QueryAggregatesRequest& request) {
  Violations violations;
  if (request.round_ids().empty() == request.instrument_id().empty()) {
    violations.Add("round_ids", "give round_ids or instrument_id, and not both");
  }
  if (request.round_ids_size() > kMostRounds) {
    violations.Add("round_ids", absl::StrCat("has more than ", kMostRounds, " entries"));
  }
  if (request.unit_ids_size() > kMostUnits) {
    violations.Add("unit_ids", absl::StrCat("has more than ", kMostUnits, " entries"));
  }
  if (!v1::AggregateLevel_IsValid(request.level())) violations.Add("level", "is unknown");
  if (!v1::AggregateSubject_IsValid(request.subject())) violations.Add("subject", "is unknown");
  if (!v1::AggregatePeriod_IsValid(request.period())) violations.Add("period", "is unknown");
  if (!ValidMonth(request.from_month())) violations.Add("from_month", "write 2021-10");
  if (!ValidMonth(request.to_month())) violations.Add("to_month", "write 2021-10");
  if (!request.tree_as_of().empty() && !ParseDate(request.tree_as_of())) {
    violations.Add("tree_as_of", "is no date; write 2023-01-01");
  }
  return violations.ToStatus(v1::ERROR_REASON_INVALID_FIELDS);
}

absl::StatusOr<Rounds> RoundsOf(const Catalogue& catalogue,
                                const v1::QueryAggregatesRequest& request) {
  Rounds rounds;
  if (request.round_ids().empty()) {
    KLYNGE_RETURN_IF_ERROR(catalogue.FindInstrument(request.instrument_id(), 0).status());
    for (auto& round : catalogue.RoundsInOrder()) {
      if (round->open() || round->proto.instrument_id() != request.instrument_id()) continue;
      rounds.push_back(std::move(round));
    }
    return rounds;
  }
  for (const std::string& round_id : request.round_ids()) {
    KLYNGE_ASSIGN_OR_RETURN(auto round, catalogue.RequireRound(round_id));
    rounds.push_back(std::move(round));
  }
  return rounds;
}

std::vector<int> PeriodsOf(const Round& round, const v1::QueryAggregatesRequest& request) {
  if (request.period() != v1::AGGREGATE_PERIOD_MONTH) return {0};
  std::vector<int> periods;
  for (int month = 0; month < round.months(); ++month) {
    const std::string name = round.MonthName(month);
    if (!request.from_month().empty() && name < request.from_month()) continue;
    if (!request.to_month().empty() && request.to_month() < name) continue;
    periods.push_back(month + 1);
  }
  return periods;
}

void FillAggregate(const Part& part, int64_t place, v1::Aggregate* aggregate) {
  const auto periods = static_cast<int64_t>(part.periods.size());
  const auto subjects = static_cast<int64_t>(part.subjects.size());
  const int period = part.periods[place % periods];
  const Subject& subject = part.subjects[place / periods % subjects];
  const int node = part.nodes[place / periods / subjects];
  aggregate->set_round_id(part.view.round().proto.round_id());
  aggregate->set_unit_id(part.view.tree().node(node).unit.unit_id);
  FillSubject(subject, aggregate);
  if (period > 0) aggregate->set_month(part.view.round().MonthName(period - 1));
  part.view.Fill(subject, node, period, aggregate->mutable_figure());
}

}  // namespace

absl::Status QueryAggregates(const Catalogue& catalogue, const organisation::Tree* organisation,
                             const v1::QueryAggregatesRequest& request,
                             v1::QueryAggregatesResponse* response) {
  KLYNGE_RETURN_IF_ERROR(CheckRequest(request));
  KLYNGE_ASSIGN_OR_RETURN(const Page page, PageOf(request, kDefaultFigures, kMostFigures));
  KLYNGE_ASSIGN_OR_RETURN(const Rounds rounds, RoundsOf(catalogue, request));
  KLYNGE_RETURN_IF_ERROR(RequireItems(request.item_ids(), rounds));
  const bool other_tree = !request.tree_as_of().empty();
  KLYNGE_RETURN_IF_ERROR(
      other_tree ? RequireUnitsOn(*organisation, request.unit_ids(), request.tree_as_of())
                 : RequireUnits(request.unit_ids(), rounds));
  const ItemFilter filter = {{request.item_ids().begin(), request.item_ids().end()},
                             {request.guidepost_codes().begin(), request.guidepost_codes().end()}};
  std::vector<Part> parts;
  int64_t total = 0;
  for (const auto& round : rounds) {
    RoundView view = ViewOf(round, organisation, request.tree_as_of());
    std::vector<int> nodes = NodesAt(view.tree(), request.unit_ids(), request.level());
    parts.push_back({std::move(view), std::move(nodes),
                     SubjectsOf(*round->instrument, request.subject(), filter),
                     PeriodsOf(*round, request)});
    total += parts.back().size();
  }
  int64_t place = page.begin;
  const int64_t end = page.End(total);
  int64_t before = 0;  // aggregates of the parts gone by
  for (const Part& part : parts) {
    for (; place < end && place - before < part.size(); ++place) {
      FillAggregate(part, place - before, response->add_aggregates());
    }
    before += part.size();
  }
  SetNextPage(request, page, total, response);
  return absl::OkStatus();
}

}  // namespace klynge::observations
