#include "services/organisation/client/shared_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace klynge::organisation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SharedList, IsSharedByItsCopies) {
  const SharedList<std::string> list = {"a", "b"};
  const SharedList<std::string> copy = list;
  EXPECT_TRUE(copy.SharesWith(list));
  EXPECT_EQ(&copy[0], &list[0]);
}

TEST(SharedList, KeepsACopyAsItWasWhenItIsChanged) {
  SharedList<std::string> list = {"a", "b"};
  const SharedList<std::string> copy = list;
  const std::string* const held = &copy[1];
  list.Change()[1] = "c";
  list.push_back("d");
  EXPECT_THAT(list, ElementsAre("a", "c", "d"));
  EXPECT_THAT(copy, ElementsAre("a", "b"));
  EXPECT_EQ(*held, "b");
  EXPECT_FALSE(copy.SharesWith(list));
}

TEST(SharedList, IsChangedInPlaceWhenNobodySharesIt) {
  SharedList<std::string> list = {"a", "b"};
  const std::string* const first = &list[0];
  list.Change()[0] = "c";
  EXPECT_EQ(&list[0], first);
  EXPECT_EQ(list[0], "c");
}

TEST(SharedList, IsEqualToOneOfTheSameThingsThatItDoesNotShare) {
  const SharedList<std::string> list = {"a", "b"};
  EXPECT_EQ(list, (SharedList<std::string>{"a", "b"}));
  EXPECT_FALSE(list == (SharedList<std::string>{"a"}));
  EXPECT_EQ(SharedList<std::string>(), SharedList<std::string>(std::vector<std::string>()));
  EXPECT_THAT(SharedList<std::string>(), IsEmpty());
}

}  // namespace
}  // namespace klynge::organisation
