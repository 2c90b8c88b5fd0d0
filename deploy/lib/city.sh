# shellcheck shell=bash disable=SC2154,SC2034,SC2016
# The main job on the sample city, step by step through the public RPCs: import, goals, observations, refresh, enrol,
# plan, attend, brief, status. Sourced after services.sh. Each function does one step, checks the answer, prints one
# line about it, and leaves the whole answer in $answers; run them through `step`.

SAMPLE="$KLYNGE_ROOT/deploy/sample"
PROGRAMME=ledelsesuddannelse-2021
LAST_DAY=2023-12-31

# step TITLE FUNCTION [ARGUMENT…]: runs it, prints what it says and how long it took; ends the script when it fails.
step() {
  local title=$1 start code said
  shift
  start=$(now_ms)
  set +e
  said=$(
    set -e
    "$@"
  )
  code=$?
  set -e
  [ "$code" = 0 ] || die "FAILED: $title, after $(took "$start"). Logs and answers are in $run_directory."
  printf '  %s✓%s %-34s %s %s(%s)%s\n' "$bold" "$plain" "$title" "$said" "$dim" "$(took "$start")" "$plain"
}

# count_of FILE FIELD: a count in the answer; JSON leaves out those that are 0.
count_of() { jq -r ".$2 // 0" "$1"; }

import_organisation() {
  local answer="$answers/organisation.json" rows
  rows=$(($(wc -l <"$SAMPLE/organisation.jsonl") - 1))
  call organisation ImportOrganisation -d @ <"$SAMPLE/organisation.jsonl" >"$answer"
  check "$answer" ".applied and (.createdCount | n) == $rows and (.rejectedCount | n) == 0" \
    "all $rows rows to be new and right"
  say "$rows rows: units, persons, who leads what and who works together, in one transaction"
}

# The two areas must have exactly the leaders that the programme has funds for.
count_leaders() {
  local cluster
  jq -r .cluster_id "$SAMPLE/enrolments.jsonl" |
    while read -r cluster; do jq -nc --arg id "$cluster" '{cluster_id: $id, as_of: "2021-09-01"}'; done >"$run_directory/teams.jsonl"
  call_each_line organisation GetLeadershipTeam "$run_directory/teams.jsonl" | jq -s . >"$answers/teams.json"
  check "$answers/teams.json" \
    '[.[].team | (.leader // empty, .members[]).personId] | length == 120 and (unique | length) == 120' \
    "120 different leaders in the two areas"
  say "$(jq -r 'length' "$answers/teams.json") teams with 120 leaders in the two areas"
}

publish_framework() {
  call goals PublishFramework -d @ <"$SAMPLE/framework.json" >"$answers/framework.json"
  check "$answers/framework.json" '.version == 1' "the first version"
  call goals GetFramework -d '{"framework_id": "kk-2021"}' >"$answers/framework-read.json"
  check "$answers/framework-read.json" '.framework.coreAreas | length == 9' "nine core areas"
  say "nine core areas, six guideposts, six curriculum themes, as data"
}

publish_instrument() {
  call observations PublishInstrument -d @ <"$SAMPLE/instrument.json" >"$answers/instrument.json"
  check "$answers/instrument.json" '.instrument.version == 1' "the first version"
  say "$(jq -r '.instrument.items | length' "$answers/instrument.json") items on traffic lights and 1–7"
}

# observe before|after: a whole round: create, record, close.
observe() {
  local purpose=$1 records round
  records=$(($(wc -l <"$SAMPLE/observations-$purpose.jsonl") - 1))
  round=$(jq -r .round.round_id "$SAMPLE/round-$purpose.json")
  call observations CreateRound -d @ <"$SAMPLE/round-$purpose.json" >"$answers/round-$purpose.json"
  call observations RecordObservations -d @ <"$SAMPLE/observations-$purpose.jsonl" >"$answers/recorded-$purpose.json"
  check "$answers/recorded-$purpose.json" \
    "(.created | n) == $records and (.rejected | n) == 0" "all $records observations to be stored"
  call observations CloseRound -d "{\"round_id\": \"$round\"}" >"$answers/closed-$purpose.json"
  check "$answers/closed-$purpose.json" '.round.state == "ROUND_STATE_CLOSED"' "a closed round"
  say "$records observations of $(count_of "$answers/closed-$purpose.json" round.unitCount) institutions"
}

