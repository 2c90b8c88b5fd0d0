#include "services/observations/unit_uses.h"

namespace klynge::observations {

rpc::UnitUses UsesOf(const rpc::UnitsAsked& asked, const Catalogue& catalogue, Date today) {
  rpc::UnitUses uses;
  for (const auto& [round_id, round] : catalogue.rounds) {
    if (!round->open()) continue;
    type::v1::UnitUse use;
    use.set_sort("round");
    use.set_id(round_id);
    use.set_title(round->proto.label().da());
    use.set_state(round->opens > today ? "planned" : "open");
    const Date end = round->closes + 1;
    const DateRange lasts = {round->opens, end > asked.from ? end : kOpenEnd};
    for (const std::string& unit_id : asked.unit_ids) {
      if (round->tree->Find(unit_id) >= 0) AddUse(asked, unit_id, lasts, use, uses);
    }
  }
  return uses;
}

}  // namespace klynge::observations
