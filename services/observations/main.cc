// klynge-observations: what is seen in the units, and figures over many of it.
#include <absl/strings/numbers.h>

#include <cstdlib>
#include <iostream>

#include "klynge/migrations/observations.h"
#include "services/observations/observations_service.h"
#include "services/organisation/client/remote_tree_source.h"
#include "services/platform/config/config.h"
#include "services/platform/process.h"

namespace {

constexpr char kThresholdVariable[] = "KLYNGE_SMALL_GROUP_THRESHOLD";

// The smallest group that new rounds may show, from the environment; ends the process when it is no
// number from 3 to 1000, because below 3 each of two could compute the other.
int SmallGroupThresholdOrExit() {
  const char* const text = std::getenv(kThresholdVariable);
  if (text == nullptr) return klynge::observations::kDefaultSmallGroupThreshold;
  int threshold = 0;
  if (absl::SimpleAtoi(text, &threshold) && threshold >= 3 && threshold <= 1000) return threshold;
  std::cerr << kThresholdVariable << " is \"" << text << "\"; 3 to 1000 are allowed\n";
  std::exit(2);
}

}  // namespace

int main(int argc, char** argv) {
  using klynge::observations::ObservationsService;

  klynge::Process process(klynge::config::ParseOrExit(
      argc, argv,
      {.service = "observations",
       .purpose = "Takes observations from the units and shows figures over many of them. Groups "
                  "of fewer than KLYNGE_SMALL_GROUP_THRESHOLD (5) observations are suppressed.",
       .port = 50053,
       .metrics_port = 9093,
       .peers = {"organisation"}}));
  const int threshold = SmallGroupThresholdOrExit();
  klynge::sql::Database& database = process.OpenDatabase(klynge::observations::Migrations());
  klynge::organisation::RemoteTreeSource tree(process.Channel("organisation"),
                                              process.shared_state());
  ObservationsService service(database, process.runtime(), tree, threshold);
  process.ShareRevisions([&service](int64_t revision) { service.NotifyRevision(revision); });
  if (absl::Status warm = service.Warm(process.clock().Now() + absl::Minutes(5)); !warm.ok()) {
    std::cerr << "klynge-observations cannot start: " << warm.message() << "\n";
    return 1;
  }
  return process.Serve({&service});
}
