// An instrument, rounds and observations to test with. Only for tests.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/observations/catalogue.h"
#include "services/observations/observation.h"
#include "services/organisation/client/test_support.h"

namespace klynge::observations::testing {

inline type::v1::LocalizedText Danish(const std::string& text) {
  type::v1::LocalizedText label;
  label.set_da(text);
  return label;
}

inline void AddScale(v1::Instrument& instrument, const std::string& id, int maximum, int good) {
  v1::Scale& scale = *instrument.add_scales();
  scale.set_scale_id(id);
  *scale.mutable_label() = Danish(id);
  scale.set_minimum(1);
  scale.set_maximum(maximum);
  scale.set_favourable_from(good);
}

inline void AddItem(v1::Instrument& instrument, const std::string& id, const std::string& scale,
                    const std::string& area, const std::string& guidepost) {
  v1::Item& item = *instrument.add_items();
  item.set_item_id(id);
  *item.mutable_text() = Danish(id);
  item.set_scale_id(scale);
  item.set_quality_area(area);
  item.set_guidepost_code(guidepost);
}

inline void AddCode(google::protobuf::RepeatedPtrField<v1::CodeLabel>* list,
                    const std::string& code) {
  v1::CodeLabel& entry = *list->Add();
  entry.set_code(code);
  *entry.mutable_label() = Danish(code);
}

// Scales "light" (1–3, good from 3) and "seven" (1–7, good from 5). Items a and b: light, guidepost
// g1; c: seven, g1; d: seven, no guidepost.
inline v1::Instrument TestInstrument() {
  v1::Instrument instrument;
  instrument.set_instrument_id("form");
  *instrument.mutable_label() = Danish("Skema");
  AddScale(instrument, "light", 3, 3);
  AddScale(instrument, "seven", 7, 5);
  AddCode(instrument.mutable_quality_areas(), "environment");
  AddCode(instrument.mutable_quality_areas(), "culture");
  AddCode(instrument.mutable_perspectives(), "child");
  AddCode(instrument.mutable_observer_roles(), "consultant");
  AddItem(instrument, "a", "light", "environment", "g1");
  AddItem(instrument, "b", "light", "environment", "g1");
  AddItem(instrument, "c", "seven", "environment", "g1");
  AddItem(instrument, "d", "seven", "culture", "");
  return instrument;
}

// Autumn 2021, the whole administration of organisation::testing::SmallCity().
inline v1::Round TestRound(const std::string& round_id = "autumn") {
  v1::Round round;
  round.set_round_id(round_id);
  *round.mutable_label() = Danish("Runde");
  round.set_instrument_id("form");
  round.set_opens_on("2021-10-01");
  round.set_closes_on("2021-11-30");
  round.add_root_unit_ids("buf");
  round.set_purpose(v1::ROUND_PURPOSE_BEFORE);
  return round;
}

using Ratings = std::vector<std::pair<std::string, int>>;

inline v1::Observation Observed(const std::string& id, const std::string& unit,
                                const Ratings& ratings = {{"a", 2}},
                                const std::string& day = "2021-10-14",
                                const std::string& round_id = "autumn") {
  v1::Observation observation;
  observation.set_observation_id(id);
  observation.set_round_id(round_id);
  observation.set_unit_id(unit);
  observation.set_observed_on(day);
  observation.set_observer_role("consultant");
  observation.set_perspective("child");
  for (const auto& [item, value] : ratings) {
    v1::Rating& rating = *observation.add_ratings();
    rating.set_item_id(item);
    rating.set_value(value);
  }
  return observation;
}

// `n` ratings of one value of an item of the instrument in a unit and a month (from 0).
struct Given {
  std::string unit;
  std::string item;
  int month;
  int value;
  int64_t n;
};

// A catalogue without a database.
class CatalogueBuilder {
 public:
  explicit CatalogueBuilder(const v1::Instrument& instrument = TestInstrument()) {
    AddVersion(instrument);
  }

  // Publishes the next version of an instrument.
  CatalogueBuilder& AddVersion(v1::Instrument instrument) {
    auto& versions = made_->instruments[instrument.instrument_id()];
    instrument.set_version(static_cast<int>(versions.size()) + 1);
    versions.push_back(std::make_shared<const Instrument>(std::move(instrument)));
    return *this;
  }

  // An open round over an organisation.
  CatalogueBuilder& Open(v1::Round proto, const organisation::Tree& organisation) {
    auto round = std::make_shared<Round>();
    round->instrument =
        made_->FindInstrument(proto.instrument_id(), proto.instrument_version()).value();
    proto.set_instrument_version(round->instrument->proto().version());
    proto.set_state(v1::ROUND_STATE_OPEN);
    proto.set_small_group_threshold(5);
    round->number = static_cast<int64_t>(made_->rounds.size()) + 1;
    round->opens = ParseDate(proto.opens_on()).value();
    round->closes = ParseDate(proto.closes_on()).value();
    round->tree =
        std::make_shared<const analytics::ReportingTree>(TreeOfRound(proto, organisation).value());
    made_->round_ids[round->number] = proto.round_id();
    round->proto = std::move(proto);
    made_->rounds[round->proto.round_id()] = std::move(round);
    return *this;
  }

  // The same, closed with these ratings.
  CatalogueBuilder& Closed(const v1::Round& proto, const organisation::Tree& organisation,
                           const std::vector<Given>& given) {
    Open(proto, organisation);
    auto round = std::make_shared<Round>(*made_->FindRound(proto.round_id()));
    std::vector<analytics::ItemScale> scales;
    for (const auto& item : round->instrument->items()) {
      scales.push_back({item.minimum, item.maximum});
    }
    std::vector<analytics::RatingCount> counts;
    for (const Given& g : given) {
      const int node = round->tree->Find(g.unit);
      counts.push_back({round->tree->node(node).first_leaf, round->instrument->FindItem(g.item),
                        g.month, g.value, g.n});
    }
    round->proto.set_state(v1::ROUND_STATE_CLOSED);
    round->figures = std::make_shared<const analytics::PublishedFigures>(
        round->tree, round->months(), scales, counts, 5, analytics::DetailPriority::kUnits);
    made_->rounds[proto.round_id()] = std::move(round);
    return *this;
  }

  const Catalogue& Build() const { return *made_; }

 private:
  std::shared_ptr<Catalogue> made_ = std::make_shared<Catalogue>();
};

}  // namespace klynge::observations::testing
