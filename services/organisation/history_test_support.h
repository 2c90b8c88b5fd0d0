// Random histories of everything an import can bring, and questions to ask about them.
#pragma once

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <google/protobuf/util/time_util.h>
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "services/organisation/service_test_support.h"
#include "services/platform/sql/json.h"

namespace klynge::organisation::testing {

// Rows about a small number of things, so that they are changed again and again; many of them break
// a rule and are rejected. The city they are about is SmallCity.
class RandomHistory {
 public:
  explicit RandomHistory(unsigned seed) : random_(seed) {}

  std::vector<Message> Rows(int count) {
    std::vector<Message> rows;
    while (count-- > 0) rows.push_back(Row());
    return rows;
  }

  Message Row() {
    static const std::vector<std::string> templates = {
        R"("unit":{"unit_id":"$e","kind":"$kind","name":"Enhed $n","parent_id":"$k","valid_from":"$f","valid_to":"$t"})",
        R"("unit":{"unit_id":"$e","kind":"nursery","name":"Hus $n","parent_id":"$k","valid_from":"$f"})",
        R"("person":{"person_id":"$p","name":"Navn $n"})",
        R"("assignment":{"assignment_id":"a-$n","person_id":"$p","role":"pedagogical_leader","unit_id":"$e","valid_from":"$f","valid_to":"$t"})",
        R"("assignment":{"assignment_id":"a-pos-$n","person_id":"$p","role":"pedagogical_leader","unit_id":"e-vvk-01-02","position_id":"pos-1","valid_from":"$f","valid_to":"$t"})",
        R"("position":{"position_id":"pos-$n","role":"pedagogical_leader","unit_id":"$e","valid_from":"$f","valid_to":"$t","responsibilities":["Opgave $n"]})",
        R"("substitution":{"substitution_id":"s-$n","position_id":"pos-$n","person_id":"$p","valid_from":"$f","valid_to":"$t"})",
        R"("employment":{"employment_id":"m-$n","person_id":"$p","valid_from":"$f","valid_to":"$t"})",
        R"("body":{"body_id":"b-$n","kind":"network","name":"Netværk $n","unit_id":"omr-vvk","valid_from":"$f","valid_to":"$t"})",
        R"("body_membership":{"membership_id":"bm-$n","body_id":"b-$n","person_id":"$p","role":"member","represents":"$n","valid_from":"$f","valid_to":"$t"})",
        R"("partner":{"partner_id":"skole-$n","kind":"school","name":"Skole $n","valid_from":"2020-01-01","valid_to":"$t"})",
        R"("partnership":{"partnership_id":"ps-$n","kind":"school_cooperation","unit_id":"$e","partner_id":"skole-$n","valid_from":"$f","valid_to":"$t"})",
        R"("competence":{"competence":"data_use","label":{"da":"Data $n","en":"Data"}})",
        R"("competence":{"competence":"egen-$n","label":{"da":"Egen $n","en":"Own"}})",
        R"("task":{"task":"daily_operation","label":{"da":"Drift $n","en":"Operation"},"expected_percent":$n})",
        R"("responsibility":{"responsibility_id":"r-$n","task":"daily_operation","unit_id":"$e","position_id":"pos-$n","percent":2$n,"valid_from":"$f","valid_to":"$t"})",
        R"("responsibility":{"responsibility_id":"r-1$n","task":"staff_leadership","unit_id":"e-vvk-01-02","position_id":"pos-1","percent":1$n,"valid_from":"$f","valid_to":"$t"})",
        R"("held_competence":{"held_competence_id":"h-$n","person_id":"$p","competence":"data_use","level":2,"valid_from":"$f","valid_to":"$t"})",
    };
    return Parsed(Filled(Pick(templates)));
  }

  bool Chance(unsigned one_in) { return random_() % one_in == 0; }
  int Below(int end) { return static_cast<int>(random_() % static_cast<unsigned>(end)); }

 private:
  const std::string& Pick(const std::vector<std::string>& from) {
    return from[std::uniform_int_distribution<size_t>(0, from.size() - 1)(random_)];
  }

  std::string Filled(const std::string& row) {
    return absl::StrReplaceAll(
        row, {{"$kind", Pick({"nursery", "club", "kindergarten"})},
              {"$e", Pick({"e-vvk-01-01", "e-vvk-01-02", "e-vvk-02-01", "e-ny-1", "e-ny-2"})},
              {"$k", Pick({"kl-vvk-01", "kl-vvk-02", "net-vvk-01"})},
              {"$p", Pick({"p-kl-1", "p-pl-1", "p-pl-2", "p-ny-1", "p-ny-2"})},
              {"$f", Pick({"2020-01-01", "2020-06-01", "2021-03-01", "2021-09-01", "2022-01-01"})},
              {"$t", Pick({"", "", "2021-06-01", "2021-09-02", "2022-06-01", "2023-01-01"})},
              {"$n", absl::StrCat(1 + Below(4))}});
  }

  static Message Parsed(const std::string& content) {
    Message row;
    EXPECT_TRUE(sql::FromJson(absl::StrCat("{", content, "}"), row).ok()) << content;
    return row;
  }

