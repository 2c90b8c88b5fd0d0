#include "services/organisation/known_store.h"

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "services/organisation/all_tables.h"
#include "services/organisation/content.h"
#include "services/organisation/import_row.h"
#include "services/organisation/seeds.h"
#include "services/platform/rpc/status.h"
#include "services/platform/sql/json.h"

namespace klynge::organisation {
namespace {

constexpr char kMoment[] =
    "SELECT (SELECT revision FROM klynge_revision), "
    "(SELECT revision FROM klynge_audit WHERE ordinal = 0 AND at_us <= :moment "
    "ORDER BY revision DESC LIMIT 1), "
    "(SELECT max(revision) FROM person WHERE erased_on <> '')";

// For a WHERE.
std::string InWords(const std::vector<std::string>& words) {
  return absl::StrCat("('", absl::StrJoin(words, "', '"), "')");
}

const std::string& SelectChanged() {
  static const auto* const select = new std::string(absl::StrCat(
      "SELECT DISTINCT entity_kind, entity_id FROM klynge_audit WHERE revision > :since "
      "AND entity_kind IN ",
      InWords(SortWords())));
  return *select;
}

// What the things that have changed since a revision were until then, oldest first.
const std::string& SelectEarlier() {
  static const auto* const select = new std::string(
      absl::StrCat("SELECT was.entity_kind, was.entity_id, was.change_json FROM (", SelectChanged(),
                   ") AS changed JOIN klynge_audit AS was ON was.entity_kind = changed.entity_kind "
                   "AND was.entity_id = changed.entity_id WHERE was.revision <= :until "
                   "ORDER BY was.revision, was.ordinal"));
  return *select;
}

const std::string& SelectSeeds() {
  static const auto* const select = [] {
    std::vector<std::string> words;
    for (const std::string& word : SeededWords()) words.push_back(SeedWord(word));
    return new std::string(
        absl::StrCat("SELECT substr(entity_kind, 6), entity_id, change_json FROM klynge_audit "
                     "WHERE revision > :since AND entity_kind IN ",
                     InWords(words)));
  }();
  return *select;
}

// What the log says about the things of one sort that have changed since.
struct Past {
  absl::flat_hash_set<std::string> changed;  // ids
  std::vector<sql::Row> lines;               // of those, until then, oldest first
};
using PastByWord = absl::flat_hash_map<std::string, Past>;

absl::StatusOr<PastByWord> ReadPast(sql::Session& session, int64_t revision) {
  PastByWord past;
  KLYNGE_ASSIGN_OR_RETURN(const auto changed, session.Query(SelectChanged(), {revision}));
  for (const sql::Row& row : changed) past[row.Text(0)].changed.insert(row.Text(1));
  KLYNGE_ASSIGN_OR_RETURN(auto seeds, session.Query(SelectSeeds(), {revision}));
  KLYNGE_ASSIGN_OR_RETURN(auto earlier, session.Query(SelectEarlier(), {revision, revision}));
  for (auto* rows : {&seeds, &earlier}) {
    for (sql::Row& row : *rows) past[row.Text(0)].lines.push_back(std::move(row));
  }
  return past;
}

// A line holds the thing as an import brings it.
absl::StatusOr<AnyThing> ThingOf(const sql::Row& line) {
  v1::ImportOrganisationRequest row;
  const auto* field = row.GetDescriptor()->FindFieldByName(line.Text(0));
  if (field == nullptr) return absl::DataLossError("a line of the history is of no known sort");
  KLYNGE_RETURN_IF_ERROR(
      sql::FromJson(line.Text(2), *row.GetReflection()->MutableMessage(&row, field)));
  return ParseRow(row).content;
}

// The last that was said about each thing.
template <class Thing>
absl::StatusOr<std::vector<Thing>> LastOf(const std::vector<sql::Row>& lines) {
  std::vector<Thing> things;
  for (size_t i = lines.size(); i-- > 0;) {
    KLYNGE_ASSIGN_OR_RETURN(AnyThing thing, ThingOf(lines[i]));
    things.push_back(absl::get<Thing>(std::move(thing)));
  }
  std::stable_sort(things.begin(), things.end(),
                   [](const Thing& a, const Thing& b) { return KeyOf(a) < KeyOf(b); });
  things.erase(std::unique(things.begin(), things.end(),
                           [](const Thing& a, const Thing& b) { return KeyOf(a) == KeyOf(b); }),
               things.end());
  return things;
}

// The list as it was: what has changed goes, what it was comes back.
template <class Thing>
absl::Status PutBack(const Past& past, SharedList<Thing>& shared) {
  KLYNGE_ASSIGN_OR_RETURN(std::vector<Thing> back, LastOf<Thing>(past.lines));
  std::vector<Thing>& list = shared.Change();
  std::erase_if(list, [&](const Thing& thing) { return past.changed.contains(IdOf(thing)); });
  const auto middle = static_cast<ptrdiff_t>(list.size());
  list.insert(list.end(), std::make_move_iterator(back.begin()),
              std::make_move_iterator(back.end()));
  std::inplace_merge(list.begin(), list.begin() + middle, list.end(),
                     [](const Thing& a, const Thing& b) { return KeyOf(a) < KeyOf(b); });
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<KnownMoment> FindMoment(sql::Session& session, absl::Time moment) {
  KLYNGE_ASSIGN_OR_RETURN(const auto rows, session.Query(kMoment, {absl::ToUnixMicros(moment)}));
  return KnownMoment{rows.at(0).Int(1), rows.at(0).Int(0), rows.at(0).Int(2)};
}

absl::StatusOr<std::shared_ptr<const Tree>> TreeAt(sql::Session& session, const Tree& base,
                                                   int64_t revision) {
  KLYNGE_ASSIGN_OR_RETURN(const PastByWord past, ReadPast(session, revision));
  Organisation organisation = base.organisation();
  absl::Status status;
  ForEachSort([&](auto sort) {
    using Thing = typename decltype(sort)::Type;
    const auto found = past.find(Kept<Thing>::kWord);
    if (found == past.end() || !status.ok()) return;
    status = PutBack(found->second, ListOf<Thing>(organisation));
  });
  KLYNGE_RETURN_IF_ERROR(status);
  return std::make_shared<const Tree>(std::move(organisation), revision, &base);
}

}  // namespace klynge::organisation
