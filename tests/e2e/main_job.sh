#!/usr/bin/env bash
# The main job from empty databases to the status report, by the steps of deploy/demo; then every import once more,
# which must change nothing. Leaves the databases to the tests after it.
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

reimport_organisation() {
  # Without its request id: not the stored first answer, but every row judged again.
  tail -n +2 "$SAMPLE/organisation.jsonl" | call organisation ImportOrganisation -d @ >"$answers/again.json"
  check "$answers/again.json" \
    '(.createdCount | n) == 0 and (.updatedCount | n) == 0 and (.rejectedCount | n) == 0 and (.unchangedCount | n) > 1000' \
    "every row to be unchanged"
}

repeat_request_id() {
  call organisation ImportOrganisation -d @ <"$SAMPLE/organisation.jsonl" >"$answers/repeat.json"
  same <(jq -S . "$answers/organisation.json") <(jq -S . "$answers/repeat.json")
}

reimport_goals() {
  jq -c 'del(.options)' "$SAMPLE/goals.jsonl" | call goals ImportGoals -d @ >"$answers/again.json"
  check "$answers/again.json" '(.createdCount | n) == 0 and (.rejectedCount | n) == 0 and (.unchangedCount | n) > 50' \
    "every goal to be unchanged"
}

reimport_resources() {
  call courses ImportResources -d @ <"$SAMPLE/resources.jsonl" >"$answers/again.json"
  check "$answers/again.json" '(.unchanged | n) == 10' "every resource to be unchanged"
}

repeat_attendance() {
  # Team by team and then person by person: the last word on each person is the same, so nothing may change at the end.
  ask_everything "$answers/before-repeat.json"
  call courses RecordAttendance -d @ <"$run_directory/attendance.jsonl" >"$answers/again.json"
  check "$answers/again.json" '(.created | n) == 0 and (.rejected | n) == 0' "nothing new"
  ask_everything "$answers/after-repeat.json"
  same <(jq -S 'del(.. | .revision?)' "$answers/before-repeat.json") \
    <(jq -S 'del(.. | .revision?)' "$answers/after-repeat.json")
}

# By the rules it was planned with it costs what the planner said.
explains_the_plan() {
  local session
  session=$(jq -r '[.timetable.sessions[] | select(.seminarDayId)] | last | .sessionId' "$answers/timetable.json")
  jq --arg session "$session" '{programme_id, rules, session_id: $session, suggestions: 2}' "$SAMPLE/planning.json" |
    call courses ExplainTimetable -d @ >"$answers/explained.json"
  check "$answers/explained.json" \
    "(.cost | n) == $(jq '.cost | tonumber' "$answers/plan.json") and ([.sessions[].cost | n] | add) == (.cost | n)
     and (.sessions | map(.sessionId) | index(\"$session\") != null)" "the cost of the plan, session by session"
}

dated_tree_shows_moves() {
  call organisation GetUnit -d '{"unit_id": "e-vvk-02-08", "as_of": "2022-07-31"}' >"$answers/before-move.json"
  call organisation GetUnit -d '{"unit_id": "e-vvk-02-08", "as_of": "2022-08-01"}' >"$answers/after-move.json"
  check "$answers/before-move.json" '.unit.parentId == "kl-vvk-02"' "the old cluster on the day before"
  check "$answers/after-move.json" '.unit.parentId == "kl-vvk-05"' "the new cluster on the day"
  call organisation GetLeadershipTeam -d '{"cluster_id": "kl-vvk-03", "as_of": "2022-08-15"}' >"$answers/vacant.json"
  check "$answers/vacant.json" '.team.leader == null and (.team.members | length) == 6' "a team without its leader"
}

start_redis
start_services
run_main_job
it "shows where a unit stood before and after its move, and a post that was vacant" dated_tree_shows_moves
it "explains what the plan costs" explains_the_plan
it "takes the organisation again without a change" reimport_organisation
it "answers a repeated request id as the first time" repeat_request_id
it "takes the goals again without a change" reimport_goals
it "takes the resources again without a change" reimport_resources
it "takes the attendance again without a change in any answer" repeat_attendance
for name in "${SERVICES[@]}"; do
  exited=0
  stop_service "$name" || exited=$?
  it "stops $name with exit code 0" test "$exited" = 0
done
