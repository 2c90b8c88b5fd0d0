#include "services/organisation/export.h"

#include <absl/algorithm/container.h>
#include <absl/strings/str_cat.h>

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "services/organisation/exported_things.h"
#include "services/organisation/query_support.h"
#include "services/organisation/references.h"
#include "services/organisation/row_writer.h"

namespace klynge::organisation {
namespace {

using google::protobuf::Message;

constexpr size_t kChunkBytes = 64 << 10;

// The sorts asked for, in the order in which they are stored, however they were named.
std::vector<RowSort> SortsIn(const v1::ExportOrganisationRequest& request) {
  std::vector<RowSort> sorts;
  for (RowSort sort : RowSorts()) {
    if (LetsThrough(request.sorts(), sort->name())) sorts.push_back(sort);
  }
  return sorts;
}

// Names what is blank, as far as a row can clear it.
void ClearBlanks(RowSort sort, v1::ImportOrganisationRequest& row) {
  const Message& content = row.GetReflection()->GetMessage(row, sort);
  for (const RowField& field : FieldsOf(*sort->message_type())) {
    const auto* oneof = field.field()->real_containing_oneof();
    const bool other_given =
        oneof != nullptr && field.Parent(content) != nullptr &&
        field.Parent(content)->GetReflection()->HasOneof(*field.Parent(content), oneof);
    if (field.IsBlank(content) && !other_given && field.path() != "valid_from") {
      row.add_clear(field.path());
    }
  }
}

absl::Status CheckRequest(const Tree& tree, const v1::ExportOrganisationRequest& request,
                          bool format_known) {
  Violations violations;
  if (!format_known) {
    violations.Add("format", "is required: JSON_LINES, CSV or CSV_EXCEL, as FILE_FORMAT_CSV");
  }
  CheckCodes(violations, "sorts", request.sorts(), "describe of ImportOrganisationRequest",
             [](const std::string& sort) { return FindRowSort(sort) != nullptr; });
  if (!request.subtree_of().empty()) RequireId(violations, "subtree_of", request.subtree_of());
  KLYNGE_RETURN_IF_ERROR(WrongFields(violations));
  if (request.subtree_of().empty() || tree.Exists(request.subtree_of())) return absl::OkStatus();
  return NotFound(v1::ERROR_REASON_UNIT_NOT_FOUND,
                  absl::StrCat("there never was a unit \"", request.subtree_of(), "\""),
                  {{"unit_id", request.subtree_of()}});
}

}  // namespace

absl::Status Export(const Tree& tree, const v1::ExportOrganisationRequest& request,
                    absl::FunctionRef<bool(std::string chunk)> send) {
  const std::vector<RowSort> sorts = SortsIn(request);
  const std::unique_ptr<RowWriter> writer = MakeRowWriter(request.format(), sorts);
  KLYNGE_RETURN_IF_ERROR(CheckRequest(tree, request, writer != nullptr));
  const bool whole = request.subtree_of().empty();
  std::map<RowSort, Ids> part;
  if (!whole) part = ThingsOfSubtree(tree, request.subtree_of());

  std::string chunk;
  writer->Begin(chunk);
  bool wanted = true;
  for (RowSort sort : sorts) {
    const Ids& ids = part[sort];
    const auto* id_field = sort->message_type()->FindFieldByName(IdFieldOf(sort));
    ForEachRow(tree, sort, [&](const v1::ImportOrganisationRequest& stored) {
      const Message& content = stored.GetReflection()->GetMessage(stored, sort);
      std::string unused;
      if (!whole &&
          !ids.contains(content.GetReflection()->GetStringReference(content, id_field, &unused))) {
        return true;
      }
      if (request.clears_blanks()) {
        v1::ImportOrganisationRequest row = stored;
        ClearBlanks(sort, row);
        writer->Append(row, chunk);
      } else {
        writer->Append(stored, chunk);
      }
      if (chunk.size() >= kChunkBytes) wanted = send(std::exchange(chunk, {}));
      return wanted;
    });
    if (!wanted) return absl::CancelledError("the client broke off");
  }
  if (!chunk.empty() && !send(std::move(chunk))) {
    return absl::CancelledError("the client broke off");
  }
  return absl::OkStatus();
}

}  // namespace klynge::organisation
