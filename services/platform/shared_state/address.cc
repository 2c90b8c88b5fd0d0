#include "services/platform/shared_state/address.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>

namespace klynge::shared_state {
namespace {

using Problems = std::vector<std::string>;

Endpoint ParseHostAndPort(absl::string_view text, Problems& problems) {
  Endpoint endpoint;
  const size_t colon = text.rfind(':');
  // The colons of an IPv6 address stand in brackets.
  const bool has_port = colon != text.npos && text.find(']', colon) == text.npos;
  if (!has_port || !absl::SimpleAtoi(text.substr(colon + 1), &endpoint.port) || endpoint.port < 1 ||
      endpoint.port > 65535) {
    problems.push_back(absl::StrCat("\"", text, "\" needs a port from 1 to 65535, host:port"));
  }
  absl::string_view host = has_port ? text.substr(0, colon) : text;
  if (absl::ConsumePrefix(&host, "[") && !absl::ConsumeSuffix(&host, "]")) {
    problems.push_back(absl::StrCat("the bracket in \"", text, "\" is not closed"));
  }
  if (host.empty()) problems.push_back(absl::StrCat("\"", text, "\" names no host"));
  endpoint.host = std::string(host);
  return endpoint;
}

int ParseDatabase(absl::string_view text, Problems& problems) {
  int database = 0;
  if (!absl::SimpleAtoi(text, &database) || database < 0) {
    problems.push_back(absl::StrCat("the database \"", text, "\" is not a number from 0"));
  }
  return database;
}

Address ParseSentinels(absl::string_view text, Problems& problems) {
  Address address;
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '/');
  for (absl::string_view sentinel : absl::StrSplit(parts[0], ',')) {
    address.endpoints.push_back(ParseHostAndPort(sentinel, problems));
  }
  if (parts.size() > 1) address.primary_name = std::string(parts[1]);
  if (address.primary_name.empty()) {
    problems.push_back(
        "the primary's name is missing: sentinel:host:port,host:port/primary-name[/database]");
  }
  if (parts.size() > 2) address.database = ParseDatabase(parts[2], problems);
  if (parts.size() > 3) {
    problems.push_back(absl::StrCat("\"/", parts[3], "\" is too much after the database"));
  }
  return address;
}

Address ParseRedis(absl::string_view text, Problems& problems) {
  Address address;
  const std::vector<absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits('/', 1));
  address.endpoints.push_back(ParseHostAndPort(parts[0], problems));
  if (parts.size() > 1) address.database = ParseDatabase(parts[1], problems);
  return address;
}

}  // namespace

std::string ToString(const Endpoint& endpoint) {
  return endpoint.path.empty() ? absl::StrCat(endpoint.host, ":", endpoint.port)
                               : absl::StrCat("unix:", endpoint.path);
}

absl::StatusOr<Address> ParseAddress(absl::string_view text) {
  Address address;
  Problems problems;
  if (absl::ConsumePrefix(&text, "unix:")) {
    address.endpoints.push_back({"", 0, std::string(text)});
    if (text.empty()) problems.push_back("the path of the Unix socket is missing");
  } else if (absl::ConsumePrefix(&text, "sentinel:")) {
    address = ParseSentinels(text, problems);
  } else {
    address = ParseRedis(text, problems);
  }
  if (!problems.empty()) return absl::InvalidArgumentError(absl::StrJoin(problems, "; "));
  return address;
}

}  // namespace klynge::shared_state
