#include "services/observations/observations_store.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <google/protobuf/util/time_util.h>

#include <map>

#include "services/platform/rpc/status.h"
#include "services/platform/sql/json.h"

namespace klynge::observations {
namespace {

using sql::ColumnType;
using sql::Row;
using sql::Value;
using sql::WriteTransaction;

// Placeholders in one statement stay well under what both engines take.
constexpr size_t kIdsAtOnce = 1'000;
constexpr int64_t kObservationsAtOnce = 20'000;

constexpr char kInsertInstrument[] =
    "INSERT INTO instruments (instrument_id, version, definition, published_at_us, revision) "
    "VALUES (:instrument_id, :version, :definition, :published_at_us, :revision)";
constexpr char kInsertRound[] =
    "INSERT INTO rounds (round_no, round_id, label_da, label_en, instrument_id, "
    "instrument_version, opens_on, closes_on, root_unit_ids, purpose, detail_priority, "
    "small_group_threshold, state, observation_count, created_at_us, closed_at_us, revision) "
    "VALUES (:round_no, :round_id, :label_da, :label_en, :instrument_id, :instrument_version, "
    ":opens_on, :closes_on, :root_unit_ids, :purpose, :detail_priority, :small_group_threshold, "
    ":state, 0, :created_at_us, 0, :revision)";
constexpr char kCountObservations[] =
    "UPDATE rounds SET observation_count = observation_count + :added, revision = :revision "
    "WHERE round_no = :round_no";
constexpr char kCloseRound[] =
    "UPDATE rounds SET state = :state, closed_at_us = :closed_at_us, revision = :revision "
    "WHERE round_no = :round_no";
constexpr char kObservationsOfRound[] =
    "SELECT unit, month, ratings FROM observations "
    "WHERE round_no = :round_no AND ordinal >= :first AND ordinal < :end";

const sql::BulkTable& RoundUnits() {
  static const auto& table = *new sql::BulkTable{"round_units",
                                                 {{"round_no", ColumnType::kBigint},
                                                  {"position", ColumnType::kBigint},
                                                  {"unit_id", ColumnType::kText},
                                                  {"kind", ColumnType::kText},
                                                  {"name", ColumnType::kText},
                                                  {"parent_id", ColumnType::kText},
                                                  {"revision", ColumnType::kBigint}},
                                                 ""};
  return table;
}

const sql::BulkTable& Observations() {
  static const auto& table = *new sql::BulkTable{"observations",
                                                 {{"round_no", ColumnType::kBigint},
                                                  {"ordinal", ColumnType::kBigint},
                                                  {"observation_id", ColumnType::kText},
                                                  {"unit", ColumnType::kBigint},
                                                  {"observed_on", ColumnType::kText},
                                                  {"month", ColumnType::kBigint},
                                                  {"observer_role", ColumnType::kText},
                                                  {"perspective", ColumnType::kText},
                                                  {"ratings", ColumnType::kText},
                                                  {"recorded_at_us", ColumnType::kBigint},
                                                  {"revision", ColumnType::kBigint}},
                                                 ""};
  return table;
}

const sql::BulkTable& RoundCounts() {
  static const auto& table = *new sql::BulkTable{"round_counts",
                                                 {{"round_no", ColumnType::kBigint},
                                                  {"item", ColumnType::kBigint},
                                                  {"counts", ColumnType::kText},
                                                  {"revision", ColumnType::kBigint}},
                                                 ""};
  return table;
}

// How often each rating of one item was given.
class ItemCounts {
 public:
  ItemCounts(const Round& round, const Instrument::Item& item)
      : months_(static_cast<size_t>(round.months())),
        minimum_(item.minimum),
        width_(static_cast<size_t>(item.maximum - item.minimum + 1)),
        counts_(static_cast<size_t>(round.tree->size()) * months_ * width_, 0) {}

  void Add(int64_t unit, int64_t month, char rating) {
    const auto value = static_cast<size_t>(RatingOf(rating, 0));
    ++counts_.at((static_cast<size_t>(unit) * months_ + static_cast<size_t>(month)) * width_ +
                 value);
  }

  // As round_counts keeps it.
  std::string Text() const {
    std::string text;
    for (size_t place = 0; place < counts_.size(); ++place) {
      if (counts_[place] == 0) continue;
      absl::StrAppend(&text, text.empty() ? "" : " ", place / width_ / months_, ".",
                      place / width_ % months_, ".", minimum_ + static_cast<int>(place % width_),
                      ".", counts_[place]);
    }
    return text;
  }

