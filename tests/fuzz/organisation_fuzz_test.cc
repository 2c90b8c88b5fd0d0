// The organisation service and requests nobody foresaw.
#include "services/organisation/service_test_support.h"
#include "tests/fuzz/service_fuzzer.h"

namespace klynge::organisation::testing {
namespace {

TEST(OrganisationServiceFuzz, AnswersWhateverIsAskedByItsOwnRules) {
  klynge::testing::TemporaryDirectory directory;
  Replica replica("sqlite:" + directory.path() + "/organisation.db");
  klynge::testing::ServiceFuzzer fuzzer(
      replica.channel(), "klynge.organisation.v1.OrganisationService", "ListUnitKinds", 20210901);

  std::vector<std::string> city = {R"({"options":{}})"};
  for (const auto& row : Messages(SmallCity().Build())) {
    city.push_back(klynge::testing::Json(row));
  }
  fuzzer.Learn("ImportOrganisation", city);
  fuzzer.Learn("ImportOrganisation",
               {R"({"options":{"atomic":true}})",
                R"({"unit":{"unit_id":"e-ny","kind":"club","name":"Ny","parent_id":"kl-vvk-01",
                            "valid_from":"2021-01-01","valid_to":"2022-01-01"}})",
                R"({"person":{"person_id":"p-ny","name":"Ny leder"}})",
                R"({"assignment":{"assignment_id":"a-ny","person_id":"p-ny","unit_id":"e-ny",
                                  "role":"pedagogical_leader","valid_from":"2021-02-01",
                                  "valid_to":"2021-12-01"}})"});
  fuzzer.Learn("ImportOrganisation",
               {R"({"options":{"format":"FILE_FORMAT_CSV","validate_only":true}})",
                // sort,person_id,name / person,p-kl-1,Ida
                R"({"file_chunk":"c29ydCxwZXJzb25faWQsbmFtZQpwZXJzb24scC1rbC0xLElkYQo="})"});
  fuzzer.Learn("ImportOrganisation",
               {R"({"options":{"validate_only":true}})",
                R"({"assignment":{"assignment_id":"a-ny"},"clear":["valid_to"]})"});
  fuzzer.Learn("GetUnit", {R"({"unit_id":"kl-vvk-01","as_of":"2021-09-01","min_revision":1})"});
  fuzzer.Learn("ListUnits", {R"({"subtree_of":"omr-vvk","kinds":["nursery"],"page_size":2})"});
  fuzzer.Learn("ListUnits", {R"({"page_size":1})"});
  fuzzer.Learn("GetPerson", {R"({"person_id":"p-kl-1"})"});
  fuzzer.Learn("ListAssignments",
               {R"({"unit_id":"buf","include_subtree":true,"roles":["cluster_leader"]})"});
  fuzzer.Learn("GetLeadershipTeam", {R"({"cluster_id":"kl-vvk-01","as_of":"2021-09-01"})"});
  fuzzer.Learn("ImportOrganisation",
               {R"({"options":{}})",
                R"({"body":{"body_id":"b-1","kind":"parents_board","name":"Bestyrelse",
                            "unit_id":"kl-vvk-01","valid_from":"2021-01-01"}})",
                R"({"body_membership":{"membership_id":"bm-1","body_id":"b-1","person_id":"p-kl-1",
                                       "role":"secretary","represents":"Klyngen",
                                       "valid_from":"2021-02-01","valid_to":"2021-12-01"}})"});
  fuzzer.Learn("GetBody", {R"({"body_id":"b-1","as_of":"2021-09-01"})"});
  fuzzer.Learn("ListBodies", {R"({"unit_id":"buf","include_subtree":true,
                                  "kinds":["parents_board"],"page_size":1})"});
  fuzzer.Learn("ListBodyMemberships", {R"({"person_id":"p-kl-1","roles":["secretary"]})"});
  fuzzer.Learn("ListCompositionGaps", {R"({"unit_id":"kl-vvk-01","until":"2022-01-01"})"});
  fuzzer.Learn(
      "ImportOrganisation",
      {R"({"options":{}})",
       R"({"position":{"position_id":"pos-1","role":"pedagogical_leader",
                                "unit_id":"e-vvk-02-01","responsibilities":["Økonomi"],
                                "valid_from":"2021-01-01"}})",
       R"({"assignment":{"assignment_id":"a-pos","person_id":"p-pl-1","unit_id":"e-vvk-02-01",
                                  "role":"pedagogical_leader","position_id":"pos-1",
                                  "valid_from":"2021-02-01","valid_to":"2021-12-01"}})",
       R"({"substitution":{"substitution_id":"s-1","position_id":"pos-1",
                                    "person_id":"p-pl-2","valid_from":"2021-05-01"}})"});
  fuzzer.Learn("ImportOrganisation", {R"({"options":{"validate_only":true}})",
                                      R"({"employment":{"employment_id":"m-1","person_id":"p-pl-1",
                                  "valid_from":"2020-01-01","valid_to":"2022-01-01"}})"});
  fuzzer.Learn("CompareLeadershipTeam",
               {R"({"cluster_id":"kl-vvk-01","from":"2020-01-01","to":"2022-01-01"})"});
  fuzzer.Learn("ImportOrganisation",
               {R"({"options":{}})", R"({"person":{"person_id":"p-borte","name":"Uden rolle"}})"});
  fuzzer.Learn("ErasePerson", {R"({"person_id":"p-borte","validate_only":true})"});
  fuzzer.Learn("GetPosition", {R"({"position_id":"pos-1","as_of":"2021-09-01"})"});
  fuzzer.Learn("ListPositions", {R"({"unit_id":"buf","include_subtree":true,"vacant_only":true,
                                     "roles":["pedagogical_leader"],"page_size":1})"});
  fuzzer.Learn("GetResponsibleLeader", {R"({"unit_id":"e-vvk-02-01","as_of":"2022-01-01"})"});
  fuzzer.Learn("ImportOrganisation",
               {R"({"options":{}})",
                R"({"partner":{"partner_id":"skole-1","kind":"school","name":"Skole 1",
                               "valid_from":"2021-01-01"}})",
                R"({"partnership":{"partnership_id":"ps-1","kind":"school_cooperation",
                                   "unit_id":"kl-vvk-01","partner_id":"skole-1",
                                   "purpose":"Skolestart","valid_from":"2021-01-01"}})",
                R"({"handover":{"handover_id":"ho-1","transition":"day_care_to_school",
                                "from_unit_id":"e-vvk-02-01","to_partner_id":"skole-1",
                                "receiver_person_id":"p-kl-1","valid_from":"2021-01-01"}})",
                R"({"competence":{"competence":"song","label":{"da":"Sang","en":"Song"}}})",
                R"({"held_competence":{"held_competence_id":"hc-1","person_id":"p-kl-1",
                                       "competence":"song","level":3,"confirmed_by":"p-kl-2",
                                       "valid_from":"2021-01-01"}})"});
  fuzzer.Learn("ImportOrganisation",
               {R"({"options":{}})",
                R"({"unit":{"unit_id":"e-sted","kind":"club","name":"Sted","parent_id":"kl-vvk-01",
                   "valid_from":"2021-01-01",
                   "address":{"street":"Vesterbrogade 7","postal_code":"1620","city":"København V"},
                   "capacity":{"children":80,"youngest_age":10,"oldest_age":13}}})",
                R"({"code":{"code_id":"c-1","register":"p_number","code":"1000000001",
                   "unit_id":"e-sted","valid_from":"2021-01-01"}})",
                R"({"code":{"code_id":"c-2","register":"employee_number","code":"K4711",
                   "person_id":"p-kl-1","valid_from":"2021-01-01"}})",
                R"({"placement":{"placement_id":"pl-1","hierarchy":"med","unit_id":"kl-vvk-02",
                        "parent_id":"kl-vvk-01","valid_from":"2021-01-01"}})"});
  fuzzer.Learn("FindByCode",
               {R"({"register":"p_number","code":"1000000001","as_of":"2021-09-01"})"});
  fuzzer.Learn("ListCodes", {R"({"unit_id":"buf","include_subtree":true,
                                 "registers":["p_number"],"page_size":1})"});
  fuzzer.Learn("ListPlacements", {R"({"hierarchy":"med","unit_id":"kl-vvk-02"})"});
  fuzzer.Learn("ListUnits", {R"({"subtree_of":"kl-vvk-01","hierarchy":"med","page_size":2})"});
  fuzzer.Learn("ListBodies", {R"({"below_body_id":"b-1","directly_below":true})"});
  fuzzer.Learn("ListPartners", {R"({"kinds":["school"],"page_size":1})"});
  fuzzer.Learn("ListPartnerships", {R"({"unit_id":"kl-vvk-01","partner_id":"skole-1"})"});
  fuzzer.Learn("ListHandovers", {R"({"unit_id":"e-vvk-02-01","side":"HANDOVER_SIDE_GIVES",
                                     "transitions":["day_care_to_school"]})"});
  fuzzer.Learn("ListTransitionGaps", {R"({"unit_id":"buf","include_subtree":true})"});
  fuzzer.Learn("ListHeldCompetences", {R"({"person_id":"p-kl-1","competences":["song"]})"});
  fuzzer.Learn("FindCompetence", {R"({"competence":"song","near_unit_id":"kl-vvk-02",
                                      "within_unit_id":"buf","least_level":2})"});
  fuzzer.Learn("GetTeamCompetences", {R"({"cluster_id":"kl-vvk-01","nearest":3,
                    "wanted":[{"competence":"song","least_level":2,"confirmed_only":true}]})"});
  fuzzer.Learn("GetUnit", {R"({"unit_id":"e-vvk-02-01","known_at":"2021-09-01T00:00:00Z"})"});
  fuzzer.Learn("ListChanges", {R"({"sorts":["unit"],"id":"kl-vvk-01","newest_first":true,
                                   "page_size":1})"});
  fuzzer.Learn("ListChanges", {R"({"subtree_of":"kl-vvk-01","valid_from":"2021-01-01",
                                   "valid_to":"2022-01-01","first_revision":1})"});
  fuzzer.Learn("ImportOrganisation",
               {R"({"options":{}})",
                R"({"position":{"position_id":"pos-2","role":"pedagogical_leader",
                                "unit_id":"e-vvk-01-01","valid_from":"2021-01-01"}})",
                R"({"assignment":{"assignment_id":"a-pos-2","person_id":"p-pl-1",
                                  "unit_id":"e-vvk-01-01","role":"pedagogical_leader",
                                  "position_id":"pos-2","valid_from":"2021-01-01"}})",
                R"({"task":{"task":"singing","label":{"da":"Sang","en":"Song"},
                            "leadership_kind":"professional","unit_kinds":["nursery","cluster"],
                            "expected_percent":5,"needs":[{"competence":"song","least_level":2}]}})",
                R"({"responsibility":{"responsibility_id":"r-1","task":"singing",
                                      "unit_id":"e-vvk-01-01","position_id":"pos-2","percent":5,
                                      "valid_from":"2021-01-01","valid_to":"2022-01-01"}})"});
  fuzzer.Learn("ListTasks", {R"({"unit_kind":"cluster","leadership_kind":"administrative"})"});
  fuzzer.Learn("ListResponsibilities", {R"({"unit_id":"kl-vvk-01","include_subtree":true,
                                            "position_id":"pos-2","tasks":["singing"]})"});
  fuzzer.Learn("GetResponsibilityMatrix", {R"({"unit_id":"kl-vvk-01","as_of":"2021-09-01"})"});
  fuzzer.Learn("ProposeDistribution", {R"({"unit_id":"kl-vvk-01","as_of":"2021-09-01",
                                           "relieve_overload":true,"most_percent":90})"});
  fuzzer.Learn("GetSnapshot", {R"({"known_revision":1})"});
  if (::testing::Test::HasFatalFailure()) return;

  fuzzer.Run(1500);
  EXPECT_GT(fuzzer.Count(grpc::StatusCode::OK), 200);
  EXPECT_GT(fuzzer.Count(grpc::StatusCode::INVALID_ARGUMENT), 200);
}

}  // namespace
}  // namespace klynge::organisation::testing
