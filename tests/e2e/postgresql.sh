#!/usr/bin/env bash
# The main job on PostgreSQL: every answer is the one that SQLite gave.
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"
source "$(dirname "${BASH_SOURCE[0]}")/postgres.sh"

# Without what tells when and in how many writes it was loaded.
ask_of_the_city() {
  ask_everything "$run_directory/asked.json"
  jq -S 'del(.. | .revision?, .organisationRevision?, .etag?, .createdAt?, .updatedAt?, .enrolledAt?)' \
    "$run_directory/asked.json" >"$1"
}

start_loaded_city
ask_of_the_city "$answers/sqlite.json"
for name in "${SERVICES[@]}"; do stop_service "$name"; done
redis-cli -p "$redis_port" flushall >/dev/null

start_postgres
start_services
run_main_job
ask_of_the_city "$answers/postgresql.json"
it "answers on PostgreSQL as on SQLite" same "$answers/sqlite.json" "$answers/postgresql.json"
