#include "services/organisation/content.h"

#include <absl/strings/str_cat.h>

#include "services/organisation/seeds.h"
#include "services/platform/sql/json.h"

namespace klynge::organisation {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const FieldDescriptor* ContentField(const v1::OrganisationChange& change) {
  static const auto* const content =
      v1::OrganisationChange::descriptor()->FindOneofByName("content");
  return change.GetReflection()->GetOneofFieldDescriptor(change, content);
}

}  // namespace

const std::vector<std::string>& SortWords() {
  static const auto* const words = [] {
    auto* made = new std::vector<std::string>;
    ForEachSort([&](auto sort) { made->push_back(Kept<typename decltype(sort)::Type>::kWord); });
    return made;
  }();
  return *words;
}

const std::vector<std::string>& SeededWords() {
  static const auto* const words = [] {
    auto* made = new std::vector<std::string>;
    ForEachSort([&](auto sort) {
      using Thing = typename decltype(sort)::Type;
      if constexpr (ComesWithMigrations<Thing>()) made->push_back(Kept<Thing>::kWord);
    });
    return made;
  }();
  return *words;
}

absl::Status SetContent(const std::string& word, const std::string& json,
                        v1::OrganisationChange* change) {
  const FieldDescriptor* field = v1::OrganisationChange::descriptor()->FindFieldByName(word);
  if (field == nullptr) {
    return absl::DataLossError(absl::StrCat("the history has a line of the unknown sort ", word));
  }
  return sql::FromJson(json, *change->GetReflection()->MutableMessage(change, field));
}

const std::string& WordOf(const v1::OrganisationChange& change) {
  return ContentField(change)->name();
}

const Message& ContentOf(const v1::OrganisationChange& change) {
  return change.GetReflection()->GetMessage(change, ContentField(change));
}

// Every sort begins with its id.
std::string IdIn(const Message& content) {
  return content.GetReflection()->GetString(content, content.GetDescriptor()->field(0));
}

std::string TextIn(const Message& content, const std::string& field) {
  const FieldDescriptor* found = content.GetDescriptor()->FindFieldByName(field);
  if (found == nullptr || found->is_repeated() ||
      found->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
    return "";
  }
  return content.GetReflection()->GetString(content, found);
}

}  // namespace klynge::organisation
