// What reads text from outside, and random text.
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "klynge/testing/v1/echo_service.pb.h"
#include "services/platform/date.h"
#include "services/platform/rpc/page_token.h"
#include "services/platform/rpc/status.h"
#include "services/platform/rpc/validation.h"
#include "services/platform/telemetry/log.h"
#include "tests/fuzz/random_messages.h"

namespace klynge::testing {
namespace {

constexpr int kRounds = 20'000;

class PlatformFuzz : public ::testing::Test {
 protected:
  // Up to `most` of these characters.
  std::string Of(const std::string& characters, size_t most) {
    std::string text;
    for (size_t i = random_.Below(most + 1); i > 0; --i) {
      text += characters[random_.Below(characters.size())];
    }
    return text;
  }
  std::string Bytes(size_t most) {
    std::string text;
    for (size_t i = random_.Below(most + 1); i > 0; --i) {
      text += static_cast<char>(random_.Below(256));
    }
    return text;
  }
  // The text with one byte changed, put in or taken out.
  std::string Changed(std::string text) {
    const size_t at = random_.Below(text.size());
    switch (random_.Below(3)) {
      case 0:
        text[at] = static_cast<char>(text[at] ^ static_cast<char>(1 + random_.Below(255)));
        break;
      case 1:
        text.insert(at, 1, static_cast<char>(random_.Below(256)));
        break;
      default:
        text.erase(at, 1);
    }
    return text;
  }

  // The text that stands escaped in a JSON string.
  static std::string ReadJson(const std::string& escaped) {
    google::protobuf::Value read;
    const std::string json = "\"" + escaped + "\"";
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &read).ok()) << json;
    return read.string_value();
  }

  RandomMessages random_{20210901};
};

TEST_F(PlatformFuzz, WhatReadsAsADateIsWrittenTheSame) {
  int dates = 0;
  for (int i = 0; i < kRounds; ++i) {
    const std::string text = i % 2 ? Changed("2021-09-01")
                                   : "20" + Of("01", 2) + "-" + Of("01", 2) + "-" + Of("0123", 2);
    if (const auto date = ParseDate(text)) {
      EXPECT_EQ(FormatDate(*date), text);
      ++dates;
    }
  }
  EXPECT_GT(dates, 100);
}

TEST_F(PlatformFuzz, EveryDayReadsBackAsItself) {
  for (int i = 0; i < kRounds; ++i) {
    const Date day = kOpenStart + static_cast<int>(random_.Below(kOpenEnd - kOpenStart + 1));
    EXPECT_EQ(ParseDate(FormatDate(day)), absl::optional<Date>(day));
  }
}

TEST_F(PlatformFuzz, EscapedTextIsTheInsideOfAJsonStringThatReadsBack) {
  const std::vector<std::string> characters = {
      "a", "\"", "\\", "/", "\n", "\t", "\x01", "\x7F", "æ", "\xE2\x80\xA8", "\xF0\x9F\x8C\xB3",
  };
  for (int i = 0; i < kRounds; ++i) {
    std::string text;
    for (size_t n = random_.Below(20); n > 0; --n) {
      text += characters[random_.Below(characters.size())];
    }
    EXPECT_EQ(ReadJson(telemetry::JsonEscape(text)), text);
  }
}

TEST_F(PlatformFuzz, EvenBrokenTextIsEscapedToAJsonString) {
  for (int i = 0; i < kRounds; ++i) ReadJson(telemetry::JsonEscape(Bytes(40)));
}

TEST_F(PlatformFuzz, AChangedPageTokenIsRefused) {
  v1::EchoRequest request;
  request.set_text("which page?");
  const std::string token = rpc::MakePageToken(request, "e-vvk-01-03");
  for (int i = 0; i < kRounds; ++i) {
    const std::string changed = i % 2 ? Changed(token) : Bytes(60);
    request.set_page_token(changed);
    const auto position = rpc::PagePosition(request);
    if (changed.empty()) continue;  // asks for the first page
    // Only the binding to the request is guarded: a position is the service's to check.
    if (!position.ok()) {
      EXPECT_EQ(ReasonOf(position.status()), "INVALID_PAGE_TOKEN");
    } else {
      EXPECT_EQ(rpc::MakePageToken(request, *position).substr(0, 20), token.substr(0, 20));
    }
  }
}

TEST_F(PlatformFuzz, AnIdIsExactlyWhatItsPatternSays) {
  const std::string allowed = "abcxyz0189._-";
  int valid = 0;
  for (int i = 0; i < kRounds; ++i) {
    const std::string text = i % 3 == 0   ? Bytes(6)
                             : i % 3 == 1 ? Of(allowed, 70)
                                          : Of(allowed + "AZ /\xC3", 6);
    bool expected = !text.empty() && text.size() <= 64 && std::string("._-").find(text[0]) > 2;
    for (const char c : text) {
      expected = expected && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
                              c == '_' || c == '-');
    }
    EXPECT_EQ(ValidId(text), expected) << text;
    valid += expected;
  }
  EXPECT_GT(valid, 1000);
}

}  // namespace
}  // namespace klynge::testing
