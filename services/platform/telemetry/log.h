// Log lines as JSON objects, one a line, on standard error. User data goes into fields, which are
// escaped; it is never a format string. Thread-safe.
//
// Log makes the line and leaves it to a thread that writes many at once; it never waits, but for
// errors, which are written when Log returns (or 100 ms have passed), so that a crash that follows
// does not take them along. When 4 MB wait because nobody reads standard error, further lines are
// dropped, counted, and a line says how many. What waits is written when the process ends by exit()
// or by returning from main.
#pragma once

#include <absl/strings/string_view.h>
#include <absl/types/variant.h>

#include <initializer_list>
#include <string>

namespace klynge::telemetry {

enum class Level { kDebug, kInfo, kWarning, kError };

// A name and a value that are only looked at: made for one call of Log.
struct Field {
  // Text, numbers and truth values keep their type in the JSON.
  Field(absl::string_view key, const std::string& text) : name(key), value(Text(text)) {}
  Field(absl::string_view key, absl::string_view text) : name(key), value(text) {}
  Field(absl::string_view key, const char* text) : name(key), value(Text(text)) {}
  Field(absl::string_view key, int64_t number) : name(key), value(number) {}
  Field(absl::string_view key, int number) : name(key), value(static_cast<int64_t>(number)) {}
  Field(absl::string_view key, double number) : name(key), value(number) {}
  Field(absl::string_view key, bool truth) : name(key), value(truth) {}

  using Text = absl::string_view;
  absl::string_view name;
  absl::variant<Text, int64_t, double, bool> value;
};

// Sets what every line says ("service") and the least level written. Call once, in main, before
// other threads log.
void StartLogging(const std::string& service, Level least);

// A field without text ("") is left out.
void Log(Level level, absl::string_view message, std::initializer_list<Field> fields = {});

// The least level written; may be changed at any time.
Level LogLevel();
void SetLogLevel(Level least);
// Whether a line of this level would be written: asked before something costly is made for one.
bool Logged(Level level);

// "warning".
const char* LevelName(Level level);

// Waits until everything logged so far has been written, at most a second.
void FlushLog();

// Lines dropped since the process started.
int64_t DroppedLogLines();

// The text as the inside of a JSON string. Invalid UTF-8 becomes U+FFFD.
std::string JsonEscape(absl::string_view text);

}  // namespace klynge::telemetry
