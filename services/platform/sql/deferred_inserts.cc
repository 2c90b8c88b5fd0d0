#include "services/platform/sql/deferred_inserts.h"

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>

#include "services/platform/rpc/status.h"

namespace klynge::sql {
namespace {

// The columns named by "ON CONFLICT (a, b) DO UPDATE …"; none for any other suffix.
std::vector<size_t> UpdateKey(const BulkTable& table) {
  absl::string_view suffix = table.suffix;
  if (!absl::ConsumePrefix(&suffix, "ON CONFLICT (") || !absl::StrContains(suffix, "DO UPDATE")) {
    return {};
  }
  std::vector<size_t> key;
  for (absl::string_view name : absl::StrSplit(suffix.substr(0, suffix.find(')')), ',')) {
    for (size_t i = 0; i < table.columns.size(); ++i) {
      if (table.columns[i].name == absl::StripAsciiWhitespace(name)) key.push_back(i);
    }
  }
  return key;
}

}  // namespace

std::string DeferredInserts::KeyOf(const std::vector<size_t>& columns,
                                   const std::vector<Value>& row) {
  std::string key;
  for (const size_t column : columns) {
    if (const auto* text = absl::get_if<std::string>(&row.at(column))) {
      absl::StrAppend(&key, text->size(), ":", *text);
    } else if (const auto* integer = absl::get_if<int64_t>(&row.at(column))) {
      absl::StrAppend(&key, "=", *integer);
    } else {
      key += '?';  // null or a real: at worst a flush more
    }
  }
  return key;
}

const DeferredInserts::Pending* DeferredInserts::Find(const BulkTable& table) const {
  for (const Pending& pending : tables_) {
    if (pending.table.name == table.name && pending.table.suffix == table.suffix) return &pending;
  }
  return nullptr;
}

DeferredInserts::Mark DeferredInserts::Here() const {
  Mark mark;
  mark.reserve(tables_.size());
  for (const Pending& pending : tables_) mark.push_back(pending.rows.size());
  return mark;
}

bool DeferredInserts::Collides(const BulkTable& table,
                               const std::vector<std::vector<Value>>& rows) const {
  const Pending* pending = Find(table);
  if (pending == nullptr || pending->key.empty()) return false;
  return std::any_of(rows.begin(), rows.end(), [&](const std::vector<Value>& row) {
    return pending->keys.contains(KeyOf(pending->key, row));
  });
}

void DeferredInserts::Add(const BulkTable& table, std::vector<std::vector<Value>> rows) {
  auto* pending = const_cast<Pending*>(Find(table));
  if (pending == nullptr) {
    tables_.push_back({table, UpdateKey(table), {}, {}});
    pending = &tables_.back();
  }
  for (auto& row : rows) {
    if (!pending->key.empty()) pending->keys.insert(KeyOf(pending->key, row));
    pending->rows.push_back(std::move(row));
  }
}

void DeferredInserts::ReturnTo(const Mark& mark) {
  for (size_t i = 0; i < tables_.size(); ++i) {
    Pending& pending = tables_[i];
    const size_t keep = i < mark.size() ? mark[i] : 0;
    while (pending.rows.size() > keep) {
      if (!pending.key.empty()) pending.keys.erase(KeyOf(pending.key, pending.rows.back()));
      pending.rows.pop_back();
    }
  }
}

bool DeferredInserts::AnySince(const Mark& mark) const {
  for (size_t i = 0; i < tables_.size(); ++i) {
    if (tables_[i].rows.size() > (i < mark.size() ? mark[i] : 0)) return true;
  }
  return false;
}

absl::Status DeferredInserts::FlushUpTo(const Mark& mark, Session& session) {
  for (size_t i = 0; i < mark.size(); ++i) {
    Pending& pending = tables_[i];
    if (mark[i] == 0) continue;
    const auto end = pending.rows.begin() + static_cast<std::ptrdiff_t>(mark[i]);
    std::vector<std::vector<Value>> rows(std::make_move_iterator(pending.rows.begin()),
                                         std::make_move_iterator(end));
    pending.rows.erase(pending.rows.begin(), end);
    pending.keys.clear();
    for (const auto& row : pending.rows) {
      if (!pending.key.empty()) pending.keys.insert(KeyOf(pending.key, row));
    }
    KLYNGE_RETURN_IF_ERROR(session.BulkInsert(pending.table, rows));
  }
  return absl::OkStatus();
}

}  // namespace klynge::sql
