#include "services/platform/telemetry/log.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <ctime>

#include "services/platform/telemetry/log_writer.h"

namespace klynge::telemetry {
namespace {

// What a process may take to write its last lines.
constexpr absl::Duration kLastLines = absl::Seconds(5);

std::atomic<Level> least_level = Level::kInfo;

std::string& ServiceName() {
  static auto* const name = new std::string("klynge");
  return *name;
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

bool Plain(char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; }

void AppendEscaped(absl::string_view text, std::string* out) {
  while (!text.empty()) {
    const auto plain =
        static_cast<size_t>(std::find_if_not(text.begin(), text.end(), Plain) - text.begin());
    out->append(text.data(), plain);
    text.remove_prefix(plain);
    if (text.empty()) return;
    const size_t length = Utf8Length(text);
    const char c = text[0];
    if (length == 0) {
      *out += "\xEF\xBF\xBD";
    } else if (c == '"' || c == '\\') {
      *out += {'\\', c};
    } else if (length == 1 && static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(out, "\\u%04x", static_cast<unsigned char>(c));
    } else {
      out->append(text.data(), length);
    }
    text.remove_prefix(std::max<size_t>(length, 1));
  }
}

// With three digits after the point; by hand for what is usual, because formatting is slow.
void AppendReal(double real, std::string* line) {
  if (!(real >= 0 && real < 1e12)) {
    if (std::isfinite(real)) {
      absl::StrAppendFormat(line, "%.3f", real);
    } else {
      *line += "null";  // JSON has no other word
    }
    return;
  }
  const auto thousandths = static_cast<int64_t>(std::llround(real * 1000));
  const int64_t part = thousandths % 1000;
  absl::StrAppend(line, thousandths / 1000, part < 10 ? ".00" : part < 100 ? ".0" : ".", part);
}

void AppendField(const Field& field, std::string* line) {
  const auto* const text = absl::get_if<Field::Text>(&field.value);
  if (text != nullptr && text->empty()) return;
  absl::StrAppend(line, ",\"", field.name, "\":");
  if (text != nullptr) {
    *line += '"';
    AppendEscaped(*text, line);
    *line += '"';
  } else if (const auto* number = absl::get_if<int64_t>(&field.value)) {
    absl::StrAppend(line, *number);
  } else if (const auto* real = absl::get_if<double>(&field.value)) {
    AppendReal(*real, line);
  } else {
    absl::StrAppend(line, absl::get<bool>(field.value) ? "true" : "false");
  }
}

// "2026-11-22T05:40:00.123456Z". The part up to the second is made once a second.
void AppendTime(std::string* line) {
  thread_local time_t known = -1;
  thread_local char second[sizeof("2026-11-22T05:40:00")];
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (now.tv_sec != known) {
    tm parts;
    gmtime_r(&now.tv_sec, &parts);
    std::strftime(second, sizeof(second), "%Y-%m-%dT%H:%M:%S", &parts);
    known = now.tv_sec;
  }
  char micros[] = ".000000Z";
  long left = now.tv_nsec / 1000;
  for (int digit = 6; digit > 0; --digit, left /= 10) {
    micros[digit] = static_cast<char>('0' + left % 10);
  }
  *line += second;
  *line += micros;
}

void MakeLine(Level level, absl::string_view message, std::initializer_list<Field> fields,
              std::string* line) {
  *line += "{\"time\":\"";
  AppendTime(line);
  absl::StrAppend(line, "\",\"level\":\"", LevelName(level), "\",\"service\":\"", ServiceName(),
                  "\",\"message\":\"");
  AppendEscaped(message, line);
  *line += '"';
  for (const Field& field : fields) AppendField(field, line);
  *line += "}\n";
}

// Lives until the very end: whatever is destroyed late may still log.
LogWriter& Writer() {
  static LogWriter* const writer = [] {
    auto* const made =
        new LogWriter({.descriptor = STDERR_FILENO, .describe_dropped = [](int64_t count) {
                         std::string line;
                         MakeLine(Level::kWarning, "log lines dropped", {{"lines", count}}, &line);
                         return line;
                       }});
    std::atexit([] { Writer().Stop(kLastLines); });
    return made;
  }();
  return *writer;
}

}  // namespace

const char* LevelName(Level level) {
  static const char* const kNames[] = {"debug", "info", "warning", "error"};
  return kNames[static_cast<size_t>(level)];
}

std::string JsonEscape(absl::string_view text) {
  std::string escaped;
  AppendEscaped(text, &escaped);
  return escaped;
}

void StartLogging(const std::string& service, Level least) {
  ServiceName() = service;
  SetLogLevel(least);
}

Level LogLevel() { return least_level.load(std::memory_order_relaxed); }

void SetLogLevel(Level least) { least_level.store(least, std::memory_order_relaxed); }

bool Logged(Level level) { return level >= LogLevel(); }

void Log(Level level, absl::string_view message, std::initializer_list<Field> fields) {
  if (!Logged(level)) return;
  thread_local std::string line;
  line.clear();
  MakeLine(level, message, fields, &line);
  Writer().Write(line, level >= Level::kWarning);
  if (level == Level::kError) Writer().Flush(absl::Milliseconds(100));
}

void FlushLog() { Writer().Flush(absl::Seconds(1)); }

int64_t DroppedLogLines() { return Writer().dropped(); }

}  // namespace klynge::telemetry
