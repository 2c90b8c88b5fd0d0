#!/usr/bin/env bash
# Redis holds nothing that cannot be rebuilt: stopped, emptied or started again, every answer stays the same, and what
# is written meanwhile is seen by the other services.
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

answers_are_as_before() {
  ask_everything "$answers/now.json"
  same "$answers/before.json" "$answers/now.json"
}

# The goals service must learn of a new unit from the organisation itself, within seconds.
a_new_unit_gets_known() { # UNIT
  call organisation ImportOrganisation -d "{\"unit\": {\"unit_id\": \"$1\", \"kind\": \"nursery\", \"name\": \"Ny\",
    \"parent_id\": \"kl-ama-01\", \"valid_from\": \"2024-01-01\"}}" >"$answers/import.json"
  check "$answers/import.json" '(.createdCount | n) == 1' "a new unit"
  call goals CreateGoal -d "{\"goal\": {\"goal_id\": \"maal-$1\", \"unit_id\": \"$1\", \"title\": \"Ny\",
    \"framework_id\": \"kk-2021\", \"core_area_codes\": [\"clear_goals\"]}}" >"$answers/goal.json"
  check "$answers/goal.json" '.goal.state == "GOAL_STATE_DRAFT"' "a goal of the new unit"
}

start_loaded_city
ask_everything "$answers/before.json"
redis-cli -p "$redis_port" flushall >/dev/null
it "answers the same when Redis was emptied" answers_are_as_before
stop_redis
it "answers the same when Redis is stopped" answers_are_as_before
it "tells the others of a new unit without Redis" a_new_unit_gets_known e-ny-uden-redis
ask_everything "$answers/before.json"
start_redis
sleep 2
it "answers the same when Redis is back" answers_are_as_before
it "tells the others of a new unit with Redis" a_new_unit_gets_known e-ny-med-redis
