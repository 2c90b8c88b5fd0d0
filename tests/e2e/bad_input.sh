#!/usr/bin/env bash
# Bad input as an operator sees it: the right code, a reason, every bad field, and nothing half-written.
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

INVALID_ARGUMENT=3 NOT_FOUND=5 ALREADY_EXISTS=6 FAILED_PRECONDITION=9

# import_row CONTENT: one row of an organisation import; the answer is in $answers/row.json.
import_row() { call organisation ImportOrganisation -d "$1" >"$answers/row.json"; }

rejects_row() { # REASON CONTENT
  import_row "$2"
  check "$answers/row.json" ".outcomes[0].outcome == \"OUTCOME_REJECTED\" and .outcomes[0].reason == \"$1\"" "the row to be rejected for $1"
}

a_wrong_row_does_not_stop_the_others() {
  printf '%s\n' '{"unit": {"unit_id": "e-ny-01", "kind": "nursery", "name": "Ny", "parent_id": "kl-vvk-01", "valid_from": "2024-01-01"}}' \
    '{"unit": {"unit_id": "e-ny-02", "kind": "castle", "name": "Nyere", "parent_id": "kl-vvk-01", "valid_from": "2024-01-01"}}' |
    call organisation ImportOrganisation -d @ >"$answers/mixed.json"
  check "$answers/mixed.json" '.applied and (.createdCount | n) == 1 and (.rejectedCount | n) == 1' "one row in, one out"
  call organisation GetUnit -d '{"unit_id": "e-ny-01", "as_of": "2024-02-01"}' >"$answers/unit.json"
  check "$answers/unit.json" '.unit.name == "Ny"' "the right row to be stored"
}

an_atomic_import_keeps_nothing() {
  printf '%s\n' '{"options": {"atomic": true}}' \
    '{"unit": {"unit_id": "e-ny-03", "kind": "nursery", "name": "Ny", "parent_id": "kl-vvk-01", "valid_from": "2024-01-01"}}' \
    '{"unit": {"unit_id": "e-ny-04", "kind": "castle", "name": "Nyere", "parent_id": "kl-vvk-01", "valid_from": "2024-01-01"}}' |
    call organisation ImportOrganisation -d @ >"$answers/atomic.json"
  check "$answers/atomic.json" '(.applied | not) and (.rejectedCount | n) == 1' "nothing to be applied"
  expect_error $NOT_FOUND UNIT_NOT_FOUND "" organisation GetUnit '{"unit_id": "e-ny-03", "as_of": "2024-02-01"}'
}

rejects_record() { # REASON OBSERVATION
  call observations RecordObservations -d "{\"observation\": $2}" >"$answers/record.json"
  check "$answers/record.json" ".rejected == \"1\" and .outcomes[0].reason == \"$1\"" "the record to be rejected for $1"
}

# Options that come late would silently be without effect.
takes_no_late_option() { # SERVICE RPC FIELD ROWS
  expect_error $INVALID_ARGUMENT INVALID_STREAM "$3" "$1" "$2" "$4"
}

# One bad row of a stream; the NUL is what PostgreSQL cannot hold.
rejects_text() { # SERVICE RPC FIELD ROW
  call "$1" "$2" -d "$4" >"$answers/text.json"
  check "$answers/text.json" ".outcomes[0].outcome == \"OUTCOME_REJECTED\" and .outcomes[0].problems[0].field == \"$3\"" "the row to be rejected for $3"
}

tells_huge_input_in_short() {
  local huge
  huge=$(printf '%0200000d' 0)
  expect_error $INVALID_ARGUMENT INVALID_FIELDS as_of organisation GetUnit "{\"unit_id\": \"buf\", \"as_of\": \"$huge\"}"
  [ "$(wc -c <"$answers/error.json")" -lt 3000 ]
}

