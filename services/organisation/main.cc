// klynge-organisation: who is where, since when.
#include "klynge/migrations/organisation.h"
#include "services/organisation/organisation_service.h"
#include "services/organisation/uses_elsewhere.h"
#include "services/platform/config/config.h"
#include "services/platform/process.h"

int main(int argc, char** argv) {
  using klynge::organisation::OrganisationService;

  klynge::Process process(klynge::config::ParseOrExit(
      argc, argv,
      {.service = "organisation",
       .purpose = "Keeps the organisation: units, persons and who leads what, on every date.",
       .port = 50051,
       .metrics_port = 9091,
       .peers = {},
       .optional_peers = {"goals", "observations", "courses"}}));
  klynge::sql::Database& database = process.OpenDatabase(klynge::organisation::Migrations());
  const klynge::organisation::UsesElsewhere elsewhere(process.PeerIfGiven("goals"),
                                                      process.PeerIfGiven("observations"),
                                                      process.PeerIfGiven("courses"));
  OrganisationService service(process.runtime(), database, process.shared_state(), elsewhere);
  process.ShareRevisions([&service](int64_t revision) { service.NotifyRevision(revision); });
  process.OnDrain([&service] { service.EndWatches(); });
  return process.Serve({&service});
}
