#!/usr/bin/env bash
# A second education beside the sample city's: its timetable keeps the rules that operators set, and is mended with as
# few changes as can be when a venue is closed and a lecturer falls ill.
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

programme=proeveforloeb

# resource ID FILTER: the row of the sample for a venue or lecturer, changed by the jq filter.
resource() { jq -c --arg id "$1" "select((.venue // .lecturer) | .venue_id == \$id or .lecturer_id == \$id) | $2" "$SAMPLE/resources.jsonl"; }

# plan FILE RULES: plans, and leaves the planned timetable in the file.
plan() {
  call courses PlanTimetable -d "{\"programme_id\": \"$programme\", \"seed\": 1, \"time_limit\": \"20s\", \"rules\": $2}" |
    jq -s 'map(.planned // empty) | last' >"$1"
}

# sessions FILE: one line each, by id.
sessions() { jq -c '[.timetable.sessions[] | select(.seminarDayId)] | sort_by(.sessionId)[]' "$1"; }

begin() {
  local cluster
  jq --arg id "$programme" 'del(.request_id) | .programme.programme_id = $id
    | (.programme.activities[] | select(.seminar_days) | .seminar_days[0]) += {days: 2, required_features: ["grupperum"]}' \
    "$SAMPLE/programme.json" | call courses CreateProgramme -d @ >"$answers/created.json"
  for cluster in kl-vvk-01 kl-vvk-02 kl-ioe-01 kl-ioe-02; do
    call courses EnrolTeam -d "{\"programme_id\": \"$programme\", \"cluster_id\": \"$cluster\", \"as_of\": \"2021-09-01\"}" >"$answers/enrolled.json"
  done
  resource sal-oesterbro '.venue.features = ["grupperum"]' | call courses ImportResources -d @ >"$answers/imported.json"
  check "$answers/imported.json" '(.updated | n) == 1' "a venue with a feature"
}

keeps_the_rules() {
  plan "$answers/planned.json" '{"max_team_days_per_month": 2, "weights": [{"wish": "travel", "weight": 0}],
    "unavailable_teams": [{"cluster_id": "kl-vvk-01", "days": [{"first_day": "2021-09-01", "last_day": "2022-02-28"}]}]}'
  call courses GetTimetable -d "{\"programme_id\": \"$programme\"}" >"$answers/published.json"
  check "$answers/published.json" '[.timetable.sessions[] | select(.seminarDayId) | .clusterIds[]] | length == 24' "4 teams on 6 seminar days"
  check "$answers/published.json" '[.timetable.sessions[] | select(.clusterIds // [] | index("kl-vvk-01"))] | length == 6 and all(.date > "2022-02-28")' \
    "kl-vvk-01 to come only when it can"
  check "$answers/published.json" '[.timetable.sessions[] | select(.date != .lastDate)] | length > 0 and all(.venueId == "sal-oesterbro")' \
    "seminar days of two days, in the venue with group rooms"
  check "$answers/planned.json" '[.costs[] | select(.wish == "travel") | .cost | n] == [0]' "travel to weigh nothing"
}

# What sessions() says is otherwise in the second file, by id.
changed() { { diff <(sessions "$1") <(sessions "$2") || true; } | sed -n 's/^> //p' | jq -r .sessionId; }

changes_what_it_must() {
  local lost venue day
  lost=$(sessions "$answers/published.json" | jq -sc 'map(select(.date == .lastDate)) | .[0]')
  venue=$(jq -r .venueId <<<"$lost")
  day=$(jq -r .date <<<"$lost")
  call courses ListResources >"$answers/resources-now.json"
  jq -c --arg id "$venue" --arg day "$day" '.venues[] | select(.venueId == $id) | {venue: (.closed += [{firstDay: $day}])}' \
    "$answers/resources-now.json" | call courses ImportResources -d @ >"$answers/imported.json"
  check "$answers/imported.json" '(.updated | n) == 1' "a venue that is closed for a day"
  plan "$answers/mended.json" '{"keep_published": true, "max_changes": 2}'
  call courses GetTimetable -d "{\"programme_id\": \"$programme\"}" >"$answers/after.json"
  check "$answers/mended.json" '[.costs[] | select(.wish == "stay_published") | .count | n] | .[0] >= 1 and .[0] <= 2' "few changes"
  changed "$answers/published.json" "$answers/after.json" >"$answers/changed.txt"
  grep -qx "$(jq -r .sessionId <<<"$lost")" "$answers/changed.txt"
  # A team that changes sessions is one change, and two sessions.
  [ "$(wc -l <"$answers/changed.txt")" -le 4 ]
}

replaces_an_ill_lecturer() {
  local lecturer days
  lecturer=$(sessions "$answers/after.json" | jq -r '.lecturerIds[0]' | head -n 1)
  days=$(sessions "$answers/after.json" | jq -s --arg id "$lecturer" 'map(select(.lecturerIds[0] == $id)) | length')
  resource "$lecturer" '.lecturer.unavailable += [{first_day: "2021-09-01", last_day: "2023-12-31"}]' |
    call courses ImportResources -d @ >"$answers/imported.json"
  plan "$answers/replaced.json" '{"keep_published": true}'
  call courses GetTimetable -d "{\"programme_id\": \"$programme\"}" >"$answers/after-illness.json"
  check "$answers/after-illness.json" "[.timetable.sessions[].lecturerIds[0]] | index(\"$lecturer\") == null" "somebody else to teach"
  [ "$(changed "$answers/after.json" "$answers/after-illness.json" | wc -l)" -ge "$days" ]
  check "$answers/replaced.json" "[.costs[] | select(.wish == \"stay_published\") | .count | n] | .[0] >= $days and .[0] < 3 * $days" "few other changes"
}

start_loaded_city
it "begins another education" begin
it "plans by the rules that are set" keeps_the_rules
it "changes little when a venue is lost for a day" changes_what_it_must
it "replaces a lecturer who falls ill" replaces_an_ill_lecturer
it "lists the wishes when one is unknown" expect_error 3 INVALID_FIELDS "rules.weights[0].wish rules.max_changes" \
  courses PlanTimetable "{\"programme_id\": \"$programme\", \"rules\": {\"weights\": [{\"wish\": \"comfort\"}], \"max_changes\": 1}}"