# How many of the units below the areas get a figure, and how many are too small to be shown.
look_at_figures() {
  local answer="$answers/figures.json"
  call observations QueryAggregates -d '{"round_ids": ["r-2023-efteraar"], "level": "AGGREGATE_LEVEL_UNIT",
    "item_ids": ["sr-2"], "page_size": 1000}' >"$answer"
  local shown='select(.figure.suppression == "SUPPRESSION_NONE")' hidden='select(.figure.suppression == "SUPPRESSION_SMALL_GROUP")'
  check "$answer" "[.aggregates[] | $shown | .figure.n | tonumber] | length > 0 and min >= 5" \
    "no figure of fewer than five observations"
  check "$answer" "[.aggregates[] | $hidden] | length > 0 and all(.figure.n == null and .figure.mean == null)" \
    "small groups to be suppressed"
  say "$(jq "[.aggregates[] | $shown] | length" "$answer") institutions shown, $(jq "[.aggregates[] | $hidden] | length" "$answer") too small to show"
}

import_goals() {
  local rows
  rows=$(jq -s 'map(.rows | length) | add' "$SAMPLE/goals.jsonl")
  call goals ImportGoals -d @ <"$SAMPLE/goals.jsonl" >"$answers/goals.json"
  check "$answers/goals.json" ".applied and (.createdCount | n) == $rows and (.rejectedCount | n) == 0" "all $rows goals to be entered"
  say "$rows goals from the administration down to institutions, with their follow-ups"
}

refresh_indicators() {
  local outcomes="$answers/refreshed.json"
  call goals RefreshIndicators -d '{"checked_on": "2023-12-15"}' | jq -s . >"$outcomes"
  check "$outcomes" 'length > 0 and length == .[-1].totalCount' "an outcome for every bound criterion"
  check "$outcomes" 'all(.outcome == "REFRESH_OUTCOME_UPDATED" or .outcome == "REFRESH_OUTCOME_SUPPRESSED")' \
    "figures for all but small groups"
  check "$outcomes" '(map(select(.outcome == "REFRESH_OUTCOME_UPDATED")) | length) > (length / 2)' "most of them to have one"
  say "$(jq -r '(map(select(.outcome == "REFRESH_OUTCOME_UPDATED")) | length | tostring) + " of " + (length | tostring)' "$outcomes") bound criteria got their figure from observations"
}

look_at_progress() {
  local answer="$answers/progress.json"
  call goals GetProgress -d "{\"unit_id\": \"buf\", \"as_of\": \"$LAST_DAY\"}" >"$answer"
  check "$answer" '.total.progress > 0 and .total.progress < 1' "some progress, not all"
  check "$answer" '(.coreAreas | length) == 9' "nine core areas"
  say "$(jq -r '"\(.total.progress * 100 | round) % of the way over \(.total.countedGoalCount) goals; \([.coreAreas[] | select(.covered)] | length) of 9 core areas covered"' "$answer")"
}

create_programme() {
  call courses CreateProgramme -d @ <"$SAMPLE/programme.json" >"$answers/programme.json"
  check "$answers/programme.json" '.programme.capacityLeaders == 120' "120 places"
  call courses ImportResources -d @ <"$SAMPLE/resources.jsonl" >"$answers/resources.json"
  check "$answers/resources.json" '(.created | n) == 10 and (.rejected | n) == 0' "ten venues and lecturers"
  say "themes, competence fields, six kinds of activity; five venues, five lecturers"
}

