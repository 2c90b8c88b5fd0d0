#!/usr/bin/env bash
# SIGTERM: the service takes no new calls, lets the running ones finish, and exits with 0.
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

prepare_a_programme() {
  jq '.request_id = "" | .programme.programme_id = "lille" | .programme.capacity_leaders = 30' "$SAMPLE/programme.json" |
    call courses CreateProgramme -d @ >"$answers/small.json"
  local cluster
  for cluster in kl-vvk-01 kl-ioe-01; do
    call courses EnrolTeam -d "{\"programme_id\": \"lille\", \"cluster_id\": \"$cluster\", \"as_of\": \"2021-09-01\"}" >"$answers/enrolled.json"
  done
}

new_calls_are_refused() { ! call courses ListProgrammes -connect-timeout 1 >"$answers/refused.json" 2>&1; }
the_plan_is_whole() {
  jq -s '.[-1]' "$answers/plan.json" >"$answers/last-event.json"
  check "$answers/last-event.json" '.planned.timetable.sessions | length >= 6' "a finished plan"
}
the_watch_got_a_checkpoint() {
  jq -s 'map(select(.checkpoint))' "$answers/watch.json" >"$answers/checkpoints.json"
  check "$answers/checkpoints.json" 'length > 0' "a checkpoint"
}
is_zero() { [ "$1" = 0 ]; }

start_loaded_city
it "has a programme to plan" prepare_a_programme

# A planning run of four seconds is under way when courses is told to stop.
call courses PlanTimetable -d '{"programme_id": "lille", "seed": 1, "time_limit": "4s", "validate_only": true}' >"$answers/plan.json" &
planning=$!
sleep 1
kill -TERM "${pid[courses]}"
sleep 1.5 # longer than --drain_notice
it "refuses new calls while it drains" new_calls_are_refused
planned=0
wait "$planning" || planned=$?
it "lets a running call finish" is_zero "$planned"
it "gives that call its whole answer" the_plan_is_whole
exited=0
stop_service courses || exited=$?
it "exits with 0 after draining" is_zero "$exited"

# A stream that would never end by itself must not hold up the stop.
call organisation WatchOrganisation -d '{}' >"$answers/watch.json" 2>"$answers/watch-end.txt" &
watching=$!
sleep 1
stopping=$(now_ms)
exited=0
stop_service organisation || exited=$?
stopped_after=$(($(now_ms) - stopping))
wait "$watching" || true
it "exits with 0 with a watcher connected" is_zero "$exited"
it "does not wait for a watcher longer than calls may take" test "$stopped_after" -lt 15000
it "sent the watcher a checkpoint" the_watch_got_a_checkpoint
