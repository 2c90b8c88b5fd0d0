#!/usr/bin/env bash
# What the services keep of a unit that is about to change: the examples in the comments of ListUnitUses, run as they
# stand there on the sample city, and what they show; and that organisation knows where to ask.
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

# example SERVICE: the command in the comment of ListUnitUses, with the address of this server.
example() {
  sed -nE '/^ *rpc ListUnitUses/q; s/^ *\/\/ ?//p' "$root/protos/klynge/$1/v1/${1}_service.proto" |
    awk '/grpcurl/ { found = ""; on = 1 } on { found = found $0 " "; if (/ListUnitUses *$/) on = 0 } END { print found }' |
    sed -E "s/\\\\ / /g; s/127\.0\.0\.1:5005[0-9]/${address[$1]}/; s/^ *grpcurl/\"\$GRPCURL\"/"
}
lists_by_example() { # SERVICE FILTER WHAT
  eval "$(example "$1")" >"$answers/uses-$1.json"
  check "$answers/uses-$1.json" "$2" "$3"
}
goals_follow_figures() {
  lists_by_example goals '(.totalSize | n) == (.uses | length) and all(.uses[]; .unitId == "kl-vvk-01" and .validFrom != null)
    and ([.uses[].sort] | unique) == ["goal", "indicator"] and any(.uses[]; .sort == "goal" and .state == "agreed" and .title != "")' \
    "goals of the cluster, and indicators that follow its figures"
}
closed_rounds_are_left_out() {
  lists_by_example observations '(.totalSize | n) == 0 and (.revision | n) > 0' "no round: both are closed"
}
an_open_round_is_listed() {
  jq '{round: (. | .round_id = "r-ny" | .opens_on = "2023-09-01" | .closes_on = "2023-10-31")}' \
    <(jq '.round // .' "$SAMPLE/round-after.json") | call observations CreateRound -d @ >"$answers/opened.json"
  call observations ListUnitUses \
    -d "{\"unit_ids\": [\"kl-vvk-01\", \"e-vvk-01-01\", \"no-such-unit\"], \"from\": \"2023-08-01\",
         \"min_revision\": $(jq .revision "$answers/opened.json")}" >"$answers/uses-open.json"
  check "$answers/uses-open.json" '[.uses[] | .unitId + " " + .sort + " " + .id] ==
    ["e-vvk-01-01 round r-ny", "kl-vvk-01 round r-ny"]' "the round for both units"
}
enrolment_and_sessions() {
  lists_by_example courses '[.uses[] | select(.sort == "enrolment") | .state] == ["active"]
    and any(.uses[]; .sort == "session") and all(.uses[]; .validTo > "2022-08-01") and (tostring | contains("p-") | not)' \
    "the enrolment and sessions of the team, and no person"
}
pages_add_up() {
  local token="" ids="" pages=0
  while :; do
    call courses ListUnitUses -d "{\"unit_ids\": [\"kl-vvk-01\"], \"from\": \"2021-09-01\", \"page_size\": 2, \"page_token\": \"$token\"}" \
      >"$answers/page.json"
    ids+=$(jq -r '.uses[] | .sort + "/" + .id' "$answers/page.json")$'\n'
    pages=$((pages + 1))
    token=$(jq -r '.nextPageToken // ""' "$answers/page.json")
    [ -n "$token" ] || break
  done
  [ "$pages" -gt 1 ]
  [ "$(grep -c . <<<"$ids")" = "$(jq .totalSize "$answers/page.json")" ]
  [ -z "$(grep . <<<"$ids" | sort | uniq -d)" ]
}
refuses_what_is_no_question() {
  local service
  for service in goals observations courses; do
    expect_error 3 INVALID_FIELDS "from unit_ids[1]" "$service" ListUnitUses '{"unit_ids": ["kl-vvk-01", "Æ"], "from": "snart"}'
  done
}
organisation_knows_where_to_ask() {
  local tries
  for tries in {1..50}; do
    "$GRPCURL" -plaintext "${address[organisation]}" klynge.operations.v1.OperationsService/GetStatus >"$answers/status.json"
    ! jq -e '.state == "SERVING_STATE_READY"' "$answers/status.json" >/dev/null || break
    sleep 0.2
  done
  check "$answers/status.json" '.state == "SERVING_STATE_READY" and
    ([.dependencies[].name] | contains(["goals", "observations", "courses"]))' "organisation to reach the three"
}

start_loaded_city
it "lists goals and the indicators that follow figures" goals_follow_figures
it "leaves out rounds that are closed" closed_rounds_are_left_out
it "lists a round that is open" an_open_round_is_listed
it "lists the enrolment and the sessions of a team" enrolment_and_sessions
it "gives every use once, page by page" pages_add_up
it "names every field that is wrong" refuses_what_is_no_question
it "lets organisation reach those it asks" organisation_knows_where_to_ask
