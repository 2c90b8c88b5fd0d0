// Clients of the goals service that go on while something breaks, and remember what they saw.
#pragma once

#include <absl/time/time.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "klynge/goals/v1/goals_service.grpc.pb.h"
#include "services/platform/mutex.h"
#include "tests/support/cluster.h"

namespace klynge::faults {

// What clients saw between two moments.
struct Seen {
  // "OK" or "UNAVAILABLE (DATABASE_UNAVAILABLE)" → how many calls ended so.
  std::map<std::string, int> answers;
  absl::Duration slowest;
  // From the end of the fault until every client had an answer again and no call failed any more.
  absl::Duration recovery;

  // How many calls ended in something else than "OK".
  int Failures() const;
  // "812 OK, 45 UNAVAILABLE (DATABASE_UNAVAILABLE)".
  std::string AnswersToString() const;
};

// "12 ms", "1.3 s".
std::string Shown(absl::Duration duration);

// Writers check in on a goal of their own, and now and then create another goal; each write has a
// request_id and is sent again until it is acknowledged. Readers ask for goals and progress with
// the newest token they know of as min_revision. Client n talks to replica n modulo their number.
class Clients {
 public:
  static constexpr int kWriters = 8;
  static constexpr int kReaders = 8;
  // How long one call may take.
  static constexpr absl::Duration kDeadline = absl::Seconds(3);

  // What PrepareCity enters must be there, for kWriters. Begins at once.
  explicit Clients(const std::vector<testing::Replica*>& replicas);
  ~Clients();
  Clients(const Clients&) = delete;
  Clients& operator=(const Clients&) = delete;

  void BeginFault() { fault_begun_ = absl::Now(); }
  void EndFault() { fault_ended_ = absl::Now(); }
  // Waits until every client has had ten good answers in a row; false when `wait` has passed.
  bool Recover(absl::Duration wait);

  // Lets each writer finish what it is at, then ends. Call it once, before the functions below.
  void Stop();

  // What clients saw from BeginFault until they ended.
  Seen SeenDuringFault() const;
  // What must not be: writes that were never acknowledged, answers older than their token, codes
  // that do not say what is the matter. Empty when all is well.
  std::vector<std::string> Wrongs() const;
  // Compares what the replica holds with what was acknowledged; lists what is lost and what is
  // there twice.
  std::vector<std::string> LostOrDouble(const testing::Replica& replica) const;
  int acknowledged() const;

 private:
  struct Answer {
    absl::Time begun, ended;
    std::string status;  // as in Seen
  };
  // What is not atomic belongs to the client's thread until that has ended.
  struct Client {
    std::string name;
    std::shared_ptr<grpc::Channel> channel;
    std::unique_ptr<goals::v1::GoalsService::Stub> stub;
    std::vector<Answer> answers;
    std::vector<std::string> wrongs;
    std::vector<std::string> check_ins;  // notes of acknowledged ones
    std::vector<std::string> goals;      // ids of acknowledged ones
    std::atomic<int> good_in_a_row = 0;
    std::thread thread;
  };

  void Write(Client& client);
  absl::Status CheckIn(Client& client, const std::string& note);
  absl::Status CreateGoal(Client& client, const std::string& goal_id);
  void Read(Client& client);
  void ReadGoal(Client& client, const std::string& goal_id, int64_t token);
  void ReadProgress(Client& client, int64_t token);
  template <class Request, class Response>
  absl::Status Call(Client& client,
                    grpc::Status (goals::v1::GoalsService::Stub::*rpc)(grpc::ClientContext*,
                                                                       const Request&, Response*),
                    const Request& request, Response* response);

  std::atomic<bool> stopping_ = false;
  absl::Time fault_begun_ = absl::InfiniteFuture();
  absl::Time fault_ended_ = absl::InfinitePast();
  mutable Mutex mutex_;
  // Writer → the revision of its last acknowledged check-in.
  std::map<std::string, int64_t> tokens_ ABSL_GUARDED_BY(mutex_);
  int64_t newest_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::unique_ptr<Client>> clients_;
};

}  // namespace klynge::faults
