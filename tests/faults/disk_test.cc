// A disk that is full: SQLite refuses writes with a code that says so, goes on answering reads, and
// writes again as soon as there is room.
#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>

#include "services/platform/rpc/runtime.h"
#include "tests/faults/city.h"
#include "tests/faults/fault_test.h"

namespace klynge::faults {
namespace {

using goals::v1::GoalsService;
using klynge::testing::Cluster;
using klynge::testing::Eventually;

// A disk of 8 MB, in memory.
class SmallDisk {
 public:
  SmallDisk() : mounted_(mount("klynge", path().c_str(), "tmpfs", 0, "size=8m") == 0) {}
  ~SmallDisk() {
    if (mounted_) umount2(path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  // Only root may mount.
  bool mounted() const { return mounted_; }
  const std::string& path() const { return directory_.path(); }

  void Fill() {
    const int fd = open(Filler().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ASSERT_GE(fd, 0);
    const std::string page(4096, 'x');
    while (write(fd, page.data(), page.size()) > 0) {
    }
    close(fd);
  }
  void MakeRoom() { std::filesystem::remove(Filler()); }

 private:
  std::string Filler() const { return path() + "/filler"; }

  klynge::testing::TemporaryDirectory directory_;
  const bool mounted_;
};

class DiskFault : public FaultTest {
 protected:
  // Writes what no client of FaultTest counts, until the disk does not take it any more.
  bool RefusesWrites() {
    const auto stub = GoalsService::NewStub(goals()[0]->channel());
    goals::v1::RecordDissentRequest request;
    request.set_goal_id(GoalOf(WriterName(0)));
    request.mutable_dissent()->set_role("pedagogical_leader");
    request.mutable_dissent()->set_voiced_on("2022-03-01");
    request.mutable_dissent()->set_note(std::string(2000, 'n'));
    return Eventually(absl::Seconds(30), [&] {
      grpc::ClientContext context;
      goals::v1::RecordDissentResponse response;
      const absl::Status recorded =
          rpc::FromGrpc(stub->RecordDissent(&context, request, &response));
      return recorded.code() == absl::StatusCode::kResourceExhausted;
    });
  }
};

TEST_F(DiskFault, IsToldToClientsAndOverAsSoonAsThereIsRoom) {
  SmallDisk disk;
  if (!disk.mounted()) GTEST_SKIP() << "needs root, to mount a small disk";
  Cluster cluster("none");
  cluster.Use("goals", absl::StrCat("sqlite:", disk.path(), "/goals.db"));
  ASSERT_NO_FATAL_FAILURE(Start(cluster, 1));
  const Seen seen =
      Suffer({"Disk of a SQLite database full",
              "writes RESOURCE_EXHAUSTED with RetryInfo, reads OK, the service SERVING",
              [&] { disk.Fill(); },
              [&] {
                EXPECT_TRUE(RefusesWrites());
                ExpectToServeFor(*goals()[0], absl::Seconds(2));
              },
              [&] { disk.MakeRoom(); }});
  ExpectErrors(seen, "RESOURCE_EXHAUSTED");
}

}  // namespace
}  // namespace klynge::faults
