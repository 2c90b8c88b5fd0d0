#!/usr/bin/env bash
# What was known when, who changed what, and what watchers hear, asked with grpcurl on the sample city.
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

person=p-klyngeleder-vvk-01

# ask RPC REQUEST FILTER WHAT: one call, and what must hold of its answer.
ask() {
  call organisation "$1" -d "$2" >"$answers/asked.json"
  check "$answers/asked.json" "$3" "$4"
}

# watch REQUEST: what a watch tells within three seconds.
watch() { call organisation WatchOrganisation -max-time 3 -d "$1" 2>/dev/null || true; }

renames_a_person() {
  ask GetPerson "{\"person_id\": \"$person\"}" '.person.name | length > 0' "a name"
  old_name=$(jq -r .person.name "$answers/asked.json")
  before=$(date -u +%FT%T.%6NZ)
  call organisation ImportOrganisation \
    -d "{\"person\": {\"person_id\": \"$person\", \"name\": \"Klyngeleder, nyt navn\"}}" >"$answers/renamed.json"
  revision=$(jq -r .revision "$answers/renamed.json")
}
knows_what_was_known() {
  ask GetPerson "{\"person_id\": \"$person\", \"known_at\": \"$before\"}" ".person.name == \"$old_name\"" "the old name"
  ask GetPerson "{\"person_id\": \"$person\"}" '.person.name == "Klyngeleder, nyt navn"' "the new name"
  ask GetLeadershipTeam "{\"cluster_id\": \"kl-vvk-01\", \"as_of\": \"2022-01-01\", \"known_at\": \"$before\"}" \
    ".team.leader.name == \"$old_name\"" "the old name in the team of a day"
  ask ListUnits '{"known_at": "2020-01-01T00:00:00Z"}' '(.units // []) == []' "nothing before the first import"
  expect_error 3 INVALID_FIELDS known_at organisation GetPerson \
    "{\"person_id\": \"$person\", \"known_at\": \"2999-01-01T00:00:00Z\"}"
}
lists_who_changed_what() {
  ask ListChanges "{\"id\": \"$person\", \"newest_first\": true}" \
    ".changes[0].changedFields == [\"name\"] and .changes[0].before.person.name == \"$old_name\"
     and .changes[0].change.actor == \"local\" and (.changes[0].change.changeTime > \"$before\")" "the renaming, with the old name"
  ask ListChanges "{\"subtree_of\": \"kl-vvk-01\", \"first_revision\": $revision}" \
    "[.changes[].change.person.personId] == [\"$person\"]" "the renaming among what is below the cluster"
  ask ListChanges "{\"subtree_of\": \"kl-vvk-02\", \"first_revision\": $revision}" '(.changes // []) == []' "nothing elsewhere"
}
watches_a_part() {
  watch "{\"since_revision\": $((revision - 1)), \"subtree_of\": \"kl-vvk-01\"}" >"$answers/watched.json"
  grep -q "nyt navn" "$answers/watched.json"
  watch "{\"since_revision\": $((revision - 1)), \"subtree_of\": \"kl-vvk-02\"}" >"$answers/watched.json"
  (! grep -q "nyt navn" "$answers/watched.json")
  grep -q "\"revision\": \"$revision\"" "$answers/watched.json"
}
makes_up_for_days() {
  watch "{\"since_revision\": $revision, \"subtree_of\": \"kl-vvk-03\", \"sorts\": [\"assignment\"],
          \"effective_after\": \"2022-07-31\"}" >"$answers/watched.json"
  jq -s '[.[].effect // empty | .date + " " + .kind + " " + .thing.assignment.personId]' "$answers/watched.json" >"$answers/effects.json"
  check "$answers/effects.json" 'index("2022-08-01 EFFECT_KIND_ENDED p-klyngeleder-vvk-03") != null
    and index("2022-09-01 EFFECT_KIND_BEGAN p-klyngeleder-vvk-03-ny") != null and . == sort_by(.[0:10])' "the change of leader, day by day"
  jq -s '[.[].checkpoint // empty | .effectiveDate] | last' "$answers/watched.json" >"$answers/effective.json"
  check "$answers/effective.json" ". >= \"$(date -d yesterday +%F)\"" "the effects up to today"
}
knows_it_still() {
  knows_what_was_known
  watches_a_part
}

start_loaded_city
old_name="" before="" revision=0
renames_a_person
say "ok: renames a person"
it "knows what was known before" knows_what_was_known
it "lists who changed what" lists_who_changed_what
it "watches a part" watches_a_part
it "makes up for days that have passed" makes_up_for_days
stop_service organisation
start_service organisation
wait_until_serving organisation
it "knows it all after a restart" knows_it_still