enrol_teams() {
  call_each_line courses EnrolTeam "$SAMPLE/enrolments.jsonl" >/dev/null
  call courses ListEnrolments -d "{\"programme_id\": \"$PROGRAMME\", \"page_size\": 100}" >"$answers/enrolments.json"
  check "$answers/enrolments.json" '(.enrolments | length) == 19 and .places.taken == 120 and (.places.free | n) == 0' \
    "19 whole teams to take all 120 places"
  say "19 whole teams take all 120 places"
}

schedule_sessions() {
  call_each_line courses ScheduleSession "$SAMPLE/sessions.jsonl" | jq -s . >"$answers/sessions.json"
  check "$answers/sessions.json" 'length == 10' "ten sessions"
  say "eight seminars for consultants, two days for the administration"
}

plan_timetable() {
  local events="$answers/plan-events.json"
  call courses PlanTimetable -d @ <"$SAMPLE/planning.json" |
    jq --unbuffered -c . | tee "$events" |
    jq --unbuffered -r '.progress // empty | "      planning for \(.elapsed // "0s" | rtrimstr("s") | tonumber * 10 | round / 10) s: \(.steps // 0) steps tried, cost \(.bestCost // "–")"' >&2
  jq -s 'map(.planned // empty) | last' "$events" >"$answers/plan.json"
  check "$answers/plan.json" '.timetable.sessions != null and (.timetable.unplacedClusterIds // [] | length) == 0' \
    "a plan that places every team"
  call courses GetTimetable -d "{\"programme_id\": \"$PROGRAMME\"}" >"$answers/timetable.json"
  check "$answers/timetable.json" \
    '[.timetable.sessions[] | select(.seminarDayId) | .seminarDayId as $day | .clusterIds[] | {day: $day, team: .}]
     | length == 114 and (unique | length) == 114' "each of 19 teams to attend each of six days once"
  say "$(jq -r '[.timetable.sessions[] | select(.seminarDayId)] | "six seminar days held \(length) times between \(map(.date) | min) and \(map(.date) | max)"' "$answers/timetable.json")"
}

# Whole teams are recorded present, then the few who were away.
record_attendance() {
  local records="$run_directory/attendance.jsonl"
  jq -nc --arg programme "$PROGRAMME" --slurpfile timetable "$answers/timetable.json" \
    --slurpfile enrolments "$answers/enrolments.json" '
    [$timetable[0].timetable.sessions[] | select(.seminarDayId)] as $sessions
    | ($enrolments[0].enrolments | map({key: .clusterId, value: .leaders}) | from_entries) as $leaders
    | range($sessions | length) as $place | $sessions[$place] as $session
    | ($session.clusterIds[] | {programme_id: $programme, session_id: $session.sessionId, cluster_id: .,
        state: "ATTENDANCE_STATE_PRESENT"}),
      ([$session.clusterIds[] | $leaders[.][]] as $expected
       | range($expected | length) | select((. * 7 + $place * 3) % 17 == 0)
       | {programme_id: $programme, session_id: $session.sessionId, person_id: $expected[.].personId,
          state: (if . % 3 == 0 then "ATTENDANCE_STATE_ABSENT" else "ATTENDANCE_STATE_EXCUSED" end)})' >"$records"
  call courses RecordAttendance -d @ <"$records" >"$answers/attendance.json"
  check "$answers/attendance.json" '(.rejected | n) == 0 and (.created | n) == 720' \
    "120 leaders to be recorded for six days"
  say "720 attendances recorded, $(count_of "$answers/attendance.json" updated) of them corrected"
}

record_conversations() {
  call_each_line courses RecordLearningConversation "$SAMPLE/conversations.jsonl" | jq -s . >"$answers/conversations.json"
  check "$answers/conversations.json" 'length == 38' "two conversations for each of 19 teams"
  say "two learning conversations for each of 19 teams"
}

