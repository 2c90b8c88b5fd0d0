// klynge-courses: the education of leaders.
#include "klynge/migrations/courses.h"
#include "services/courses/courses_service.h"
#include "services/organisation/client/remote_tree_source.h"
#include "services/platform/config/config.h"
#include "services/platform/process.h"

int main(int argc, char** argv) {
  using namespace klynge;

  Process process(config::ParseOrExit(
      argc, argv,
      {.service = "courses",
       .purpose = "Runs programmes for whole leadership teams: enrolment, timetable, attendance, "
                  "briefs and status.",
       .port = 50054,
       .metrics_port = 9094,
       .peers = {"organisation", "goals", "observations"}}));
  sql::Database& database = process.OpenDatabase(courses::Migrations());
  courses::Courses model(database, courses::LoadCourses);
  process.ShareRevisions([&model](int64_t revision) { model.NotifyRevision(revision); });

  rpc::Peer& organisation = process.Peer("organisation");
  organisation::RemoteTreeSource trees(organisation, process.shared_state());
  trees.AddMetrics(process.metrics());
  courses::Peers peers(organisation, process.Peer("goals"), process.Peer("observations"));
  courses::CoursesService service(process.runtime(), database, model, trees, peers,
                                  process.clock());
  return process.Serve({&service});
}
