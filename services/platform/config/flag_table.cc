#include "services/platform/config/flag_table.h"

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>

#include <fstream>
#include <sstream>

namespace klynge::config {
namespace {

constexpr absl::string_view kVariablePrefix = "KLYNGE_";
constexpr size_t kWidth = 100;  // columns of --help

// absl knows no days, and a week in hours is hard to read.
bool ReadDuration(absl::string_view text, absl::Duration* duration) {
  double days = 0;
  if (absl::EndsWith(text, "d") && absl::SimpleAtod(text.substr(0, text.size() - 1), &days)) {
    *duration = absl::Hours(24) * days;
    return true;
  }
  return absl::ParseDuration(text, duration);
}

std::string DurationText(absl::Duration duration) {
  const absl::Duration day = absl::Hours(24);
  if (duration >= day && duration % day == absl::ZeroDuration()) {
    return absl::StrCat(duration / day, "d");
  }
  return absl::FormatDuration(duration);
}

// The words of `text` in lines of at most kWidth, each after `indent`.
std::string Wrap(absl::string_view text, absl::string_view indent) {
  std::string lines, line(indent);
  for (absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    if (line.size() > indent.size() && line.size() + 1 + word.size() > kWidth) {
      absl::StrAppend(&lines, line, "\n");
      line = std::string(indent);
    }
    absl::StrAppend(&line, line.size() > indent.size() ? " " : "", word);
  }
  return absl::StrCat(lines, line, "\n");
}

}  // namespace

bool IsAddress(absl::string_view text) {
  if (absl::StartsWith(text, "unix:")) return text.size() > 5;
  const size_t colon = text.rfind(':');
  int port = 0;
  return colon != absl::string_view::npos && colon > 0 &&
         absl::SimpleAtoi(text.substr(colon + 1), &port) && port >= 0 && port <= 65535;
}

std::string VariableOf(absl::string_view flag) {
  return absl::StrCat(kVariablePrefix, absl::AsciiStrToUpper(flag));
}

void FlagTable::Section(std::string title) { section_ = std::move(title); }

void FlagTable::Add(std::string name, std::string kind, std::string standard, std::string help,
                    Setter set) {
  flags_.push_back({std::move(name), std::move(kind), std::move(standard), std::move(help),
                    std::move(set), section_});
}

void FlagTable::Text(std::string name, std::string* value, std::string help) {
  Add(std::move(name), "TEXT", *value, std::move(help), [value](const std::string& text) {
    *value = text;
    return "";
  });
}

void FlagTable::Address(std::string name, std::string* value, std::string help, std::string none) {
  const std::string standard = value->empty() ? none : *value;
  Add(std::move(name), none.empty() ? "HOST:PORT" : absl::StrCat("HOST:PORT|", none), standard,
      std::move(help), [value, none = std::move(none)](const std::string& text) -> std::string {
        if (!none.empty() && text == none) {
          value->clear();
        } else if (IsAddress(text)) {
          *value = text;
        } else {
          return "write host:port, for example 127.0.0.1:50051, or unix:PATH";
        }
        return "";
      });
}

void FlagTable::File(std::string name, std::string* path, std::string help) {
  Add(std::move(name), "FILE", *path, std::move(help), [path](const std::string& text) {
    *path = text;
    std::ifstream file(text);
    return file.peek() != std::ifstream::traits_type::eof() ? "" : "cannot be read or is empty";
  });
}

void FlagTable::Secret(std::string name, std::string* value, std::string help) {
  Add(std::move(name), "FILE", "", std::move(help), [value](const std::string& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    *value = std::string(absl::StripAsciiWhitespace(text.str()));
    return file && !value->empty() ? "" : "cannot be read or is empty";
  });
}

void FlagTable::List(std::string name, std::vector<std::string>* value, std::string help) {
  Add(std::move(name), "TEXT,TEXT…", absl::StrJoin(*value, ","), std::move(help),
      [value](const std::string& text) {
        value->clear();
        for (absl::string_view part : absl::StrSplit(text, ',')) {
          part = absl::StripAsciiWhitespace(part);
          if (!part.empty()) value->emplace_back(part);
        }
        return "";
      });
}

void FlagTable::Integer(std::string name, int* value, int least, int most, std::string help) {
  const std::string range = absl::StrCat(least, " to ", most);
  Add(std::move(name), "NUMBER", absl::StrCat(*value), absl::StrCat(help, "; ", range),
      [value, least, most, range](const std::string& text) {
        int number = 0;
        if (!absl::SimpleAtoi(text, &number)) return absl::StrCat("no whole number; ", range);
        if (number < least || number > most) return absl::StrCat("allowed is ", range);
        *value = number;
        return std::string();
      });
}

void FlagTable::Real(std::string name, double* value, double least, double most, std::string help) {
  const std::string range = absl::StrCat(least, " to ", most);
  Add(std::move(name), "NUMBER", absl::StrCat(*value), absl::StrCat(help, "; ", range),
      [value, least, most, range](const std::string& text) {
        double number = 0;
        if (!absl::SimpleAtod(text, &number)) return absl::StrCat("no number; ", range);
        // Written so that NaN is refused.
        if (!(number >= least && number <= most)) return absl::StrCat("allowed is ", range);
        *value = number;
        return std::string();
      });
}

void FlagTable::Duration(std::string name, absl::Duration* value, absl::Duration least,
                         absl::Duration most, std::string help) {
  const std::string range = absl::StrCat(DurationText(least), " to ", DurationText(most));
  Add(std::move(name), "DURATION", DurationText(*value), absl::StrCat(help, "; ", range),
      [value, least, most, range](const std::string& text) {
        absl::Duration duration;
        if (!ReadDuration(text, &duration)) {
          return absl::StrCat("no duration; write for example 250ms, 10s, 1h30m or 7d");
        }
        if (duration < least || duration > most) return absl::StrCat("allowed is ", range);
        *value = duration;
        return std::string();
      });
}

FlagTable::Flag* FlagTable::Find(absl::string_view name) {
  for (Flag& flag : flags_) {
    if (flag.name == name) return &flag;
  }
  return nullptr;
}

std::vector<std::string> FlagTable::ReadArguments(const std::vector<std::string>& arguments) {
  std::vector<std::string> problems;
  for (size_t i = 0; i < arguments.size(); ++i) {
    absl::string_view argument = arguments[i];
    if (!absl::ConsumePrefix(&argument, "--")) {
      problems.push_back(absl::StrCat(argument, ": not a flag; flags begin with --"));
      continue;
    }
    const size_t sign = argument.find('=');
    const absl::string_view name = argument.substr(0, sign);
    Flag* const flag = Find(name);
    if (flag == nullptr) {
      problems.push_back(absl::StrCat("--", name, ": there is no such flag"));
    } else if (flag->given) {
      problems.push_back(absl::StrCat("--", name, ": given twice"));
    } else if (sign == absl::string_view::npos && i + 1 == arguments.size()) {
      problems.push_back(absl::StrCat("--", name, ": write --", name, "=", flag->kind));
    } else {
      flag->given = true;
      const std::string value =
          sign == absl::string_view::npos ? arguments[++i] : std::string(argument.substr(sign + 1));
      const std::string problem = flag->set(value);
      if (!problem.empty()) {
        problems.push_back(absl::StrCat("--", name, "=", value, ": ", problem));
      }
    }
  }
  return problems;
}

std::vector<std::string> FlagTable::Read(const std::vector<std::string>& arguments,
                                         const std::map<std::string, std::string>& environment) {
  std::vector<std::string> problems = ReadArguments(arguments);
  for (Flag& flag : flags_) {
    const auto variable = environment.find(VariableOf(flag.name));
    if (flag.given || variable == environment.end()) continue;
    const std::string problem = flag.set(variable->second);
    if (!problem.empty()) {
      problems.push_back(absl::StrCat(variable->first, "=", variable->second, ": ", problem));
    }
  }
  return problems;
}

std::vector<std::string> FlagTable::UnknownVariables(
    const std::map<std::string, std::string>& environment) const {
  std::vector<std::string> unknown;
  for (auto at = environment.lower_bound(std::string(kVariablePrefix));
       at != environment.end() && absl::StartsWith(at->first, kVariablePrefix); ++at) {
    bool known = false;
    for (const Flag& flag : flags_) known = known || VariableOf(flag.name) == at->first;
    if (!known) unknown.push_back(at->first);
  }
  return unknown;
}

std::string FlagTable::Help() const {
  std::string help = Wrap(about_, "");
  std::string section;
  for (const Flag& flag : flags_) {
    if (flag.section != section) absl::StrAppend(&help, "\n", flag.section, "\n");
    section = flag.section;
    absl::StrAppend(&help, "  --", flag.name, "=", flag.kind,
                    flag.standard.empty() ? "" : absl::StrCat("   (", flag.standard, ")"), "\n",
                    Wrap(flag.help, "      "));
  }
  return help;
}

}  // namespace klynge::config