# A note must appear in no log, whatever becomes of the call.
logs_no_notes() {
  local goal='{"goal_id": "maal-uden-kriterium", "dissent": {"role": "cluster_leader", "note": "Hemmelig uenighed"}}'
  call goals RecordDissent -d "$goal" >"$answers/dissent.json"
  expect_error $NOT_FOUND GOAL_NOT_FOUND "" goals RecordDissent "${goal/maal-uden-kriterium/maal-nowhere}"
  ! grep -q Hemmelig "$run_directory"/*.log
}

# The example of the manual: grpcurl wants a mask as an object.
changes_only_what_the_mask_names() {
  call goals UpdateGoal -d '{"goal": {"goal_id": "maal-uden-kriterium", "title": "Ny titel", "description": "Ikke nævnt"},
    "update_mask": {"paths": ["title"]}}' >"$answers/changed.json"
  check "$answers/changed.json" '.goal.title == "Ny titel" and .goal.description == null' "the title alone to change"
}

# An open round over one cluster, to record into.
open_a_round() {
  call observations CreateRound -d '{"round": {"round_id": "r-aaben", "label": {"da": "Åben"},
    "instrument_id": "kk-observation", "opens_on": "2024-03-01", "closes_on": "2024-03-31", "root_unit_ids": ["kl-vvk-01"],
    "purpose": "ROUND_PURPOSE_ROUTINE"}}' >"$answers/round.json"
}
record() { # UNIT DAY RATINGS
  echo "{\"observation_id\": \"o-ny\", \"round_id\": \"r-aaben\", \"unit_id\": \"$1\", \"observed_on\": \"$2\",
    \"observer_role\": \"pedagogical_leader\", \"perspective\": \"child\", \"ratings\": $3}"
}

draft_goal() {
  call goals CreateGoal -d '{"goal": {"goal_id": "maal-uden-kriterium", "unit_id": "kl-vvk-01", "title": "Noget bedre",
    "framework_id": "kk-2021", "core_area_codes": ["clear_goals"]}}' >"$answers/draft.json"
}

small_programme() {
  jq '.request_id = "" | .programme.programme_id = "lille" | .programme.capacity_leaders = 10' "$SAMPLE/programme.json" |
    call courses CreateProgramme -d @ >"$answers/small.json"
  call courses EnrolTeam -d '{"programme_id": "lille", "cluster_id": "kl-vvk-01", "as_of": "2021-09-01"}' >"$answers/enrolled.json"
}

start_loaded_city

it "does not know an unknown unit" expect_error $NOT_FOUND UNIT_NOT_FOUND "" organisation GetUnit '{"unit_id": "e-nowhere"}'
it "lists every bad field of a read" expect_error $INVALID_ARGUMENT INVALID_FIELDS "as_of unit_id" organisation GetUnit '{"as_of": "1. maj"}'
it "has a leadership team only where there is one" expect_error $FAILED_PRECONDITION UNIT_HAS_NO_TEAM "" \
  organisation GetLeadershipTeam '{"cluster_id": "omr-vvk"}'
it "rejects a unit below itself" rejects_row TREE_CYCLE \
  '{"unit": {"unit_id": "kl-vvk-01", "kind": "cluster", "name": "Klynge VVK 1", "parent_id": "kl-vvk-01", "valid_from": "2024-01-01"}}'
it "rejects a unit below an institution" rejects_row PARENT_KIND_NOT_ALLOWED \
  '{"unit": {"unit_id": "e-ny", "kind": "nursery", "name": "Ny", "parent_id": "e-vvk-01-01", "valid_from": "2024-01-01"}}'
it "rejects reversed dates" rejects_row DATES_REVERSED \
  '{"unit": {"unit_id": "e-ny", "kind": "nursery", "name": "Ny", "parent_id": "kl-vvk-01", "valid_from": "2024-01-01", "valid_to": "2023-01-01"}}'
it "rejects a second cluster leader" rejects_row EXCLUSIVE_ROLE_OVERLAP \
  '{"assignment": {"assignment_id": "a-ny", "person_id": "p-klyngeleder-vvk-02", "role": "cluster_leader", "unit_id": "kl-vvk-01", "valid_from": "2022-01-01"}}'
it "rejects an assignment of an unknown person" rejects_row PERSON_NOT_FOUND \
  '{"assignment": {"assignment_id": "a-ny", "person_id": "p-nobody", "role": "pedagogical_leader", "unit_id": "e-vvk-01-01", "valid_from": "2022-01-01"}}'
it "keeps the right rows of an import with a wrong one" a_wrong_row_does_not_stop_the_others
it "keeps nothing of an atomic import with a wrong row" an_atomic_import_keeps_nothing

it "takes no observation in a closed round" rejects_record ROUND_CLOSED '{"observation_id": "o-sent", "round_id": "r-2023-efteraar",
  "unit_id": "e-vvk-01-01", "observed_on": "2023-10-02", "observer_role": "pedagogical_leader", "perspective": "child",
  "ratings": [{"item_id": "sr-1", "value": 2}]}'
it "opens a round" open_a_round
it "takes no rating out of scale" rejects_record RATING_OUT_OF_SCALE "$(record e-vvk-01-01 2024-03-04 '[{"item_id": "sr-1", "value": 4}]')"
it "takes no rating of an unknown item" rejects_record UNKNOWN_ITEM "$(record e-vvk-01-01 2024-03-04 '[{"item_id": "xx", "value": 1}]')"
it "takes no observation on a day outside the round" rejects_record DATE_OUTSIDE_ROUND "$(record e-vvk-01-01 2024-04-04 '[{"item_id": "sr-1", "value": 1}]')"
it "takes no observation of a unit outside the round" rejects_record UNIT_NOT_IN_ROUND "$(record e-vvk-02-01 2024-03-04 '[{"item_id": "sr-1", "value": 1}]')"

it "enters a goal without a criterion as a draft" draft_goal
it "agrees no goal without a criterion" expect_error $FAILED_PRECONDITION CRITERION_NOT_MEASURABLE criteria \
  goals AgreeGoal '{"goal_id": "maal-uden-kriterium", "agreement": {"role": "cluster_leader"}}'
it "enters no goal of an unknown unit" expect_error $NOT_FOUND UNIT_NOT_FOUND "" goals CreateGoal \
  '{"goal": {"goal_id": "maal-ny", "unit_id": "kl-nowhere", "title": "X", "framework_id": "kk-2021", "core_area_codes": ["clear_goals"]}}'
it "lists every bad field of a goal" expect_error $INVALID_ARGUMENT INVALID_FIELDS "goal.core_area_codes goal.goal_id goal.title" goals CreateGoal \
  '{"goal": {"goal_id": "Mål 1", "unit_id": "kl-vvk-01", "framework_id": "kk-2021"}}'

it "enrols no team twice" expect_error $ALREADY_EXISTS ALREADY_ENROLLED "" courses EnrolTeam \
  "{\"programme_id\": \"$PROGRAMME\", \"cluster_id\": \"kl-vvk-01\", \"as_of\": \"2021-09-01\"}"
it "enrols no team from outside the areas" expect_error $FAILED_PRECONDITION OUTSIDE_AREAS "" courses EnrolTeam \
  "{\"programme_id\": \"$PROGRAMME\", \"cluster_id\": \"kl-ama-01\", \"as_of\": \"2021-09-01\"}"
it "opens an education with ten places and enrols seven leaders" small_programme
it "enrols no team that does not fit whole" expect_error $FAILED_PRECONDITION CAPACITY_EXCEEDED "" courses EnrolTeam \
  '{"programme_id": "lille", "cluster_id": "kl-vvk-02", "as_of": "2021-09-01"}'

it "takes no text that PostgreSQL cannot hold" expect_error $INVALID_ARGUMENT INVALID_FIELDS goal.description goals CreateGoal \
  '{"goal": {"goal_id": "maal-ny", "unit_id": "buf", "title": "X", "description": "a\u0000b", "framework_id": "kk-2021", "core_area_codes": ["clear_goals"]}}'
it "takes no text that acts on a terminal" expect_error $INVALID_ARGUMENT INVALID_FIELDS round.label.da observations CreateRound \
  '{"round": {"label": {"da": "\u001b[2J"}}}'
it "rejects the row of an import of goals with such a text" rejects_text goals ImportGoals goal.description \
  '{"rows": [{"goal": {"goal_id": "maal-ny", "unit_id": "buf", "title": "X", "description": "a\u0000b", "framework_id": "kk-2021", "core_area_codes": ["clear_goals"]}}]}'
it "rejects the row of an import of resources with such a text" rejects_text courses ImportResources venue.name.da \
  '{"venue": {"venue_id": "sal-ny", "name": {"da": "a\u0000"}, "seats": 10}}'
it "takes no options of an import of goals after the first message" takes_no_late_option goals ImportGoals options \
  '{"rows": []} {"options": {"validate_only": true}}'
it "takes no validate_only of resources after the first row" takes_no_late_option courses ImportResources validate_only \
  '{"venue": {"venue_id": "sal-ny", "name": {"da": "Sal"}, "seats": 10}} {"validate_only": true}'
it "tells what is wrong with huge input in short" tells_huge_input_in_short
it "asks for the goal that is not named" expect_error $INVALID_ARGUMENT INVALID_FIELDS goal_id goals GetGoal '{}'
it "asks for the programme that is not named" expect_error $INVALID_ARGUMENT INVALID_FIELDS programme_id courses GetTimetable '{}'
it "asks for the round that is not named" expect_error $INVALID_ARGUMENT INVALID_FIELDS round_id observations GetRound '{}'
it "takes no page of a negative size" expect_error $INVALID_ARGUMENT INVALID_FIELDS "min_revision page_size" goals ListGoals \
  '{"page_size": -1, "min_revision": -1}'
it "changes only what the mask names" changes_only_what_the_mask_names
it "logs no notes" logs_no_notes
