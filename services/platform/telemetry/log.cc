#include "services/platform/telemetry/log.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/time/clock.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace klynge::telemetry {
namespace {

std::string& ServiceName() {
  static auto* const name = new std::string("klynge");
  return *name;
}

spdlog::level::level_enum ToSpdlog(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarning:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

const char* LevelName(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
  }
  return "info";
}

spdlog::logger& Logger() {
  static const auto logger = [] {
    auto made = spdlog::stderr_logger_mt("klynge");
    made->set_pattern("%v");
    made->flush_on(spdlog::level::warn);
    return made;
  }();
  return *logger;
}

// Length of the valid UTF-8 sequence at the start of `text`, 0 if there is none.
size_t Utf8Length(absl::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const size_t length = lead < 0x80   ? 1
                        : lead < 0xC2 ? 0
                        : lead < 0xE0 ? 2
                        : lead < 0xF0 ? 3
                        : lead < 0xF5 ? 4
                                      : 0;
  if (length == 0 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  if ((lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) > 0x9F) ||
      (lead == 0xF0 && byte(1) < 0x90) || (lead == 0xF4 && byte(1) > 0x8F)) {
    return 0;
  }
  return length;
}

void AppendField(std::string& line, const Field& field) {
  absl::StrAppend(&line, ",\"", JsonEscape(field.name), "\":");
  if (const auto* text = absl::get_if<std::string>(&field.value)) {
    absl::StrAppend(&line, "\"", JsonEscape(*text), "\"");
  } else if (const auto* number = absl::get_if<int64_t>(&field.value)) {
    absl::StrAppend(&line, *number);
  } else if (const auto* real = absl::get_if<double>(&field.value)) {
    absl::StrAppendFormat(&line, "%.3f", *real);
  } else {
    absl::StrAppend(&line, absl::get<bool>(field.value) ? "true" : "false");
  }
}

}  // namespace

std::string JsonEscape(absl::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  while (!text.empty()) {
    const size_t length = Utf8Length(text);
    const char c = text[0];
    if (length == 0) {
      escaped += "\xEF\xBF\xBD";
    } else if (c == '"' || c == '\\') {
      escaped += {'\\', c};
    } else if (length == 1 && static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&escaped, "\\u%04x", static_cast<unsigned char>(c));
    } else {
      escaped.append(text.data(), length);
    }
    text.remove_prefix(std::max<size_t>(length, 1));
  }
  return escaped;
}

void StartLogging(const std::string& service, Level least) {
  ServiceName() = service;
  Logger().set_level(ToSpdlog(least));
}

void Log(Level level, absl::string_view message, std::initializer_list<Field> fields) {
  auto& logger = Logger();
  if (!logger.should_log(ToSpdlog(level))) return;
  std::string line = absl::StrCat(
      "{\"time\":\"", absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", absl::Now(), absl::UTCTimeZone()),
      "\",\"level\":\"", LevelName(level), "\",\"service\":\"", JsonEscape(ServiceName()),
      "\",\"message\":\"", JsonEscape(message), "\"");
  for (const Field& field : fields) AppendField(line, field);
  line += '}';
  logger.log(ToSpdlog(level), spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace klynge::telemetry
