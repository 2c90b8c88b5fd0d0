// The flags of one process as a table: a name, where the value goes, what is allowed, what it
// means. From the table come the reading of the command line and of the environment, the list of
// everything that is wrong with them, and --help.
//
//   FlagTable flags("klynge-goals: …");
//   flags.Duration("drain", &config.drain, absl::ZeroDuration(), absl::Hours(1), "how long …");
//   std::vector<std::string> problems = flags.Read(arguments, environment);
//
// What a variable holds when its flag is added is the default. Not thread-safe.
#pragma once

#include <absl/strings/string_view.h>
#include <absl/time/time.h>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace klynge::config {

class FlagTable {
 public:
  // `about` opens --help.
  explicit FlagTable(std::string about) : about_(std::move(about)) {}

  // A heading above the flags that follow.
  void Section(std::string title);

  // In each, `help` says what the flag is for and, when it is a number, of what (its unit).
  void Text(std::string name, std::string* value, std::string help);
  // "host:port" or "unix:PATH"; `none`, if not empty, is the word for "no address" ("").
  void Address(std::string name, std::string* value, std::string help, std::string none = "");
  // The path of a file that must be readable.
  void File(std::string name, std::string* path, std::string help);
  // The path of a file whose text, without white space around it, becomes the value.
  void Secret(std::string name, std::string* value, std::string help);
  // Texts with commas between them.
  void List(std::string name, std::vector<std::string>* value, std::string help);
  void Integer(std::string name, int* value, int least, int most, std::string help);
  void Real(std::string name, double* value, double least, double most, std::string help);
  // "250ms", "10s", "1h30m" or "7d".
  void Duration(std::string name, absl::Duration* value, absl::Duration least, absl::Duration most,
                std::string help);
  template <class T>
  void Choice(std::string name, T* value, std::vector<std::pair<std::string, T>> choices,
              std::string help);

  // Takes values from `arguments` ("--drain=10s", or "--drain" and "10s"; without the program's
  // name) and, for flags that are not among them, from KLYNGE_<NAME> of `environment`. Returns
  // every problem, a sentence each; no sentence holds the value of a Secret.
  std::vector<std::string> Read(const std::vector<std::string>& arguments,
                                const std::map<std::string, std::string>& environment);

  // Variables of `environment` that begin with KLYNGE_ and are no flag of this table.
  std::vector<std::string> UnknownVariables(
      const std::map<std::string, std::string>& environment) const;

  // Every flag with its default.
  std::string Help() const;

 private:
  // Takes a value; says what is wrong with it, or "".
  using Setter = std::function<std::string(const std::string&)>;
  struct Flag {
    std::string name;
    std::string kind;  // "NUMBER"
    std::string standard;
    std::string help;
    Setter set;
    std::string section;
    bool given = false;
  };

  void Add(std::string name, std::string kind, std::string standard, std::string help, Setter set);
  Flag* Find(absl::string_view name);
  std::vector<std::string> ReadArguments(const std::vector<std::string>& arguments);

  const std::string about_;
  std::string section_;
  std::vector<Flag> flags_;
};

// Whether it reads "host:port" or "unix:PATH".
bool IsAddress(absl::string_view text);

// "KLYNGE_DATABASE_FILE" for "database_file".
std::string VariableOf(absl::string_view flag);

template <class T>
void FlagTable::Choice(std::string name, T* value, std::vector<std::pair<std::string, T>> choices,
                       std::string help) {
  std::string words, standard;
  for (const auto& [word, choice] : choices) {
    words += (words.empty() ? "" : "|") + word;
    if (choice == *value) standard = word;
  }
  Add(std::move(name), words, standard, std::move(help),
      [value, words, choices = std::move(choices)](const std::string& text) {
        for (const auto& [word, choice] : choices) {
          if (word != text) continue;
          *value = choice;
          return std::string();
        }
        return "write one of " + words;
      });
}

}  // namespace klynge::config
