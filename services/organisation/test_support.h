// Rows and imports for tests, one line each; dates as in the protos.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "klynge/organisation/v1/import.pb.h"
#include "services/organisation/client/bodies_convert.h"
#include "services/organisation/client/codes_convert.h"
#include "services/organisation/client/competences_convert.h"
#include "services/organisation/client/convert.h"
#include "services/organisation/client/hierarchies_convert.h"
#include "services/organisation/client/partners_convert.h"
#include "services/organisation/client/responsibilities_convert.h"
#include "services/organisation/client/test_support.h"
#include "services/organisation/import_plan.h"
#include "services/platform/rpc/status.h"

namespace klynge::organisation::testing {

inline v1::ImportOrganisationRequest UnitMessage(std::string id, std::string kind,
                                                 std::string parent,
                                                 std::string from = "2020-01-01",
                                                 std::string to = "") {
  v1::ImportOrganisationRequest message;
  v1::Unit* unit = message.mutable_unit();
  unit->set_unit_id(id);
  unit->set_kind(kind);
  unit->set_name("Enhed " + id);
  unit->set_parent_id(parent);
  unit->set_valid_from(from);
  unit->set_valid_to(to);
  return message;
}

inline v1::ImportOrganisationRequest PersonMessage(std::string id) {
  v1::ImportOrganisationRequest message;
  message.mutable_person()->set_person_id(id);
  message.mutable_person()->set_name("Person " + id);
  return message;
}

inline v1::ImportOrganisationRequest AssignmentMessage(std::string id, std::string person,
                                                       std::string role, std::string unit,
                                                       std::string from = "2020-01-01",
                                                       std::string to = "") {
  v1::ImportOrganisationRequest message;
  v1::Assignment* assignment = message.mutable_assignment();
  assignment->set_assignment_id(id);
  assignment->set_person_id(person);
  assignment->set_role(role);
  assignment->set_unit_id(unit);
  assignment->set_valid_from(from);
  assignment->set_valid_to(to);
  return message;
}

inline v1::ImportOrganisationRequest PositionMessage(std::string id, std::string role,
                                                     std::string unit,
                                                     std::string from = "2020-01-01",
                                                     std::string to = "") {
  v1::ImportOrganisationRequest message;
  v1::Position* position = message.mutable_position();
  position->set_position_id(id);
  position->set_role(role);
  position->set_unit_id(unit);
  position->set_valid_from(from);
  position->set_valid_to(to);
  return message;
}

// An assignment that fills a position.
inline v1::ImportOrganisationRequest Filling(v1::ImportOrganisationRequest assignment,
                                             std::string position) {
  assignment.mutable_assignment()->set_position_id(position);
  return assignment;
}

inline v1::ImportOrganisationRequest SubstitutionMessage(std::string id, std::string position,
                                                         std::string person,
                                                         std::string from = "2020-01-01",
                                                         std::string to = "") {
  v1::ImportOrganisationRequest message;
  v1::Substitution* substitution = message.mutable_substitution();
  substitution->set_substitution_id(id);
  substitution->set_position_id(position);
  substitution->set_person_id(person);
  substitution->set_valid_from(from);
  substitution->set_valid_to(to);
  return message;
}

inline v1::ImportOrganisationRequest EmploymentMessage(std::string id, std::string person,
                                                       std::string from = "2020-01-01",
                                                       std::string to = "") {
  v1::ImportOrganisationRequest message;
  v1::Employment* employment = message.mutable_employment();
  employment->set_employment_id(id);
  employment->set_person_id(person);
  employment->set_valid_from(from);
  employment->set_valid_to(to);
  return message;
}

// Everything in an organisation as rows, units first.
inline std::vector<v1::ImportOrganisationRequest> Messages(const Organisation& organisation) {
  std::vector<v1::ImportOrganisationRequest> messages;
  for (const UnitVersion& unit : organisation.units) {
    ToProto(unit, messages.emplace_back().mutable_unit());
  }
  for (const Person& person : organisation.persons) {
    ToProto(person, messages.emplace_back().mutable_person());
  }
  for (const Assignment& assignment : organisation.assignments) {
    ToProto(assignment, messages.emplace_back().mutable_assignment());
  }
  for (const Position& position : organisation.positions) {
    ToProto(position, messages.emplace_back().mutable_position());
  }
  for (const Employment& employment : organisation.employments) {
    ToProto(employment, messages.emplace_back().mutable_employment());
  }
  for (const Substitution& substitution : organisation.substitutions) {
    ToProto(substitution, messages.emplace_back().mutable_substitution());
  }
  for (const Body& body : organisation.bodies) {
    ToProto(body, messages.emplace_back().mutable_body());
  }
  for (const BodyMembership& held : organisation.body_memberships) {
    ToProto(held, messages.emplace_back().mutable_body_membership());
  }
  for (const Partner& partner : organisation.partners) {
    ToProto(partner, messages.emplace_back().mutable_partner());
  }
  for (const Partnership& partnership : organisation.partnerships) {
    ToProto(partnership, messages.emplace_back().mutable_partnership());
  }
  for (const Handover& handover : organisation.handovers) {
    ToProto(handover, messages.emplace_back().mutable_handover());
  }
  for (const Competence& competence : organisation.competences) {
    ToProto(competence, messages.emplace_back().mutable_competence());
  }
  for (const HeldCompetence& held : organisation.held_competences) {
    ToProto(held, messages.emplace_back().mutable_held_competence());
  }
  for (const Task& task : organisation.tasks) {
    ToProto(task, messages.emplace_back().mutable_task());
  }
  for (const Responsibility& responsibility : organisation.responsibilities) {
    ToProto(responsibility, messages.emplace_back().mutable_responsibility());
  }
  for (const Succession& succession : organisation.successions) {
    ToProto(succession, messages.emplace_back().mutable_succession());
  }
  for (const Placement& placement : organisation.placements) {
    ToProto(placement, messages.emplace_back().mutable_placement());
  }
  for (const Code& code : organisation.codes) {
    ToProto(code, messages.emplace_back().mutable_code());
  }
  return messages;
}

inline v1::ImportOrganisationRequest SuccessionMessage(std::string id, std::string from,
                                                       std::string to, std::string on,
                                                       bool carries_figures = false) {
  v1::ImportOrganisationRequest message;
  v1::Succession* succession = message.mutable_succession();
  succession->set_succession_id(id);
  succession->set_from_unit_id(from);
  succession->set_to_unit_id(to);
  succession->set_valid_from(on);
  succession->set_carries_figures(carries_figures);
  return message;
}

inline std::vector<ImportRow> Rows(const std::vector<v1::ImportOrganisationRequest>& messages) {
  std::vector<ImportRow> rows;
  for (const auto& message : messages) rows.push_back(ParseRow(message));
  return rows;
}

using Message = v1::ImportOrganisationRequest;

inline ImportPlan Plan(const Tree& before, const std::vector<Message>& messages) {
  return PlanImport(before, Rows(messages));
}

// What became of each row: "CREATED", "UPDATED", "UNCHANGED", or the first reason of a rejection.
inline std::vector<std::string> Outcomes(const ImportPlan& plan) {
  std::vector<std::string> words;
  for (const RowVerdict& verdict : plan.verdicts) {
    switch (verdict.result) {
      case RowResult::kCreated:
        words.push_back("CREATED");
        break;
      case RowResult::kUpdated:
        words.push_back("UPDATED");
        break;
      case RowResult::kUnchanged:
        words.push_back("UNCHANGED");
        break;
      case RowResult::kRejected:
        words.push_back(ReasonName(verdict.problems.at(0).reason));
        break;
    }
  }
  return words;
}

// The rows that are not rejected.
inline std::vector<Message> Accepted(const std::vector<Message>& messages, const ImportPlan& plan) {
  std::vector<Message> accepted;
  for (size_t i = 0; i < messages.size(); ++i) {
    if (plan.verdicts[i].result != RowResult::kRejected) accepted.push_back(messages[i]);
  }
  return accepted;
}

// The fields that a row's problems name.
inline std::vector<std::string> Fields(const RowVerdict& verdict) {
  std::vector<std::string> fields;
  for (const Problem& problem : verdict.problems) fields.push_back(problem.field);
  return fields;
}

// A rule broken by a single row.
struct RuleCase {
  std::string name;
  Message row;
  std::string reason;
  std::string field;
};

inline void ExpectRejected(const Tree& before, const RuleCase& broken) {
  const ImportPlan plan = Plan(before, {broken.row});
  EXPECT_THAT(Outcomes(plan), ::testing::ElementsAre(broken.reason));
  EXPECT_THAT(Fields(plan.verdicts[0]), ::testing::Contains(broken.field));
  EXPECT_TRUE(plan.ChangesNothing());
}

// The organisation after a plan is carried out, as a tree.
inline std::shared_ptr<const Tree> Applied(const Tree& before, const ImportPlan& plan) {
  return std::make_shared<const Tree>(organisation::Applied(before.organisation(), plan),
                                      before.revision() + 1);
}

}  // namespace klynge::organisation::testing
