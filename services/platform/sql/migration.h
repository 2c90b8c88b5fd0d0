// One step of a schema's history, embedded from migrations/NNNN_name.sql at build time.
#pragma once

#include <string>

namespace klynge::sql {

struct Migration {
  int number;
  std::string name;
  std::string sql;  // statements, each ended by ";" at the end of a line
};

}  // namespace klynge::sql
