#include "services/goals/observation_figures.h"

#include <absl/container/flat_hash_map.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "services/platform/rpc/status.h"

namespace klynge::goals {
namespace {

namespace observed = observations::v1;

// The service takes at most this many units in one question.
constexpr size_t kMaxUnits = 1000;

// Everything of a binding that decides the question, but the unit. The scale and the statistic are
// chosen from the answer.
auto QuestionOf(const Binding& binding) {
  return std::tie(binding.instrument_id, binding.item_id, binding.guidepost_code, binding.round_id,
                  binding.from_month, binding.to_month);
}

observed::QueryAggregatesRequest RequestFor(const Binding& binding) {
  observed::QueryAggregatesRequest request;
  request.set_level(observed::AGGREGATE_LEVEL_SCOPE);
  if (binding.round_id.empty()) {
    request.set_instrument_id(binding.instrument_id);
  } else {
    request.add_round_ids(binding.round_id);
  }
  if (!binding.item_id.empty()) {
    request.set_subject(observed::AGGREGATE_SUBJECT_ITEM);
    request.add_item_ids(binding.item_id);
  } else {
    request.set_subject(observed::AGGREGATE_SUBJECT_GUIDEPOST);
    request.add_guidepost_codes(binding.guidepost_code);
  }
  if (binding.from_month.empty()) {
    request.set_period(observed::AGGREGATE_PERIOD_ROUND);
  } else {
    request.set_period(observed::AGGREGATE_PERIOD_MONTH);
    request.set_from_month(binding.from_month);
    request.set_to_month(binding.to_month);
  }
  return request;
}

}  // namespace

ObservationFigures::ObservationFigures(rpc::Peer& observations)
    : observations_(observations),
      stub_(observed::ObservationsService::NewStub(observations.channel())) {}

std::vector<Figure> ObservationFigures::Ask(const rpc::Call& call,
                                            const std::vector<Binding>& bindings) {
  std::vector<size_t> order(bindings.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return QuestionOf(bindings[a]) < QuestionOf(bindings[b]);
  });
  std::vector<Figure> figures(bindings.size());
  for (size_t from = 0; from < order.size();) {
    size_t to = from;
    std::vector<Binding> group;
    while (to < order.size() && group.size() < kMaxUnits &&
           QuestionOf(bindings[order[to]]) == QuestionOf(bindings[order[from]])) {
      group.push_back(bindings[order[to++]]);
    }
    std::vector<Figure> answers = AskGroup(call, group);
    for (size_t i = from; i < to; ++i) figures[order[i]] = std::move(answers[i - from]);
    from = to;
  }
  return figures;
}

std::vector<Figure> ObservationFigures::AskGroup(const rpc::Call& call,
                                                 const std::vector<Binding>& group) {
  observed::QueryAggregatesRequest request = RequestFor(group[0]);
  std::set<std::string> units;
  for (const Binding& binding : group) units.insert(binding.unit_id);
  for (const std::string& unit : units) request.add_unit_ids(unit);
  auto aggregates = Query(call, std::move(request));
  std::vector<Figure> figures;
  if (!aggregates.ok() && units.size() > 1 &&
      aggregates.status().code() == absl::StatusCode::kNotFound) {
    // One unit that the round does not have must not hide the others.
    for (const Binding& binding : group) figures.push_back(AskGroup(call, {binding})[0]);
    return figures;
  }
  if (!aggregates.ok()) {
    const std::string why = absl::StrCat("observations: ", aggregates.status().message());
    return std::vector<Figure>(group.size(), Figure{Figure::Outcome::kUnavailable, 0, 0, why});
  }
  absl::flat_hash_map<std::string, std::vector<observed::Aggregate>> by_unit;
  for (observed::Aggregate& aggregate : *aggregates) {
    by_unit[aggregate.unit_id()].push_back(std::move(aggregate));
  }
  for (const Binding& binding : group) {
    figures.push_back(ChooseFigure(binding, by_unit[binding.unit_id]));
  }
  return figures;
}

absl::StatusOr<std::vector<observed::Aggregate>> ObservationFigures::Query(
    const rpc::Call& call, observed::QueryAggregatesRequest request) {
  std::vector<observed::Aggregate> all;
  request.set_page_size(5000);
  do {
    observed::QueryAggregatesResponse page;
    KLYNGE_RETURN_IF_ERROR(observations_.Ask(
        call, {}, *stub_->async(), &observed::ObservationsService::Stub::async::QueryAggregates,
        request, &page));
    for (observed::Aggregate& aggregate : *page.mutable_aggregates()) {
      all.push_back(std::move(aggregate));
    }
    request.set_page_token(page.next_page_token());
    // The pages may come from different replicas.
    request.set_min_revision(page.revision());
  } while (!request.page_token().empty());
  return all;
}

}  // namespace klynge::goals