get_brief() {
  local answer="$answers/brief.json"
  call courses GetLearningConversationBrief \
    -d "{\"cluster_id\": \"kl-vvk-01\", \"as_of\": \"$LAST_DAY\"}" >"$answer"
  check "$answer" '(.brief.parts | length) == 4 and all(.brief.parts[]; .state == "PART_STATE_AVAILABLE")' \
    "all four services to have their part in it"
  check "$answer" '.brief.team.members | length == 7' "the seven leaders of the cluster"
  say "what kl-vvk-01 needs on the table, from four services at once"
}

# get_status DANISH|ENGLISH
get_status() {
  local answer="$answers/status-$1.json"
  call courses GetProgrammeStatus \
    -d "{\"programme_id\": \"$PROGRAMME\", \"as_of\": \"$LAST_DAY\", \"language\": \"REPORT_LANGUAGE_$1\"}" >"$answer"
  check "$answer" 'all(.status.parts[]; .state == "PART_STATE_AVAILABLE")' "no part to be missing"
  check "$answer" '.status.places.taken == 120 and .status.attendance.rate > 0.8' "120 leaders, most of whom came"
  check "$answer" '.markdown | length > 1000' "a report"
  say "$(jq -r '.markdown | split("\n") | length' "$answer") lines, from data"
}

# The whole main job, in order. Needs running services with empty databases.
run_main_job() {
  step "Import the organisation" import_organisation
  step "Count the leaders" count_leaders
  step "Publish the leadership profile" publish_framework
  step "Publish the instrument" publish_instrument
  step "Observe before" observe before
  step "Observe after" observe after
  step "Look at the figures" look_at_figures
  step "Import the goals" import_goals
  step "Refresh goals from observations" refresh_indicators
  step "Look at progress" look_at_progress
  step "Create the education" create_programme
  step "Enrol teams" enrol_teams
  step "Schedule other sessions" schedule_sessions
  step "Plan the seminar days" plan_timetable
  step "Record attendance" record_attendance
  step "Record learning conversations" record_conversations
  step "Brief a learning conversation" get_brief
  step "Report the status, in Danish" get_status DANISH
  step "Report the status, in English" get_status ENGLISH
}

# Commands for a newcomer, each on a line of its own under a line that says what it shows.
commands_to_try() {
  local grpcurl=grpcurl
  command -v grpcurl >/dev/null || grpcurl=$GRPCURL
  cat <<COMMANDS
  # What a service can do, with what everything means
  $grpcurl -plaintext ${address[goals]} describe klynge.goals.v1.GoalsService
  # A leadership team as it was on a day: this one had no leader just then
  $grpcurl -plaintext -d '{"cluster_id": "kl-vvk-03", "as_of": "2022-08-15"}' ${address[organisation]} $(method organisation GetLeadershipTeam)
  # Who takes care of what in a cluster, and what is wrong with it: the rows with something to do
  $grpcurl -plaintext -d '{"unit_id": "kl-vvk-01", "as_of": "2022-09-01", "findings_only": true}' ${address[organisation]} $(method organisation GetResponsibilityMatrix)
  # How the goals of an area stand, and which core areas of leadership they leave out
  $grpcurl -plaintext -d '{"unit_id": "omr-vvk", "as_of": "$LAST_DAY"}' ${address[goals]} $(method goals GetProgress)
  # What changed from before the education to after it, cluster by cluster
  $grpcurl -plaintext -d '{"before_round_id": "r-2021-efteraar", "after_round_id": "r-2023-efteraar", "level": "AGGREGATE_LEVEL_CLUSTER", "item_ids": ["sr-2"]}' ${address[observations]} $(method observations CompareRounds)
  # What each seminar day costs in wishes, and why one of them does
  $grpcurl -plaintext -d '{"programme_id": "$PROGRAMME", "session_id": "seminardag-6-hold-1"}' ${address[courses]} $(method courses ExplainTimetable)
  # What a learning conversation with one team needs on the table, in English
  $grpcurl -plaintext -d '{"cluster_id": "kl-vvk-01", "as_of": "$LAST_DAY", "language": "REPORT_LANGUAGE_ENGLISH"}' ${address[courses]} $(method courses GetLearningConversationBrief) | jq -r .markdown
COMMANDS
}
