"""Turns NNNN_name.sql files into a C++ source: embed_migrations.py NAMESPACE OUTPUT_STEM FILE..."""
import pathlib
import re
import sys


def main(namespace: str, stem: str, files: list[str]) -> None:
    entries = []
    for path in sorted(map(pathlib.Path, files)):
        match = re.fullmatch(r"(\d{4})_(\w+)\.sql", path.name)
        if not match:
            sys.exit(f"{path}: a migration is named NNNN_what_it_does.sql")
        entries.append(f'      {{{int(match[1])}, "{match[2]}", R"~SQL~({path.read_text()})~SQL~"}},')
    output = pathlib.Path(stem)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.with_suffix(".h").write_text(f"""#pragma once
#include <vector>

#include "services/platform/sql/migration.h"

namespace klynge::{namespace} {{
const std::vector<sql::Migration>& Migrations();
}}  // namespace klynge::{namespace}
""")
    body = "\n".join(entries)
    output.with_suffix(".cc").write_text(f"""#include "klynge/migrations/{namespace}.h"

namespace klynge::{namespace} {{
const std::vector<sql::Migration>& Migrations() {{
  static const auto* const migrations = new std::vector<sql::Migration>{{
{body}
  }};
  return *migrations;
}}
}}  // namespace klynge::{namespace}
""")


main(sys.argv[1], sys.argv[2], sys.argv[3:])
