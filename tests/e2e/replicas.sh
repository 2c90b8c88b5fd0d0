#!/usr/bin/env bash
# Two replicas of a service on one PostgreSQL database: what one has written the other shows when asked for it, with
# Redis and without, and together they never enrol more leaders than there are places.
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"
source "$(dirname "${BASH_SOURCE[0]}")/postgres.sh"

# start_second SERVICE: another process on the same database, known as SERVICE-2 to stop_service and second.
start_second() {
  local name=$1 second="$1-2" port
  port=$((${address[$name]##*:} + 5))
  address[$second]="127.0.0.1:$port"
  start_process "$run_directory/$second.log" "$binaries/klynge-$name" --listen="${address[$second]}" \
    --metrics_listen=none --database="${database[$name]}" --redis="127.0.0.1:$redis_port" \
    $(peers_of "$name")
  pid[$second]=$!
  wait_until_serving "$second"
}

# second SERVICE RPC [OPTION…]: as call, but asks the second replica.
second() {
  local service=$1 rpc=$2
  shift 2
  "$GRPCURL" -plaintext -max-time 120 "$@" "${address[$service-2]}" "$(method "$service" "$rpc")"
}

shows_what_the_other_wrote() { # UNIT
  call organisation ImportOrganisation -d "{\"unit\": {\"unit_id\": \"$1\", \"kind\": \"nursery\", \"name\": \"Ny\",
    \"parent_id\": \"kl-vvk-01\", \"valid_from\": \"2024-01-01\"}}" >"$answers/import.json"
  second organisation GetUnit -d "{\"unit_id\": \"$1\", \"as_of\": \"2024-02-01\",
    \"min_revision\": $(jq -r .revision "$answers/import.json")}" >"$answers/seen.json"
  check "$answers/seen.json" '.unit.name == "Ny"' "the new unit"
}

open_a_small_education() {
  jq '.request_id = "" | .programme.programme_id = "lille" | .programme.capacity_leaders = 40' "$SAMPLE/programme.json" |
    call courses CreateProgramme -d @ >"$answers/small.json"
}

# All teams at once through both replicas; there is room for a third of them.
everyone_enrols_at_once() {
  jq -c '.programme_id = "lille" | .request_id = ""' "$SAMPLE/enrolments.jsonl" >"$run_directory/enrolments.jsonl"
  local request number=0 replica=call
  while IFS= read -r request; do
    number=$((number + 1))
    "$replica" courses EnrolTeam -format-error -d "$request" >"$answers/enrol-$number.json" 2>&1 &
    [ "$replica" = call ] && replica=second || replica=call
  done <"$run_directory/enrolments.jsonl"
  wait
  jq -s . "$answers"/enrol-*.json >"$answers/enrolled.json"
  check "$answers/enrolled.json" 'length == 19 and all(.enrolment or .code == 9)' "each team to be in, or refused for lack of places"
}

no_place_is_given_twice() {
  second courses ListEnrolments -d '{"programme_id": "lille", "page_size": 100,
    "min_revision": '"$(jq '[.[].revision // "0" | tonumber] | max' "$answers/enrolled.json")"'}' >"$answers/list.json"
  check "$answers/list.json" '.places.taken <= 40 and .places.taken == ([.enrolments[].leaders | length] | add)' \
    "no more leaders than places"
  check "$answers/list.json" '.places.taken > 33' "no room for another team"
}

start_redis
start_postgres
start_services
step "Import the organisation" import_organisation
step "Create the education" create_programme
start_second organisation
start_second courses
it "shows at the other replica what one has written" shows_what_the_other_wrote e-ny-1
it "has an education with forty places" open_a_small_education
it "answers every team that enrols at once" everyone_enrols_at_once
it "gives no place twice and leaves none that a team fits in" no_place_is_given_twice
stop_redis
it "shows at the other replica what one has written, without Redis" shows_what_the_other_wrote e-ny-2
