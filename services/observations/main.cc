// klynge-observations: what is seen in the units, and figures over many of it.
#include <iostream>

#include "klynge/migrations/observations.h"
#include "services/observations/observations_service.h"
#include "services/organisation/client/remote_tree_source.h"
#include "services/platform/config/config.h"
#include "services/platform/process.h"

namespace {

// What only this service is told.
struct ObservationsConfig {
  int small_group_threshold = klynge::observations::kDefaultSmallGroupThreshold;

  void AddFlags(klynge::config::FlagTable& flags) {
    // Below 3 each of two could compute the other.
    flags.Integer("small_group_threshold", &small_group_threshold, 3, 1000,
                  "observations in the smallest group that rounds created from now on may show");
  }
};

}  // namespace

int main(int argc, char** argv) {
  using klynge::observations::ObservationsService;

  ObservationsConfig own;
  klynge::Process process(klynge::config::ParseOrExit(
      argc, argv,
      {.service = "observations",
       .purpose = "Takes observations from the units and shows figures over many of them. Small "
                  "groups are suppressed.",
       .port = 50053,
       .metrics_port = 9093,
       .peers = {"organisation"},
       .own_flags = [&own](klynge::config::FlagTable& flags) { own.AddFlags(flags); }}));
  klynge::sql::Database& database = process.OpenDatabase(klynge::observations::Migrations());
  klynge::organisation::RemoteTreeSource tree(process.Peer("organisation"), process.shared_state());
  tree.AddMetrics(process.metrics());
  ObservationsService service(database, process.runtime(), tree, own.small_group_threshold);
  process.ShareRevisions([&service](int64_t revision) { service.NotifyRevision(revision); });
  if (absl::Status warm = service.Warm(process.clock().Now() + absl::Minutes(5)); !warm.ok()) {
    std::cerr << "klynge-observations cannot start: " << warm.message() << "\n";
    return 1;
  }
  return process.Serve({&service});
}