 private:
  size_t months_;
  int minimum_;
  size_t width_;
  std::vector<uint32_t> counts_;  // [unit][month][rating less the minimum]
};

absl::StatusOr<std::vector<ItemCounts>> CountRound(sql::Session& session, const Round& round) {
  std::vector<ItemCounts> counts;
  for (const Instrument::Item& item : round.instrument->items()) counts.emplace_back(round, item);
  const int64_t total = round.proto.observation_count();
  // In slices, so that memory does not grow with the number of observations.
  for (int64_t first = 0; first < total; first += kObservationsAtOnce) {
    KLYNGE_ASSIGN_OR_RETURN(
        const auto rows,
        session.Query(kObservationsOfRound, {round.number, first, first + kObservationsAtOnce}));
    for (const Row& row : rows) {
      const std::string ratings = row.Text(2);
      for (size_t item = 0; item < ratings.size() && item < counts.size(); ++item) {
        if (ratings[item] != kUnrated) counts[item].Add(row.Int(0), row.Int(1), ratings[item]);
      }
    }
  }
  return counts;
}

Observation ObservationFrom(const Row& row) {
  return {row.Text(0),
          row.Int(1),
          static_cast<int>(row.Int(2)),
          row.Text(3),
          static_cast<int>(row.Int(4)),
          row.Text(5),
          row.Text(6),
          row.Text(7)};
}

}  // namespace

absl::Status InsertInstrument(WriteTransaction& transaction, const v1::Instrument& instrument) {
  v1::Instrument definition = instrument;
  definition.clear_published_at();
  KLYNGE_ASSIGN_OR_RETURN(const std::string json, sql::ToJson(definition));
  KLYNGE_RETURN_IF_ERROR(transaction.Execute(
      kInsertInstrument,
      {instrument.instrument_id(), static_cast<int64_t>(instrument.version()), json,
       google::protobuf::util::TimeUtil::TimestampToMicroseconds(instrument.published_at()),
       transaction.revision()}));
  transaction.Audit({"instrument", instrument.instrument_id(), "publish", json});
  return absl::OkStatus();
}

absl::Status InsertRound(WriteTransaction& transaction, const Round& round) {
  const v1::Round& proto = round.proto;
  const int64_t number = transaction.revision();
  KLYNGE_RETURN_IF_ERROR(transaction.Execute(
      kInsertRound,
      {number, proto.round_id(), proto.label().da(), proto.label().en(), proto.instrument_id(),
       static_cast<int64_t>(proto.instrument_version()), proto.opens_on(), proto.closes_on(),
       absl::StrJoin(proto.root_unit_ids(), " "), static_cast<int64_t>(proto.purpose()),
       static_cast<int64_t>(proto.detail_priority()),
       static_cast<int64_t>(proto.small_group_threshold()), static_cast<int64_t>(proto.state()),
       google::protobuf::util::TimeUtil::TimestampToMicroseconds(proto.created_at()), number}));
  std::vector<std::vector<Value>> units;
  for (int node = 0; node < round.tree->size(); ++node) {
    const auto& unit = round.tree->node(node).unit;
    units.push_back({number, static_cast<int64_t>(node), unit.unit_id, unit.kind, unit.name,
                     unit.parent_id, number});
  }
  KLYNGE_RETURN_IF_ERROR(transaction.BulkInsert(RoundUnits(), units));
  KLYNGE_ASSIGN_OR_RETURN(std::string json, sql::ToJson(proto));
  transaction.Audit({"round", proto.round_id(), "create", std::move(json)});
  return absl::OkStatus();
}

absl::StatusOr<absl::flat_hash_map<std::string, Observation>> FindObservations(
    sql::Session& session, const std::vector<std::string>& observation_ids) {
  absl::flat_hash_map<std::string, Observation> found;
  for (size_t begin = 0; begin < observation_ids.size(); begin += kIdsAtOnce) {
    const size_t end = std::min(observation_ids.size(), begin + kIdsAtOnce);
    std::vector<Value> params;
    std::vector<std::string> names;
    for (size_t i = begin; i < end; ++i) {
      params.emplace_back(observation_ids[i]);
      names.push_back(absl::StrCat(":id", i - begin));
    }
    KLYNGE_ASSIGN_OR_RETURN(
        const auto rows,
        session.Query(absl::StrCat("SELECT observation_id, round_no, unit, observed_on, month, "
                                   "observer_role, perspective, ratings FROM observations "
                                   "WHERE observation_id IN (",
                                   absl::StrJoin(names, ", "), ")"),
                      params));
    for (const Row& row : rows) found.emplace(row.Text(0), ObservationFrom(row));
  }
  return found;
}

absl::Status InsertObservations(WriteTransaction& transaction, const Catalogue& catalogue,
                                const std::vector<Observation>& observations) {
  std::map<int64_t, int64_t> added;  // by round
  std::vector<std::vector<Value>> rows;
  rows.reserve(observations.size());
  for (const Observation& o : observations) {
    const Round& round = *catalogue.FindRound(catalogue.round_ids.at(o.round_no));
    const int64_t ordinal = round.proto.observation_count() + added[o.round_no]++;
    rows.push_back({o.round_no, ordinal, o.observation_id, static_cast<int64_t>(o.unit),
                    o.observed_on, static_cast<int64_t>(o.month), o.observer_role, o.perspective,
                    o.ratings, absl::ToUnixMicros(transaction.now()), transaction.revision()});
  }
  KLYNGE_RETURN_IF_ERROR(transaction.BulkInsert(Observations(), rows));
  for (const auto& [round_no, count] : added) {
    KLYNGE_RETURN_IF_ERROR(
        transaction.Execute(kCountObservations, {count, transaction.revision(), round_no}));
    transaction.Audit({"round", catalogue.round_ids.at(round_no), "record",
                       absl::StrCat("{\"observations\":", count, "}"), count});
  }
  return absl::OkStatus();
}

absl::Status CloseRound(WriteTransaction& transaction, const Round& round) {
  KLYNGE_ASSIGN_OR_RETURN(sql::Session * session, transaction.Reader());
  KLYNGE_ASSIGN_OR_RETURN(const auto counts, CountRound(*session, round));
  std::vector<std::vector<Value>> rows;
  for (size_t item = 0; item < counts.size(); ++item) {
    rows.push_back(
        {round.number, static_cast<int64_t>(item), counts[item].Text(), transaction.revision()});
  }
  KLYNGE_RETURN_IF_ERROR(transaction.BulkInsert(RoundCounts(), rows));
  KLYNGE_RETURN_IF_ERROR(transaction.Execute(
      kCloseRound, {static_cast<int64_t>(v1::ROUND_STATE_CLOSED),
                    absl::ToUnixMicros(transaction.now()), transaction.revision(), round.number}));
  transaction.Audit({"round", round.proto.round_id(), "close", "{}"});
  return absl::OkStatus();
}

}  // namespace klynge::observations
