#include "tests/bench/city.h"

#include <absl/container/flat_hash_set.h>
#include <absl/strings/str_cat.h>
#include <google/protobuf/util/json_util.h>

#include <fstream>
#include <sstream>

#include "tests/bench/figures.h"

namespace klynge::bench {
namespace {

using organisation::v1::ImportOrganisationRequest;

constexpr char kRoot[] = "buf";
constexpr size_t kRowsPerImport = 40'000;  // the service takes 50,000

std::vector<ImportOrganisationRequest> SampleRows() {
  std::vector<ImportOrganisationRequest> rows;
  std::istringstream lines(SampleFile("organisation.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    ImportOrganisationRequest row;
    if (!google::protobuf::util::JsonStringToMessage(line, &row).ok()) {
      Fail(absl::StrCat("deploy/sample/organisation.jsonl: ", line));
    }
    if (!row.has_options()) rows.push_back(std::move(row));
  }
  return rows;
}

// Gives a row's ids the prefix of a copy; false when the row is not copied: that of the root, and
// what is neither unit, person nor assignment.
bool MoveInto(const std::string& prefix, ImportOrganisationRequest& row) {
  const auto rename = [&](std::string* id) {
    if (*id != kRoot) *id = absl::StrCat(prefix, *id);
  };
  if (row.has_unit()) {
    rename(row.mutable_unit()->mutable_unit_id());
    rename(row.mutable_unit()->mutable_parent_id());
    return row.unit().unit_id() != kRoot;
  }
  if (row.has_person()) {
    rename(row.mutable_person()->mutable_person_id());
    return true;
  }
  if (!row.has_assignment()) return false;
  rename(row.mutable_assignment()->mutable_assignment_id());
  rename(row.mutable_assignment()->mutable_person_id());
  rename(row.mutable_assignment()->mutable_unit_id());
  row.mutable_assignment()->clear_position_id();  // positions are not copied
  return row.assignment().unit_id() != kRoot;
}

void Import(organisation::v1::OrganisationService::Stub& stub,
            const ImportOrganisationRequest* begin, const ImportOrganisationRequest* end) {
  grpc::ClientContext context;
  organisation::v1::ImportOrganisationResponse response;
  const auto writer = stub.ImportOrganisation(&context, &response);
  for (const auto* row = begin; row != end && writer->Write(*row); ++row) continue;
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  if (!status.ok()) Fail("ImportOrganisation: " + status.error_message());
  if (response.created_count() != end - begin) {
    Fail(absl::StrCat("ImportOrganisation: ", response.created_count(), " of ", end - begin,
                      " rows created"));
  }
}

}  // namespace

std::vector<ImportOrganisationRequest> City(int times) {
  const auto sample = SampleRows();
  auto rows = sample;
  for (int copy = 1; copy < times; ++copy) {
    for (ImportOrganisationRequest row : sample) {
      if (MoveInto(absl::StrCat("by", copy, "-"), row)) rows.push_back(std::move(row));
    }
  }
  return rows;
}

void ImportCity(const std::shared_ptr<grpc::Channel>& organisation,
                const std::vector<ImportOrganisationRequest>& rows) {
  const auto stub = organisation::v1::OrganisationService::NewStub(organisation);
  // A copy's rows stand together, and a child whose parent comes with the next import would be
  // refused: cut where a copy begins, at the first unit below the root.
  size_t from = 0;
  for (size_t i = 1; i <= rows.size(); ++i) {
    const bool last = i == rows.size();
    const bool cut = !last && i - from >= kRowsPerImport && rows[i].unit().parent_id() == kRoot &&
                     rows[i - 1].has_assignment();
    if (last || cut) {
      Import(*stub, rows.data() + from, rows.data() + i);
      from = i;
    }
  }
}

std::vector<std::string> Institutions(const std::vector<ImportOrganisationRequest>& rows) {
  absl::flat_hash_set<std::string> parents;
  for (const auto& row : rows) parents.insert(row.unit().parent_id());
  std::vector<std::string> units;
  for (const auto& row : rows) {
    if (row.has_unit() && row.unit().valid_to().empty() && row.unit().valid_from() <= kDay &&
        !parents.contains(row.unit().unit_id())) {
      units.push_back(row.unit().unit_id());
    }
  }
  return units;
}

std::string SampleFile(const std::string& name) {
  std::ifstream file("deploy/sample/" + name);
  std::stringstream text;
  text << file.rdbuf();
  if (text.str().empty()) Fail(absl::StrCat("deploy/sample/", name, ": run this in the root"));
  return text.str();
}

}  // namespace klynge::bench
