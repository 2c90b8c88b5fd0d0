#include "services/observations/observation.h"

#include <absl/strings/str_cat.h>

#include "services/platform/rpc/validation.h"

namespace klynge::observations {
namespace {

constexpr absl::string_view kCodes = "0123456789abcdefghij";

// Judges one record, field by field, and goes on after each problem.
class Judging {
 public:
  Judging(const v1::Observation& record, const Catalogue& catalogue,
          const organisation::Tree* organisation)
      : record_(record),
        organisation_(organisation),
        round_(catalogue.FindRound(record.round_id())) {}

  Judgement Run() {
    result_.observation.observation_id = record_.observation_id();
    if (!ValidId(record_.observation_id())) {
      Problem(v1::ERROR_REASON_INVALID_FIELDS, "observation_id",
              absl::StrCat("\"", record_.observation_id(),
                           "\" is no id; [a-z0-9][a-z0-9._-]{0,63} is allowed"));
    }
    JudgeRound();
    JudgeUnit();
    JudgeDay();
    JudgeCodes();
    JudgeRatings();
    return std::move(result_);
  }

 private:
  void Problem(v1::ErrorReason reason, std::string field, std::string description) {
    Rejection& rejection = result_.rejection;
    if (rejection.problems.empty()) {
      rejection.reason = reason;
      rejection.message = absl::StrCat(field, ": ", description);
    }
    rejection.problems.push_back({std::move(field), std::move(description)});
  }

  void JudgeRound() {
    if (round_ == nullptr) {
      Problem(v1::ERROR_REASON_ROUND_NOT_FOUND, "round_id",
              absl::StrCat("\"", record_.round_id(), "\" is no round; ListRounds shows them"));
      return;
    }
    result_.observation.round_no = round_->number;
    if (!round_->open()) {
      Problem(v1::ERROR_REASON_ROUND_CLOSED, "round_id",
              absl::StrCat("\"", record_.round_id(),
                           "\" is closed and takes no more observations; use an open round"));
    }
  }

  void JudgeUnit() {
    const std::string& unit = record_.unit_id();
    if (!ValidId(unit)) {
      Problem(v1::ERROR_REASON_INVALID_FIELDS, "unit_id",
              absl::StrCat("\"", unit, "\" is no id; [a-z0-9][a-z0-9._-]{0,63} is allowed"));
      return;
    }
    const int node = round_ == nullptr ? -1 : round_->tree->Find(unit);
    if (node >= 0) {
      result_.observation.unit = node;
      if (!round_->tree->node(node).leaf) {
        Problem(v1::ERROR_REASON_UNIT_HAS_UNITS_BELOW, "unit_id",
                absl::StrCat("\"", unit, "\" has units below it; record on one of those"));
      }
    } else if (organisation_ != nullptr && !organisation_->Exists(unit)) {
      Problem(v1::ERROR_REASON_UNIT_NOT_FOUND, "unit_id",
              absl::StrCat("\"", unit, "\" is unknown to the organisation; correct the id"));
    } else if (round_ != nullptr) {
      Problem(v1::ERROR_REASON_UNIT_NOT_IN_ROUND, "unit_id",
              absl::StrCat("\"", unit, "\" is not among the units of the round"));
    }
  }

  void JudgeDay() {
    const absl::optional<Date> day = ParseDate(record_.observed_on());
    result_.observation.observed_on = record_.observed_on();
    if (!day) {
      Problem(v1::ERROR_REASON_INVALID_FIELDS, "observed_on",
              absl::StrCat("\"", record_.observed_on(), "\" is no date; write 2021-10-14"));
    } else if (round_ != nullptr && (*day < round_->opens || round_->closes < *day)) {
      Problem(v1::ERROR_REASON_DATE_OUTSIDE_ROUND, "observed_on",
              absl::StrCat("is ", record_.observed_on(), "; the round goes from ",
                           round_->proto.opens_on(), " to ", round_->proto.closes_on()));
    } else if (round_ != nullptr) {
      result_.observation.month = round_->MonthOf(*day);
    }
  }

  void JudgeCodes() {
    result_.observation.observer_role = record_.observer_role();
    result_.observation.perspective = record_.perspective();
    if (record_.observer_role().empty() ||
        (round_ != nullptr && !round_->instrument->HasObserverRole(record_.observer_role()))) {
      Problem(v1::ERROR_REASON_INVALID_FIELDS, "observer_role",
              absl::StrCat("\"", record_.observer_role(),
                           "\" is none of the instrument's observer_roles"));
    }
    if (record_.perspective().empty() ||
        (round_ != nullptr && !round_->instrument->HasPerspective(record_.perspective()))) {
      Problem(
          v1::ERROR_REASON_INVALID_FIELDS, "perspective",
          absl::StrCat("\"", record_.perspective(), "\" is none of the instrument's perspectives"));
    }
  }

  void JudgeRatings() {
    if (record_.ratings().empty()) {
      Problem(v1::ERROR_REASON_INVALID_FIELDS, "ratings", "is empty; rate at least one item");
    }
    if (round_ == nullptr) return;
    std::string& codes = result_.observation.ratings;
    codes.assign(round_->instrument->items().size(), kUnrated);
    for (int i = 0; i < record_.ratings_size(); ++i) JudgeRating(i, codes);
  }

  void JudgeRating(int i, std::string& codes) {
    const v1::Rating& rating = record_.ratings(i);
    const int place = round_->instrument->FindItem(rating.item_id());
    if (place < 0) {
      Problem(
          v1::ERROR_REASON_UNKNOWN_ITEM, absl::StrCat("ratings[", i, "].item_id"),
          absl::StrCat("\"", rating.item_id(), "\" is no item of ", round_->proto.instrument_id(),
                       " version ", round_->proto.instrument_version()));
      return;
    }
    const Instrument::Item& item = round_->instrument->items()[place];
    if (rating.value() < item.minimum || rating.value() > item.maximum) {
      Problem(v1::ERROR_REASON_RATING_OUT_OF_SCALE, absl::StrCat("ratings[", i, "].value"),
              absl::StrCat("is ", rating.value(), "; the scale of ", item.item_id, " goes from ",
                           item.minimum, " to ", item.maximum));
    } else if (codes[place] != kUnrated) {
      Problem(v1::ERROR_REASON_INVALID_FIELDS, absl::StrCat("ratings[", i, "].item_id"),
              absl::StrCat("\"", rating.item_id(), "\" is rated twice"));
    } else {
      codes[place] = RatingCode(rating.value(), item.minimum);
    }
  }

  const v1::Observation& record_;
  const organisation::Tree* const organisation_;
  const Round* const round_;
  Judgement result_;
};

}  // namespace

char RatingCode(int value, int scale_minimum) { return kCodes[value - scale_minimum]; }

int RatingOf(char code, int scale_minimum) {
  return scale_minimum + (code <= '9' ? code - '0' : code - 'a' + 10);
}

Judgement Judge(const v1::Observation& record, const Catalogue& catalogue,
                const organisation::Tree* organisation) {
  return Judging(record, catalogue, organisation).Run();
}

}  // namespace klynge::observations
