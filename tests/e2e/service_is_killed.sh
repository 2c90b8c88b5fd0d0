#!/usr/bin/env bash
# kill -9 in the middle of an import leaves nothing half-written; restarted and sent again, the end is the same as if
# nothing had happened.
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

# kill_while_sending SERVICE RPC FILE LINES: sends the first LINES of the file, kills the service, starts it again.
kill_while_sending() {
  local service=$1 rpc=$2 file=$3 lines=$4 sender
  { head -n "$lines" "$file" && sleep 3; } | call "$service" "$rpc" -d @ >"$answers/killed.json" 2>&1 &
  sender=$!
  sleep 1.5
  stop_service "$service" KILL || true
  ! wait "$sender" || die "The call was answered although $service was killed."
  start_service "$service"
  wait_until_serving "$service"
}

# What the organisation holds, whatever the revision.
snapshot() {
  call organisation GetSnapshot -max-msg-sz 20000000 |
    jq -S '.snapshot | del(.revision)' >"$1"
}

has_half_of_nothing() {
  snapshot "$answers/after-kill.json"
  check "$answers/after-kill.json" '(.units // [] | length) == 0 and (.persons // [] | length) == 0' \
    "nothing of the interrupted import"
}

organisation_ends_the_same() {
  import_organisation
  snapshot "$answers/after-resend.json"
  same "$answers/reference.json" "$answers/after-resend.json"
}

observations_end_the_same() {
  local records
  records=$(($(wc -l <"$SAMPLE/observations-before.jsonl") - 1))
  call observations RecordObservations -d @ <"$SAMPLE/observations-before.jsonl" >"$answers/resent.json"
  check "$answers/resent.json" "(.created | n) + (.unchanged | n) == $records and (.rejected | n) == 0" \
    "all $records observations, stored now or before"
  call observations CloseRound -d '{"round_id": "r-2021-efteraar"}' >"$answers/closed.json"
  check "$answers/closed.json" "(.round.observationCount | n) == $records" "$records observations in the round"
  figures "$answers/figures.json"
  same "$answers/reference-figures.json" "$answers/figures.json"
}

# Till observations has reconnected it says UNAVAILABLE, and never that the units are unknown.
plans_a_round() {
  local tries
  for tries in {1..40}; do
    ! call observations CreateRound -format-error -d @ <"$SAMPLE/round-before.json" >/dev/null 2>"$answers/error.json" || return 0
    check "$answers/error.json" '[.details[] | select(.reason)] | .[0].reason == "ORGANISATION_UNAVAILABLE"' "reason ORGANISATION_UNAVAILABLE"
    sleep 0.25
  done
  return 1
}

figures() {
  call observations QueryAggregates -d '{"round_ids": ["r-2021-efteraar"], "level": "AGGREGATE_LEVEL_CLUSTER"}' |
    jq -S 'del(.revision)' >"$1"
}

start_loaded_city
snapshot "$answers/reference.json"
figures "$answers/reference-figures.json"
for name in "${SERVICES[@]}"; do stop_service "$name"; done
stop_redis
rm "$run_directory"/*.db*

start_redis
start_services
kill_while_sending organisation ImportOrganisation "$SAMPLE/organisation.jsonl" 700
it "keeps nothing of an organisation import that was killed" has_half_of_nothing
it "ends the same when the organisation is sent again" organisation_ends_the_same
call observations PublishInstrument -d @ <"$SAMPLE/instrument.json" >/dev/null
it "plans a round as soon as the others have found the organisation again" plans_a_round
kill_while_sending observations RecordObservations "$SAMPLE/observations-before.jsonl" 900
it "ends the same when the observations are sent again" observations_end_the_same
