// The organisation that benchmarks run on: the sample city, or a multiple of it.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "klynge/organisation/v1/organisation_service.grpc.pb.h"

namespace klynge::bench {

// The day that benchmarks ask about.
inline constexpr char kDay[] = "2022-03-01";

// The rows of the sample city, and of `times` - 1 copies of it under the same root with ids of
// their own: 1, 10 and 100 are 448, 4,471 and 44,701 versions of units.
std::vector<organisation::v1::ImportOrganisationRequest> City(int times);

// Imports rows, as many at once as the service takes. Fails when one is rejected.
void ImportCity(const std::shared_ptr<grpc::Channel>& organisation,
                const std::vector<organisation::v1::ImportOrganisationRequest>& rows);

// The units among the rows that are there on kDay and have nothing below them.
std::vector<std::string> Institutions(
    const std::vector<organisation::v1::ImportOrganisationRequest>& rows);

// The text of a file of deploy/sample.
std::string SampleFile(const std::string& name);

}  // namespace klynge::bench
