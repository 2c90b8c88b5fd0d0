// Things as the content of a change: by the word under which the audit log has them, whatever their
// sort.
#pragma once

#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>
#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "klynge/organisation/v1/change.pb.h"
#include "services/organisation/all_tables.h"
#include "services/organisation/client/tree.h"

namespace klynge::organisation {

// The words of all sorts, in the order in which they are stored.
const std::vector<std::string>& SortWords();
// Those of the sorts of which migrations bring some (seeds.h).
const std::vector<std::string>& SeededWords();

// Sets the content of a change from the JSON of the audit log.
absl::Status SetContent(const std::string& word, const std::string& json,
                        v1::OrganisationChange* change);
// The same from the thing; also of a row of an import, whose fields have the same names.
template <class Thing, class Holder>
void SetContent(const Thing& thing, Holder* holder) {
  const auto* field = holder->GetDescriptor()->FindFieldByName(Kept<Thing>::kWord);
  ToProto(thing, static_cast<typename Kept<Thing>::Proto*>(
                     holder->GetReflection()->MutableMessage(holder, field)));
}

// What a change is of: the word and the thing itself; a change always has content.
const std::string& WordOf(const v1::OrganisationChange& change);
const google::protobuf::Message& ContentOf(const v1::OrganisationChange& change);

// The id of the thing.
std::string IdIn(const google::protobuf::Message& content);
// A text field of the thing; "" when things of its sort have none of that name.
std::string TextIn(const google::protobuf::Message& content, const std::string& field);

}  // namespace klynge::organisation
