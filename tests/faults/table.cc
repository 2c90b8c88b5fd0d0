#include "tests/faults/table.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace klynge::faults {
namespace {

// Tests run in the root of the repository.
constexpr char kFile[] = "tests/faults/README.md";
constexpr char kEnd[] = "<!-- end of the measured table -->";

std::vector<std::string> ReadLines() {
  std::ifstream file(kFile);
  EXPECT_TRUE(file) << kFile << " is read in the root of the repository";
  std::stringstream text;
  text << file.rdbuf();
  return absl::StrSplit(text.str(), '\n');
}

std::string FirstCells(const Row& row) {
  return absl::StrCat("| ", row.fault, " | ", row.expectation, " |");
}

std::string Measured(const Row& row) {
  return absl::StrCat(" ", row.seen.AnswersToString(), " | ", Shown(row.seen.slowest), " | ",
                      Shown(row.seen.recovery), " | ", row.acknowledged, " |");
}

void Write(const Row& row) {
  std::vector<std::string> lines = ReadLines();
  const std::string same_fault = absl::StrCat("| ", row.fault, " |");
  const auto place = std::find_if(lines.begin(), lines.end(), [&](const std::string& line) {
    return absl::StartsWith(line, same_fault) || line == kEnd;
  });
  ASSERT_NE(place, lines.end()) << kFile << " has no line " << kEnd;
  const std::string line = FirstCells(row) + Measured(row);
  if (*place == kEnd) {
    lines.insert(place, line);
  } else {
    *place = line;
  }
  std::ofstream(kFile) << absl::StrJoin(lines, "\n");
}

}  // namespace

void ReportRow(const Row& row) {
  const char* write = std::getenv("TEST_FAULTS_TABLE");
  if (write != nullptr && std::string(write) == "write") return Write(row);
  const std::vector<std::string> lines = ReadLines();
  EXPECT_TRUE(
      std::any_of(lines.begin(), lines.end(),
                  [&](const auto& line) { return absl::StartsWith(line, FirstCells(row)); }))
      << kFile << " lacks a row that begins\n"
      << FirstCells(row) << "\nRun tests/faults/run --write-table.";
}

}  // namespace klynge::faults
