// A test of the organisation's store on an engine of its own.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include "klynge/migrations/organisation.h"
#include "services/organisation/organisation_store.h"
#include "services/organisation/test_support.h"
#include "tests/support/engines.h"
#include "tests/support/status_matchers.h"

namespace klynge::organisation::testing {

using Tree = organisation::Tree;

class OrganisationStoreTest : public klynge::testing::EngineTest {
 protected:
  std::shared_ptr<const Tree> Load(std::shared_ptr<const Tree> previous = nullptr) {
    std::shared_ptr<const Tree> loaded;
    EXPECT_THAT(database_->Read(absl::InfiniteFuture(),
                                [&](sql::Session& session) -> absl::Status {
                                  const auto tree =
                                      LoadTree(session, previous, *RevisionIn(session));
                                  if (tree.ok()) loaded = *tree;
                                  return tree.status();
                                }),
                klynge::testing::IsOk());
    return loaded;
  }

  // Judges and stores the rows.
  absl::Status Store(const std::vector<v1::ImportOrganisationRequest>& messages) {
    return database_
        ->Write({"/test", "tester"},
                [&](sql::WriteTransaction& transaction) -> absl::Status {
                  KLYNGE_ASSIGN_OR_RETURN(
                      const auto before,
                      LoadTree(*transaction.Reader().value(), nullptr, transaction.revision() - 1));
                  const ImportPlan plan = PlanImport(*before, Rows(messages));
                  EXPECT_FALSE(plan.HasRejected());
                  return SavePlan(transaction, *before, plan);
                })
        .status();
  }

  std::vector<v1::OrganisationChange> Changes(ChangePosition after, int64_t limit = 1000) {
    std::vector<v1::OrganisationChange> changes;
    EXPECT_THAT(database_->Read(absl::InfiniteFuture(),
                                [&](sql::Session& session) -> absl::Status {
                                  KLYNGE_ASSIGN_OR_RETURN(changes,
                                                          ReadChanges(session, after, limit));
                                  return absl::OkStatus();
                                }),
                klynge::testing::IsOk());
    return changes;
  }

  std::unique_ptr<sql::Database> database_ = Open(Migrations());
};
}  // namespace klynge::organisation::testing