  std::mt19937 random_;
};

// A question, asked of a service with or without known_at: everything it answers, or its error.
struct Question {
  std::string name;
  std::function<std::string(v1::OrganisationService::Stub&, const absl::optional<absl::Time>&)> ask;
};

inline google::protobuf::Timestamp TimestampOf(absl::Time time) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(time));
}

// Asks page by page; the bytes of all pages without their tokens, which are of the request.
template <class Request, class Response>
std::string Everything(v1::OrganisationService::Stub& stub,
                       grpc::Status (v1::OrganisationService::Stub::*rpc)(grpc::ClientContext*,
                                                                          const Request&,
                                                                          Response*),
                       Request request) {
  const auto* page_token = Request::descriptor()->FindFieldByName("page_token");
  const auto* next = Response::descriptor()->FindFieldByName("next_page_token");
  std::string all;
  while (true) {
    grpc::ClientContext context;
    Response response;
    const grpc::Status status = (stub.*rpc)(&context, request, &response);
    if (!status.ok()) return absl::StrCat(all, status.error_code(), ": ", status.error_message());
    std::string token;
    if (next != nullptr) {
      token = response.GetReflection()->GetString(response, next);
      response.GetReflection()->ClearField(&response, next);
    }
    absl::StrAppend(&all, response.SerializeAsString());
    if (token.empty()) return all;
    request.GetReflection()->SetString(&request, page_token, token);
  }
}

// `json` is the request; what it does not say is the default.
template <class Request, class Response>
Question Ask(grpc::Status (v1::OrganisationService::Stub::*rpc)(grpc::ClientContext*,
                                                                const Request&, Response*),
             const std::string& json) {
  Request request;
  EXPECT_TRUE(sql::FromJson(json, request).ok()) << json;
  return {absl::StrCat(Request::descriptor()->name(), " ", json),
          [rpc, request](v1::OrganisationService::Stub& stub,
                         const absl::optional<absl::Time>& known_at) {
            Request asked = request;
            if (known_at) *asked.mutable_known_at() = TimestampOf(*known_at);
            return Everything(stub, rpc, asked);
          }};
}

// One or more of every read RPC that a tree answers.
inline std::vector<Question> Questions() {
  using Stub = v1::OrganisationService::Stub;
  std::vector<Question> questions;
  for (const char* day : {"2020-07-01", "2021-09-01", "2022-03-01"}) {
    const auto on = [&](const std::string& fields) {
      return absl::StrCat("{", fields, fields.empty() ? "" : ",", "\"as_of\":\"", day, "\"}");
    };
    questions.insert(
        questions.end(),
        {Ask(&Stub::GetUnit, on(R"("unit_id":"e-ny-1")")),
         Ask(&Stub::ListUnits, on(R"("page_size":3)")),
         Ask(&Stub::ListUnits, on(R"("subtree_of":"kl-vvk-01","kinds":["nursery","club"])")),
         Ask(&Stub::ListAssignments,
             on(R"("unit_id":"omr-vvk","include_subtree":true,"page_size":2)")),
         Ask(&Stub::GetLeadershipTeam, on(R"("cluster_id":"kl-vvk-01")")),
         Ask(&Stub::GetPosition, on(R"("position_id":"pos-1")")),
         Ask(&Stub::ListPositions, on(R"("page_size":1)")),
         Ask(&Stub::GetResponsibleLeader, on(R"("unit_id":"e-vvk-01-02")")),
         Ask(&Stub::GetBody, on(R"("body_id":"b-1")")),
         Ask(&Stub::ListBodies, on("")),
         Ask(&Stub::ListBodyMemberships, on("")),
         Ask(&Stub::ListPartners, on("")),
         Ask(&Stub::ListPartnerships, on("")),
         Ask(&Stub::ListHandovers, on("")),
         Ask(&Stub::ListTransitionGaps, on("")),
         Ask(&Stub::ListHeldCompetences, on("")),
         Ask(&Stub::FindCompetence, on(R"("competence":"data_use","near_unit_id":"e-vvk-01-01")")),
         Ask(&Stub::GetTeamCompetences,
             on(R"("cluster_id":"kl-vvk-01","wanted":[{"competence":"data_use"}])")),
         Ask(&Stub::ListTasks, on(R"("page_size":9)")),
         Ask(&Stub::ListResponsibilities, on(R"("unit_id":"omr-vvk","include_subtree":true)")),
         Ask(&Stub::GetResponsibilityMatrix, on(R"("unit_id":"kl-vvk-01")")),
         Ask(&Stub::ProposeDistribution, on(R"("unit_id":"kl-vvk-01","relieve_overload":true)"))});
  }
  questions.insert(questions.end(),
                   {Ask(&Stub::GetPerson, R"({"person_id":"p-pl-1"})"),
                    Ask(&Stub::CompareLeadershipTeam,
                        R"({"cluster_id":"kl-vvk-01","from":"2020-01-01","to":"2022-12-31"})"),
                    Ask(&Stub::ListCompositionGaps, R"({"from":"2020-01-01","to":"2023-01-01"})"),
                    Ask(&Stub::ListCompetences, R"({"page_size":7})"),
                    Ask(&Stub::ListUnitKinds, "{}"), Ask(&Stub::ListRoles, "{}"),
                    Ask(&Stub::ListBodyKinds, "{}"), Ask(&Stub::ListPartnershipKinds, "{}")});
  return questions;
}

}  // namespace klynge::organisation::testing
