// Log lines as JSON objects, one a line, on standard error. User data goes into fields, which are
// escaped; it is never a format string. Thread-safe.
#pragma once

#include <absl/strings/string_view.h>
#include <absl/types/variant.h>

#include <initializer_list>
#include <string>
#include <utility>

namespace klynge::telemetry {

enum class Level { kDebug, kInfo, kWarning, kError };

using FieldValue = absl::variant<std::string, int64_t, double, bool>;

struct Field {
  // Text, numbers and truth values keep their type in the JSON.
  Field(absl::string_view key, std::string text) : name(key), value(std::move(text)) {}
  Field(absl::string_view key, absl::string_view text) : name(key), value(std::string(text)) {}
  Field(absl::string_view key, const char* text) : name(key), value(std::string(text)) {}
  Field(absl::string_view key, int64_t number) : name(key), value(number) {}
  Field(absl::string_view key, int number) : name(key), value(static_cast<int64_t>(number)) {}
  Field(absl::string_view key, double number) : name(key), value(number) {}
  Field(absl::string_view key, bool truth) : name(key), value(truth) {}

  absl::string_view name;
  FieldValue value;
};

// Sets what every line says ("service") and the least level written. Call once, in main.
void StartLogging(const std::string& service, Level least);

void Log(Level level, absl::string_view message, std::initializer_list<Field> fields = {});

// The text as the inside of a JSON string. Invalid UTF-8 becomes U+FFFD.
std::string JsonEscape(absl::string_view text);

}  // namespace klynge::telemetry
