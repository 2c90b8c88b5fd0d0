// klynge-goals: the goals service as a process. Only wiring.
#include "klynge/migrations/goals.h"
#include "services/goals/goals_service.h"
#include "services/organisation/client/remote_tree_source.h"
#include "services/platform/config/config.h"
#include "services/platform/process.h"
#include "services/platform/shared_state/answer_cache.h"
#include "services/platform/shared_state/metrics.h"

int main(int argc, char** argv) {
  using namespace klynge;
  const config::ServiceDescription description{
      "goals",
      "Goals from the administration down to the single unit, and how far they have come.",
      50052,
      9092,
      {"organisation", "observations"}};
  Process process(config::ParseOrExit(argc, argv, description));
  sql::Database& database = process.OpenDatabase(goals::Migrations());
  organisation::RemoteTreeSource trees(process.Peer("organisation"), process.shared_state());
  trees.AddMetrics(process.metrics());
  goals::ObservationFigures figures(process.Peer("observations"));
  shared_state::AnswerCache progress_answers(process.shared_state(), {});
  shared_state::AddMetrics(progress_answers, "GetProgress", process.metrics());
  goals::GoalsService service(process.runtime(), database, trees, figures, progress_answers,
                              process.clock());
  process.ShareRevisions([&](int64_t revision) { service.NotifyRevision(revision); });
  return process.Serve({&service});
}
