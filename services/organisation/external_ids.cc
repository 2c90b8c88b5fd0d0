#include "services/organisation/external_ids.h"

#include <absl/algorithm/container.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <set>

#include "services/organisation/blank_fields.h"
#include "services/organisation/client/codes_convert.h"
#include "services/organisation/code_index.h"

namespace klynge::organisation {
namespace {

using google::protobuf::Message;

// No id has one.
constexpr char kBetween = ':';

// The id of the holder, if that is of the sort; "" otherwise.
const std::string& HolderIn(const v1::Code& code, RowSort sort) {
  if (sort->name() == "unit") return code.unit_id();
  if (sort->name() == "person") return code.person_id();
  return code.partner_id();
}

bool HasCodes(RowSort sort) {
  return sort->name() == "unit" || sort->name() == "person" || sort->name() == "partner";
}

absl::optional<Date> FirstDay(const Message& row) {
  const auto* field = row.GetDescriptor()->FindFieldByName("valid_from");
  if (field == nullptr) return absl::nullopt;
  return ParseDate(row.GetReflection()->GetString(row, field));
}

}  // namespace

std::vector<Problem> ExternalIds::Resolve(v1::ImportOrganisationRequest& message) {
  const RowSort own = RowIn(message);
  const Message& row = message.GetReflection()->GetMessage(message, own);
  std::vector<Problem> problems;
  bool any = false;
  const auto* id_field = own->message_type()->FindFieldByName(IdFieldOf(own));
  std::string id = row.GetReflection()->GetString(row, id_field);
  any = HasCodes(own) && absl::StrContains(id, kBetween);
  references_.ForEach(own, row, [&](RowSort sort, const std::string& value) {
    any = any || (HasCodes(sort) && absl::StrContains(value, kBetween));
  });
  if (!any) return problems;

  Message* changed = message.GetReflection()->MutableMessage(&message, own);
  if (HasCodes(own) && absl::StrContains(id, kBetween)) {
    Change(own, own, id_field->name(), id, *changed, problems);
    changed->GetReflection()->SetString(changed, id_field, id);
  }
  references_.ForEachMutable(own, changed,
                             [&](RowSort sort, const std::string& field, std::string& value) {
                               if (!HasCodes(sort) || !absl::StrContains(value, kBetween)) return;
                               Change(own, sort, field, value, *changed, problems);
                             });
  return problems;
}

void ExternalIds::Change(RowSort own, RowSort referred, const std::string& field,
                         std::string& value, const Message& row, std::vector<Problem>& problems) {
  const size_t between = value.find(kBetween);
  const std::string register_name = value.substr(0, between);
  std::vector<Holder> holders =
      HoldersOf(referred, register_name, absl::string_view(value).substr(between + 1));
  std::set<std::string> ids;
  const absl::optional<Date> day = FirstDay(row);
  for (const Holder& holder : holders) {
    if (day && holder.valid.Contains(*day)) ids.insert(holder.id);
  }
  if (ids.empty()) {
    for (const Holder& holder : holders) ids.insert(holder.id);
  }
  if (ids.size() == 1) {
    value = *ids.begin();
    return;
  }
  Problem problem{v1::ERROR_REASON_EXTERNAL_ID_UNKNOWN, absl::StrCat(own->name(), ".", field), ""};
  if (!ids.empty()) {
    problem.reason = v1::ERROR_REASON_EXTERNAL_ID_AMBIGUOUS;
    problem.description = absl::StrCat(
        "\"", value, "\" is the code of several: ", absl::StrJoin(ids, ", "), "; give the id");
  } else if (absl::c_none_of(stored_.organisation().code_registers, [&](const CodeRegister& known) {
               return known.name == register_name;
             })) {
    problem.description =
        absl::StrCat("\"", value, "\" names no register; ListCodeRegisters shows them");
  } else {
    problem.description = absl::StrCat("no ", referred->name(), " has the code \"", value,
                                       "\"; import the code before or together with the row");
  }
  problems.push_back(std::move(problem));
}

std::vector<ExternalIds::Holder> ExternalIds::HoldersOf(RowSort sort,
                                                        absl::string_view register_name,
                                                        absl::string_view code) {
  ReadRows();
  std::vector<v1::Code> codes;
  for (const Code* stored : stored_.Indexed<CodeIndex>().With(register_name, code)) {
    if (!brought_ids_.contains(stored->code_id)) ToProto(*stored, &codes.emplace_back());
  }
  const auto brought = brought_.find({std::string(register_name), std::string(code)});
  if (brought != brought_.end()) {
    codes.insert(codes.end(), brought->second.begin(), brought->second.end());
  }
  std::vector<Holder> holders;
  for (const v1::Code& held : codes) {
    const std::string& id = HolderIn(held, sort);
    if (id.empty() || absl::StrContains(id, kBetween)) continue;
    holders.push_back({id,
                       {ParseDate(held.valid_from()).value_or(kOpenStart),
                        ParseDate(held.valid_to()).value_or(kOpenEnd)}});
  }
  return holders;
}

void ExternalIds::ReadRows() {
  if (std::exchange(read_, true)) return;
  for (const ReceivedRow& row : rows_) {
    if (!row.message.has_code()) continue;
    v1::ImportOrganisationRequest message = row.message;
    FillBlanks(stored_, message);
    const v1::Code& code = message.code();
    brought_ids_.insert(code.code_id());
    brought_[{code.register_(), code.code()}].push_back(code);
  }
}

}  // namespace klynge::organisation
