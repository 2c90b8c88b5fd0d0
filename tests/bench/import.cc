// ImportOrganisation of 10,000 rows, validated, audited and durable, against the same rows inserted
// by unnest in one transaction.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/time/clock.h>

#include <array>

#include "tests/bench/benchmarks.h"
#include "tests/bench/city.h"
#include "tests/bench/postgres.h"

namespace klynge::bench {
namespace {

using organisation::v1::ImportOrganisationRequest;
using testing::PostgresServer;

constexpr int kInstitutionsOfCluster = 33;
constexpr char kFrom[] = "2020-01-01";

ImportOrganisationRequest UnitRow(const std::string& id, const std::string& kind,
                                  const std::string& parent) {
  ImportOrganisationRequest row;
  row.mutable_unit()->set_unit_id(id);
  row.mutable_unit()->set_kind(kind);
  row.mutable_unit()->set_name("Enhed " + id);
  row.mutable_unit()->set_parent_id(parent);
  row.mutable_unit()->set_valid_from(kFrom);
  return row;
}

// Clusters of institutions, each with a leader: about `count` rows, a third of each sort, with ids
// that no other round has. They go below the area that Ground makes.
std::vector<ImportOrganisationRequest> Rows(int round, int count) {
  std::vector<ImportOrganisationRequest> rows;
  for (int cluster = 0; static_cast<int>(rows.size()) < count; ++cluster) {
    const std::string cluster_id = absl::StrCat("kl-", round, "-", cluster);
    rows.push_back(UnitRow(cluster_id, "cluster", "omr"));
    for (int i = 0; i < kInstitutionsOfCluster; ++i) {
      const std::string unit_id = absl::StrCat("e-", round, "-", cluster, "-", i);
      rows.push_back(UnitRow(unit_id, "nursery", cluster_id));
      auto* person = rows.emplace_back().mutable_person();
      person->set_person_id("p-" + unit_id);
      person->set_name("Leder af " + unit_id);
      auto* held = rows.emplace_back().mutable_assignment();
      held->set_assignment_id("a-" + unit_id);
      held->set_person_id("p-" + unit_id);
      held->set_role("pedagogical_leader");
      held->set_unit_id(unit_id);
      held->set_valid_from(kFrom);
    }
  }
  return rows;
}

// Milliseconds from the first row sent to the answer.
double Import(organisation::v1::OrganisationService::Stub& stub,
              const std::vector<ImportOrganisationRequest>& rows) {
  const absl::Time start = absl::Now();
  grpc::ClientContext context;
  organisation::v1::ImportOrganisationResponse response;
  const auto writer = stub.ImportOrganisation(&context, &response);
  for (size_t i = 0; i < rows.size(); ++i) {
    // The first message must not wait for more.
    if (!writer->Write(rows[i],
                       i == 0 ? grpc::WriteOptions() : grpc::WriteOptions().set_buffer_hint()))
      break;
  }
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  const absl::Duration took = absl::Now() - start;
  if (!status.ok()) Fail("ImportOrganisation: " + status.error_message());
  if (response.created_count() != static_cast<int64_t>(rows.size())) {
    Fail(absl::StrCat("ImportOrganisation: ", response.created_count(), " of ", rows.size(),
                      " rows created"));
  }
  return absl::ToDoubleMilliseconds(took);
}

// The same rows without the product: three tables of text with the same keys.
class PlainTables {
 public:
  explicit PlainTables(const std::string& url) : sql_(url) {
    sql_.Execute(
        "CREATE TABLE unit_version (unit_id text, valid_from text, valid_to text, kind text, "
        "name text, parent_id text, revision bigint, PRIMARY KEY (unit_id, valid_from))");
    sql_.Execute(
        "CREATE TABLE person (person_id text PRIMARY KEY, name text, erased_on text, "
        "revision bigint)");
    sql_.Execute(
        "CREATE TABLE assignment (assignment_id text PRIMARY KEY, person_id text, role text, "
        "unit_id text, valid_from text, valid_to text, position_id text, revision bigint)");
  }

  // Milliseconds from BEGIN to the answer to COMMIT.
  double Insert(const std::vector<ImportOrganisationRequest>& rows) {
    std::array<std::string, 6> units;
    std::array<std::string, 3> persons;
    std::array<std::string, 7> assignments;
    const absl::Time start = absl::Now();
    for (const auto& row : rows) {
      if (row.has_unit()) {
        const auto& unit = row.unit();
        Append(units, {unit.unit_id(), unit.valid_from(), "9999-12-31", unit.kind(), unit.name(),
                       unit.parent_id()});
      } else if (row.has_person()) {
        Append(persons, {row.person().person_id(), row.person().name(), ""});
      } else {
        const auto& held = row.assignment();
        Append(assignments, {held.assignment_id(), held.person_id(), held.role(), held.unit_id(),
                             held.valid_from(), "9999-12-31", ""});
      }
    }
    sql_.Execute("BEGIN");
    InsertAll("unit_version", units);
    InsertAll("person", persons);
    InsertAll("assignment", assignments);
    sql_.Execute("COMMIT");
    return absl::ToDoubleMilliseconds(absl::Now() - start);
  }

 private:
  // Appends a row to arrays as PostgreSQL writes them; no value needs an escape.
  template <size_t kColumns>
  static void Append(std::array<std::string, kColumns>& columns,
                     const std::array<std::string, kColumns>& values) {
    for (size_t i = 0; i < kColumns; ++i) {
      absl::StrAppend(&columns[i], columns[i].empty() ? "{\"" : ",\"", values[i], "\"");
    }
  }

  template <size_t kColumns>
  void InsertAll(const std::string& table, std::array<std::string, kColumns>& columns) {
    std::vector<std::string> parameters;
    std::vector<const char*> values;
    for (size_t i = 0; i < kColumns; ++i) {
      columns[i] += "}";
      values.push_back(columns[i].c_str());
      parameters.push_back(absl::StrCat("$", i + 1, "::text[]"));
    }
    const std::string insert = absl::StrCat("INSERT INTO ", table, " SELECT *, 1 FROM unnest(",
                                            absl::StrJoin(parameters, ", "), ")");
    sql_.Execute(insert, values);
  }

  PostgresConnection sql_;
};

}  // namespace

std::vector<Row> Import(const Options& options) {
  PostgresServer postgres(PostgresServer::Durability::kFull);
  PlainTables plain(postgres.NewDatabase());
  testing::Cluster cluster("none");
  cluster.Use("organisation", postgres.NewDatabase());
  testing::Replica& service = StartService(cluster, "organisation");
  const auto stub = organisation::v1::OrganisationService::NewStub(service.channel());
  Import(*stub, {UnitRow("buf", "administration", ""), UnitRow("omr", "area", "buf")});

  std::vector<double> imported, inserted;
  for (int round = 0; round < options.rounds; ++round) {
    const auto rows = Rows(round, options.import_rows);
    inserted.push_back(static_cast<double>(rows.size()) / plain.Insert(rows) * 1e3);
    imported.push_back(static_cast<double>(rows.size()) / Import(*stub, rows) * 1e3);
  }
  return {{.what = absl::StrCat("Import of ", options.import_rows, " rows : unnest of the same"),
           .measured = imported,
           .ceiling = inserted,
           .bar = 0.2,
           .goal = 0.5}};
}

}  // namespace klynge::bench
