// A proposed distribution in Danish and English sentences: why this one and not another.
#pragma once

#include "klynge/organisation/v1/distribution.pb.h"
#include "services/organisation/distribution.h"

namespace klynge::organisation {

// The main reason why a member was not chosen for a proposed task.
v1::ConsideredReason WhyNot(const DistributionProposal& proposal, const DistributionTask& task,
                            size_t member);

void SayWhyNot(const Tree& tree, const DistributionProposal& proposal, const DistributionTask& task,
               size_t member, type::v1::LocalizedText* text);
void SayWhy(const Tree& tree, const DistributionProposal& proposal, const DistributionTask& task,
            type::v1::LocalizedText* text);
void SayWhyOpen(const Tree& tree, const DistributionProposal& proposal,
                const DistributionTask& task, type::v1::LocalizedText* text);
void SaySummary(const DistributionProposal& proposal, type::v1::LocalizedText* text);

}  // namespace klynge::organisation
