#include "tests/bench/figures.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace klynge::bench {
namespace {

std::vector<double> Each(const std::vector<Run>& runs, double (*value)(const Run&)) {
  std::vector<double> values;
  for (const Run& run : runs) values.push_back(value(run));
  return values;
}

std::string Written(const Row& row, double value) {
  switch (row.unit) {
    case Row::Unit::kPerSecond:
      return value < 1000 ? absl::StrFormat("%.0f /s", value)
                          : absl::StrFormat("%.1f k/s", value / 1000);
    case Row::Unit::kMilliseconds:
      return absl::StrFormat(value < 10 ? "%.2f ms" : "%.0f ms", value);
    case Row::Unit::kNumber:
      return absl::StrFormat("%.1f", value);
  }
  return "";
}

// What bar and goal speak of: the ratio, or the figure where there is no ceiling.
double Judged(const Row& row) { return Median(row.ceiling.empty() ? row.measured : Ratios(row)); }

bool Reaches(const Row& row, double wanted) {
  return row.better == Row::Better::kHigher ? Judged(row) >= wanted : Judged(row) <= wanted;
}

std::string Wanted(const Row& row, const absl::optional<double>& wanted) {
  if (!wanted) return "";
  const char* sign = row.better == Row::Better::kHigher ? "≥ " : "≤ ";
  return absl::StrCat(
      sign, row.ceiling.empty() ? Written(row, *wanted) : absl::StrFormat("%.2f", *wanted));
}

std::string RatioText(const Row& row) {
  if (row.ceiling.empty()) return "";
  const auto ratios = Ratios(row);
  return absl::StrFormat("%.2f (%.2f–%.2f)", Median(ratios),
                         *std::min_element(ratios.begin(), ratios.end()),
                         *std::max_element(ratios.begin(), ratios.end()));
}

// printf counts bytes; a table needs characters.
std::string Padded(const std::string& text, size_t width) {
  const auto characters = static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
  return text + std::string(width > characters ? width - characters : 1, ' ');
}

std::string Line(const std::vector<std::string>& cells) {
  static constexpr size_t kWidths[] = {60, 11, 11, 20, 11, 9, 0};
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) absl::StrAppend(&line, Padded(cells[i], kWidths[i]));
  return line + "\n";
}

}  // namespace

Run MakeRun(const std::vector<double>& latencies, absl::Duration duration, int64_t answered) {
  if (latencies.empty()) Fail("nothing was answered in the measured time");
  return {static_cast<double>(latencies.size()) / absl::ToDoubleSeconds(duration),
          Percentile(latencies, 0.5), Percentile(latencies, 0.99), answered};
}

double Percentile(std::vector<double> values, double part) {
  std::sort(values.begin(), values.end());
  const double rank = std::ceil(part * static_cast<double>(values.size()));
  return values[rank < 1 ? 0 : static_cast<size_t>(rank) - 1];
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

std::vector<double> Rates(const std::vector<Run>& runs) {
  return Each(runs, [](const Run& run) { return run.per_second; });
}
std::vector<double> P50s(const std::vector<Run>& runs) {
  return Each(runs, [](const Run& run) { return run.p50_ms; });
}
std::vector<double> P99s(const std::vector<Run>& runs) {
  return Each(runs, [](const Run& run) { return run.p99_ms; });
}

std::vector<double> Ratios(const Row& row) {
  std::vector<double> ratios;
  for (size_t i = 0; i < std::min(row.measured.size(), row.ceiling.size()); ++i) {
    ratios.push_back(row.measured[i] / row.ceiling[i]);
  }
  return ratios;
}

std::string Verdict(const Row& row) {
  std::string verdict;
  if (row.bar) verdict = Reaches(row, *row.bar) ? "bar met" : "bar MISSED";
  if (row.goal) {
    absl::StrAppend(&verdict, verdict.empty() ? "" : ", ",
                    Reaches(row, *row.goal) ? "goal met" : "goal missed");
  }
  return verdict;
}

std::string Table(const std::vector<Row>& rows) {
  std::string table =
      Line({"what", "measured", "ceiling", "ratio (low–high)", "bar", "goal", "verdict"});
  for (const Row& row : rows) {
    absl::StrAppend(
        &table, Line({row.what, Written(row, Median(row.measured)),
                      row.ceiling.empty() ? "" : Written(row, Median(row.ceiling)), RatioText(row),
                      Wanted(row, row.bar), Wanted(row, row.goal), Verdict(row)}));
  }
  return table;
}

void Fail(const std::string& why) { throw std::runtime_error(why); }

}  // namespace klynge::bench
