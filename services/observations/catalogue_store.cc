// Reads what the catalogue is made of.
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <google/protobuf/util/time_util.h>

#include <map>

#include "services/observations/observations_store.h"
#include "services/platform/rpc/status.h"
#include "services/platform/sql/json.h"

namespace klynge::observations {
namespace {

using analytics::PublishedFigures;
using analytics::RatingCount;
using analytics::ReportingTree;
using google::protobuf::util::TimeUtil;
using sql::Row;
using sql::Session;

constexpr char kInstrumentsSince[] =
    "SELECT instrument_id, version, definition, published_at_us FROM instruments "
    "WHERE revision > :since ORDER BY version";
constexpr char kRoundsSince[] =
    "SELECT round_no, round_id, label_da, label_en, instrument_id, instrument_version, opens_on, "
    "closes_on, root_unit_ids, purpose, detail_priority, small_group_threshold, state, "
    "observation_count, created_at_us, closed_at_us FROM rounds WHERE revision > :since";
constexpr char kUnitsSince[] =
    "SELECT round_no, unit_id, kind, name, parent_id FROM round_units WHERE revision > :since "
    "ORDER BY round_no, position";
constexpr char kCountsSince[] =
    "SELECT round_no, item, counts FROM round_counts WHERE revision > :since";

absl::Status LoadInstruments(Session& session, int64_t since, Catalogue& catalogue) {
  KLYNGE_ASSIGN_OR_RETURN(const auto rows, session.Query(kInstrumentsSince, {since}));
  for (const Row& row : rows) {
    v1::Instrument instrument;
    KLYNGE_RETURN_IF_ERROR(sql::FromJson(row.Text(2), instrument));
    instrument.set_version(static_cast<int>(row.Int(1)));
    *instrument.mutable_published_at() = TimeUtil::MicrosecondsToTimestamp(row.Int(3));
    // Versions follow each other, and the query gives them in order. One may be met again, when it
    // was committed between the reading of the revision and this.
    auto& versions = catalogue.instruments[row.Text(0)];
    if (static_cast<size_t>(instrument.version()) != versions.size() + 1) continue;
    versions.push_back(std::make_shared<const Instrument>(std::move(instrument)));
  }
  return absl::OkStatus();
}

using Trees = std::map<int64_t, std::shared_ptr<const ReportingTree>>;

absl::StatusOr<Trees> LoadTrees(Session& session, int64_t since) {
  KLYNGE_ASSIGN_OR_RETURN(const auto rows, session.Query(kUnitsSince, {since}));
  std::map<int64_t, std::vector<ReportingTree::Unit>> units;
  for (const Row& row : rows) {
    units[row.Int(0)].push_back({row.Text(1), row.Text(2), row.Text(3), row.Text(4)});
  }
  Trees trees;
  for (const auto& [round_no, list] : units) {
    KLYNGE_ASSIGN_OR_RETURN(auto tree, ReportingTree::Make(list));
    trees[round_no] = std::make_shared<const ReportingTree>(std::move(tree));
  }
  return trees;
}

v1::Round RoundFrom(const Row& row) {
  v1::Round round;
  round.set_round_id(row.Text(1));
  round.mutable_label()->set_da(row.Text(2));
  round.mutable_label()->set_en(row.Text(3));
  round.set_instrument_id(row.Text(4));
  round.set_instrument_version(static_cast<int>(row.Int(5)));
  round.set_opens_on(row.Text(6));
  round.set_closes_on(row.Text(7));
  for (const auto root : absl::StrSplit(row.Text(8), ' ')) {
    round.add_root_unit_ids(std::string(root));
  }
  round.set_purpose(static_cast<v1::RoundPurpose>(row.Int(9)));
  round.set_detail_priority(static_cast<v1::DetailPriority>(row.Int(10)));
  round.set_small_group_threshold(static_cast<int>(row.Int(11)));
  round.set_state(static_cast<v1::RoundState>(row.Int(12)));
  round.set_observation_count(row.Int(13));
  *round.mutable_created_at() = TimeUtil::MicrosecondsToTimestamp(row.Int(14));
  if (!row.IsNull(15) && row.Int(15) > 0) {
    *round.mutable_closed_at() = TimeUtil::MicrosecondsToTimestamp(row.Int(15));
  }
  return round;
}

absl::Status LoadRounds(Session& session, int64_t since, Catalogue& catalogue) {
  KLYNGE_ASSIGN_OR_RETURN(const auto rows, session.Query(kRoundsSince, {since}));
  if (rows.empty()) return absl::OkStatus();
  KLYNGE_ASSIGN_OR_RETURN(const Trees trees, LoadTrees(session, since));
  for (const Row& row : rows) {
    auto round = std::make_shared<Round>();
    if (const Round* known = catalogue.FindRound(row.Text(1))) *round = *known;
    round->proto = RoundFrom(row);
    round->number = row.Int(0);
    round->opens = ParseDate(row.Text(6)).value_or(Date());
    round->closes = ParseDate(row.Text(7)).value_or(Date());
    if (auto tree = trees.find(round->number); tree != trees.end()) round->tree = tree->second;
    KLYNGE_ASSIGN_OR_RETURN(
        round->instrument,
        catalogue.FindInstrument(round->proto.instrument_id(), round->proto.instrument_version()));
    if (!round->tree) {
      return absl::DataLossError(absl::StrCat("round ", row.Text(1), " has lost its units"));
    }
    round->proto.set_unit_count(round->tree->leaf_count());
    catalogue.round_ids[round->number] = row.Text(1);
    catalogue.rounds[row.Text(1)] = std::move(round);
  }
  return absl::OkStatus();
}

// Reads "unit.month.rating.count" separated by blanks.
absl::Status ReadCounts(const std::string& text, const Round& round, int item,
                        std::vector<RatingCount>& counts) {
  const auto& shape = round.instrument->items().at(static_cast<size_t>(item));
  for (const absl::string_view entry : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    const std::vector<absl::string_view> numbers = absl::StrSplit(entry, '.');
    int node = -1;
    RatingCount count;
    count.item = item;
    const bool read = numbers.size() == 4 && absl::SimpleAtoi(numbers[0], &node) &&
                      absl::SimpleAtoi(numbers[1], &count.month) &&
                      absl::SimpleAtoi(numbers[2], &count.value) &&
                      absl::SimpleAtoi(numbers[3], &count.n);
    if (!read || node < 0 || node >= round.tree->size() || !round.tree->node(node).leaf ||
        count.month < 0 || count.month >= round.months() || count.value < shape.minimum ||
        count.value > shape.maximum || count.n < 1) {
      return absl::DataLossError(
          absl::StrCat("the counts of round ", round.proto.round_id(), " cannot be read"));
    }
    count.leaf = round.tree->node(node).first_leaf;
    counts.push_back(count);
  }
  return absl::OkStatus();
}

std::shared_ptr<const PublishedFigures> Publish(const Round& round,
                                                const std::vector<RatingCount>& counts) {
  std::vector<analytics::ItemScale> scales;
  for (const Instrument::Item& item : round.instrument->items()) {
    scales.push_back({item.minimum, item.maximum});
  }
  const auto priority = round.proto.detail_priority() == v1::DETAIL_PRIORITY_MONTHS
                            ? analytics::DetailPriority::kMonths
                            : analytics::DetailPriority::kUnits;
  return std::make_shared<const PublishedFigures>(round.tree, round.months(), scales, counts,
                                                  round.proto.small_group_threshold(), priority);
}

// Publishes the figures of every closed round that has none yet.
absl::Status LoadFigures(Session& session, int64_t since, Catalogue& catalogue) {
  std::map<int64_t, std::vector<RatingCount>> counts;
  for (const auto& [round_id, round] : catalogue.rounds) {
    if (!round->open() && !round->figures) counts[round->number];
  }
  if (counts.empty()) return absl::OkStatus();
  KLYNGE_ASSIGN_OR_RETURN(const auto rows, session.Query(kCountsSince, {since}));
  for (const Row& row : rows) {
    const Round& round = *catalogue.FindRound(catalogue.round_ids.at(row.Int(0)));
    KLYNGE_RETURN_IF_ERROR(
        ReadCounts(row.Text(2), round, static_cast<int>(row.Int(1)), counts[row.Int(0)]));
  }
  for (const auto& [round_no, list] : counts) {
    std::shared_ptr<const Round>& place = catalogue.rounds[catalogue.round_ids.at(round_no)];
    auto closed = std::make_shared<Round>(*place);
    closed->figures = Publish(*closed, list);
    place = std::move(closed);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Catalogue>> LoadCatalogue(
    Session& session, std::shared_ptr<const Catalogue> previous, int64_t previous_revision) {
  auto catalogue =
      previous ? std::make_shared<Catalogue>(*previous) : std::make_shared<Catalogue>();
  const int64_t since = previous ? previous_revision : 0;
  KLYNGE_RETURN_IF_ERROR(LoadInstruments(session, since, *catalogue));
  KLYNGE_RETURN_IF_ERROR(LoadRounds(session, since, *catalogue));
  KLYNGE_RETURN_IF_ERROR(LoadFigures(session, since, *catalogue));
  return catalogue;
}

}  // namespace klynge::observations
