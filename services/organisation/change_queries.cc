#include "services/organisation/change_queries.h"

#include <absl/algorithm/container.h>
#include <absl/container/flat_hash_set.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "services/organisation/change_log.h"
#include "services/organisation/content.h"
#include "services/organisation/known_trees.h"
#include "services/organisation/query_support.h"
#include "services/organisation/scope.h"
#include "services/platform/rpc/status.h"

namespace klynge::organisation {
namespace {

using google::protobuf::Message;

// Lines that are looked at for one page; where few of them are wanted, a page has fewer changes.
constexpr int64_t kMostLooked = 20'000;
constexpr int64_t kChunk = 500;

// Whether the thing is valid on some of the days from `from` to `to` (exclusive); dates are ISO
// text, "" is open. What has no dates is valid on all.
bool Touches(const Message& content, const std::string& from, const std::string& to) {
  const std::string valid_to = TextIn(content, "valid_to");
  return (to.empty() || TextIn(content, "valid_from") < to) &&
         (from.empty() || valid_to.empty() || valid_to > from);
}

// What is asked for, and what of it the log itself cannot tell.
struct Wanted {
  LogQuery log;
  // Where there are too many to ask the log for each.
  absl::flat_hash_set<ThingName> things;
  std::vector<Departure> departures;  // what `things` points to, besides the tree
  std::string valid_from;
  std::string valid_to;

