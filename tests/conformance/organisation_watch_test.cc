// Watches on both engines: whatever happens and however often they are resumed, they tell all of
// it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "services/organisation/history_test_support.h"
#include "services/organisation/watch_test_support.h"
#include "tests/support/engines.h"
#include "tests/support/status_matchers.h"

namespace klynge::organisation {
namespace {

using namespace testing;  // NOLINT: the builders of this test
using klynge::testing::IsOk;

class OrganisationWatchTest : public klynge::testing::EngineTest {
 protected:
  void Import(const std::vector<Message>& rows) {
    const auto [status, response] = testing::Import(one_.stub(), rows);
    ASSERT_THAT(status, IsOk());
    newest_ = response.revision();
    Wake();
  }

  void Advance(absl::Duration by) {
    for (Replica* replica : {&one_, &other_}) replica->clock().Advance(by);
    Wake();
  }

  // As news from another replica does; else both would look around once a second.
  void Wake() {
    for (Replica* replica : {&one_, &other_}) replica->NotifyRevision(newest_);
  }

  std::string Today() { return FormatDate(klynge::Today(one_.clock())); }

  // What each thing is now, from the log.
  std::map<std::string, v1::OrganisationChange> Things() {
    std::map<std::string, v1::OrganisationChange> things;
    v1::ListChangesRequest request;
    request.set_page_size(1000);
    request.set_min_revision(newest_);
    while (true) {
      grpc::ClientContext context;
      v1::ListChangesResponse response;
      EXPECT_THAT(one_.stub().ListChanges(&context, request, &response), IsOk());
      for (const auto& recorded : response.changes()) {
        const v1::OrganisationChange& change = recorded.change();
        things[absl::StrCat(WordOf(change), IdIn(ContentOf(change)), change.unit().valid_from())] =
            change;
      }
      if (response.next_page_token().empty()) return things;
      request.set_page_token(response.next_page_token());
    }
  }

  // What begins and ends after the one day, up to the other, in the words of a Watch.
  std::vector<std::string> EffectsOf(const std::string& after, const std::string& until) {
    std::vector<std::string> effects;
    for (const auto& [key, change] : Things()) {
      const std::string id = IdIn(ContentOf(change));
      const std::string from = TextIn(ContentOf(change), "valid_from");
      const std::string to = TextIn(ContentOf(change), "valid_to");
      if (from > after && from <= until) effects.push_back(absl::StrCat(from, " began ", id));
      if (to > after && to <= until) effects.push_back(absl::StrCat(to, " ended ", id));
    }
    return effects;
  }

  Replica one_{url(), {.heartbeat = absl::Milliseconds(50)}};
  Replica other_{url(), {.heartbeat = absl::Milliseconds(50)}};
  int64_t newest_ = 0;
};
KLYNGE_ON_BOTH_ENGINES(OrganisationWatchTest);

TEST_P(OrganisationWatchTest, TellWhatEveryDayBringsHoweverTheyAreResumed) {
  Import(Messages(SmallCity().Build()));
  RandomHistory history(7);
  v1::WatchOrganisationRequest resume;
  auto watch = std::make_unique<Watch>(one_, resume);
  watch->Until(newest_, Today());
  size_t told = 0;
  for (int round = 0; round < 60; ++round) {
    resume.set_since_revision(watch->checkpoint().revision());
    resume.set_effective_after(watch->checkpoint().effective_date());
    Import(history.Rows(8));
    // A replica that has not heard of a change sends the effects without it, and the change after.
    watch->Until(newest_, Today());
    Advance(absl::Hours(history.Below(14 * 24)));
    if (history.Chance(3)) {
      watch = std::make_unique<Watch>(history.Chance(2) ? one_ : other_, resume);
    }
    std::vector<std::string> news = watch->Until(newest_, Today());
    std::erase_if(news, [](const std::string& one) {
      return one.find(" began ") == std::string::npos && one.find(" ended ") == std::string::npos;
    });
    const auto day = [](const std::string& a, const std::string& b) {
      return a.substr(0, 10) < b.substr(0, 10);
    };
    EXPECT_TRUE(std::is_sorted(news.begin(), news.end(), day));
    EXPECT_THAT(news,
                ::testing::UnorderedElementsAreArray(EffectsOf(resume.effective_after(), Today())))
        << "round " << round;
    if (HasFailure()) return;
    told += news.size();
  }
  EXPECT_GT(told, 10u);
}

}  // namespace
}  // namespace klynge::organisation