  bool FiltersLines() const { return !things.empty() || TouchesDays(); }
  bool TouchesDays() const { return !valid_from.empty() || !valid_to.empty(); }
  bool IsWanted(const v1::OrganisationChange& change) const {
    return things.empty() || things.contains({WordOf(change), IdIn(ContentOf(change))});
  }
  bool IsWanted(const v1::OrganisationChange& change, const v1::OrganisationChange& before) const {
    return Touches(ContentOf(change), valid_from, valid_to) ||
           (before.content_case() != v1::OrganisationChange::CONTENT_NOT_SET &&
            Touches(ContentOf(before), valid_from, valid_to));
  }
};

absl::StatusOr<LogQuery> QueryOf(const v1::ListChangesRequest& request, int64_t newest) {
  Violations violations;
  CheckSorts(violations, request.sorts());
  if (!request.id().empty()) RequireId(violations, "id", request.id());
  if (!request.subtree_of().empty()) RequireId(violations, "subtree_of", request.subtree_of());
  if (!request.id().empty() && !request.subtree_of().empty()) {
    violations.Add("subtree_of", "cannot be given with id: leave one of them out");
  }
  DateOr(violations, "valid_from", request.valid_from(), kOpenStart);
  DateOr(violations, "valid_to", request.valid_to(), kOpenEnd);
  if (request.first_revision() < 0) violations.Add("first_revision", "is negative");
  if (request.last_revision() < 0) violations.Add("last_revision", "is negative; 0: the newest");
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  LogQuery query;
  query.words = {request.sorts().begin(), request.sorts().end()};
  query.actor = request.actor();
  query.newest_first = request.newest_first();
  query.first_revision = request.first_revision();
  query.last_revision =
      request.last_revision() == 0 ? newest : std::min(newest, request.last_revision());
  if (request.has_from_time()) {
    KLYNGE_ASSIGN_OR_RETURN(const absl::Time from, TimeOf(request.from_time(), "from_time"));
    query.from_us = absl::ToUnixMicros(from);
  }
  if (request.has_to_time()) {
    KLYNGE_ASSIGN_OR_RETURN(const absl::Time to, TimeOf(request.to_time(), "to_time"));
    query.until_us = absl::ToUnixMicros(to);
  }
  return query;
}

// Everything that has, or once had, to do with a part of the tree.
absl::Status WantSubtree(sql::Session& session, const Tree& tree, const std::string& top,
                         Wanted& wanted) {
  const Scope scope(tree, top);
  const ThingsByUnit& by_unit = tree.Indexed<ThingsByUnit>();
  const std::vector<std::string>& words = wanted.log.words;
  const auto want = [&](const ThingName& thing) {
    if (words.empty() || absl::c_linear_search(words, thing.first)) wanted.things.insert(thing);
  };
  for (const std::string& unit_id : scope.units()) {
    for (const ThingName& thing : by_unit.Of(unit_id)) want(thing);
  }
  KLYNGE_ASSIGN_OR_RETURN(
      wanted.departures,
      ReadDepartures(session, {scope.units().begin(), scope.units().end()}, 0, tree.revision()));
  for (const Departure& gone : wanted.departures) {
    if (scope.Has(gone.unit_id)) want({gone.word, gone.id});
  }
  if (wanted.things.size() > kMostThings) return absl::OkStatus();
  for (const auto& [word, id] : std::exchange(wanted.things, {})) {
    wanted.log.things[std::string(word)].emplace_back(id);
  }
  for (auto& [word, ids] : wanted.log.things) absl::c_sort(ids);
  return absl::OkStatus();
}

// "revision:sequence", or the beginning of the listing.
ChangePosition PlaceIn(const std::string& token, const LogQuery& query) {
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(token, ':');
  ChangePosition place;
  if (!absl::SimpleAtoi(parts.first, &place.revision) ||
      !absl::SimpleAtoi(parts.second, &place.sequence)) {
    return BeginningOf(query);
  }
  return place;
}

std::vector<std::string> FieldsChanged(const Message& before, const Message& after) {
  using google::protobuf::util::MessageDifferencer;
  std::vector<std::string> changed;
  for (int i = 0; i < after.GetDescriptor()->field_count(); ++i) {
    const auto* field = after.GetDescriptor()->field(i);
    MessageDifferencer differencer;
    std::vector<const google::protobuf::FieldDescriptor*> only = {field};
    if (!differencer.CompareWithFields(before, after, only, only)) changed.push_back(field->name());
  }
  return changed;
}

void AddTo(v1::ListChangesResponse* response, LogLine line, v1::OrganisationChange before) {
  v1::RecordedChange* recorded = response->add_changes();
  *recorded->mutable_change() = std::move(line.change);
  recorded->set_method(std::move(line.method));
  if (before.content_case() == v1::OrganisationChange::CONTENT_NOT_SET) return;
  for (std::string& field : FieldsChanged(ContentOf(before), ContentOf(recorded->change()))) {
    recorded->add_changed_fields(std::move(field));
  }
  *recorded->mutable_before() = std::move(before);
}

// Fills a page from the log; where it goes on, if it does.
absl::StatusOr<absl::optional<ChangePosition>> FillPage(sql::Session& session, const Wanted& wanted,
                                                        ChangePosition from, int size,
                                                        v1::ListChangesResponse* response) {
  // One more than fits tells whether there is a next page.
  const int64_t limit = wanted.FiltersLines() ? kChunk : size + 1;
  for (int64_t looked = 0; looked < kMostLooked; looked += limit) {
    KLYNGE_ASSIGN_OR_RETURN(std::vector<LogLine> lines, ReadLog(session, wanted.log, from, limit));
    const bool last = static_cast<int64_t>(lines.size()) < limit;
    if (lines.empty()) return absl::nullopt;
    const ChangePosition end{lines.back().change.revision(), lines.back().change.sequence()};
    std::erase_if(lines, [&](const LogLine& line) { return !wanted.IsWanted(line.change); });
    KLYNGE_ASSIGN_OR_RETURN(auto before, ReadBefore(session, lines));
    for (size_t i = 0; i < lines.size(); ++i) {
      if (wanted.TouchesDays() && !wanted.IsWanted(lines[i].change, before[i])) continue;
      if (response->changes_size() == size) return from;
      from = {lines[i].change.revision(), lines[i].change.sequence()};
      AddTo(response, std::move(lines[i]), std::move(before[i]));
    }
    if (last) return absl::nullopt;
    from = end;
  }
  return from;
}

}  // namespace

void CheckSorts(Violations& violations,
                const google::protobuf::RepeatedPtrField<std::string>& sorts) {
  CheckCodes(violations, "sorts", sorts, "the content of OrganisationChange",
             [](const std::string& word) { return absl::c_linear_search(SortWords(), word); });
}

absl::Status AnswerChanges(sql::Database& database, const Tree& tree, absl::Time deadline,
                           const v1::ListChangesRequest& request,
                           v1::ListChangesResponse* response) {
  KLYNGE_ASSIGN_OR_RETURN(LogQuery query, QueryOf(request, tree.revision()));
  KLYNGE_ASSIGN_OR_RETURN(const int size, rpc::PageSize(request.page_size()));
  KLYNGE_ASSIGN_OR_RETURN(const std::string token, rpc::PagePosition(request));
  if (!request.subtree_of().empty() && !tree.Exists(request.subtree_of())) {
    return UnitUnknown(request.subtree_of());
  }
  if (!request.id().empty()) {
    for (const std::string& word : query.words.empty() ? SortWords() : query.words) {
      query.things[word] = {request.id()};
    }
  }
  return database.ReadAtLeast(
      deadline, tree.revision(), [&](sql::Session& session) -> absl::Status {
        response->Clear();
        response->set_revision(tree.revision());
        Wanted wanted;
        wanted.log = query;
        wanted.valid_from = request.valid_from();
        wanted.valid_to = request.valid_to();
        if (!request.subtree_of().empty()) {
          KLYNGE_RETURN_IF_ERROR(WantSubtree(session, tree, request.subtree_of(), wanted));
          if (wanted.things.empty() && wanted.log.things.empty()) return absl::OkStatus();
        }
        KLYNGE_ASSIGN_OR_RETURN(
            const auto next, FillPage(session, wanted, PlaceIn(token, wanted.log), size, response));
        if (next) {
          response->set_next_page_token(
              rpc::MakePageToken(request, absl::StrCat(next->revision, ":", next->sequence)));
        }
        return absl::OkStatus();
      });
}

}  // namespace klynge::organisation
