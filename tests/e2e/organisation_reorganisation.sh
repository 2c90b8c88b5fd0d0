#!/usr/bin/env bash
# Two clusters of the sample city become one, from the draft to what goals, observations and courses say of it.
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

# ask RPC REQUEST FILTER WHAT: one call, and what must hold of its answer.
ask() {
  call organisation "$1" -d "$2" >"$answers/asked.json"
  check "$answers/asked.json" "$3" "$4"
}

draft='{"reorganisation": {"reorganisation_id": "samling", "title": "Klynge VVK 1 og 2 samles", "effective_on": "2030-01-01",
  "steps": [{"merge_units": {"from_unit_ids": ["kl-vvk-01", "kl-vvk-02"],
                             "into": {"unit_id": "kl-vvk-12", "name": "Klynge VVK 12"}}}]}}'
leader='{"reassign": {"person_id": "p-klyngeleder-vvk-01", "role": "cluster_leader", "unit_id": "kl-vvk-12"}}'

drafts() { ask CreateReorganisation "$draft" '.reorganisation.state == "REORGANISATION_STATE_DRAFT"' "a draft"; }

previews() {
  ask PreviewReorganisation '{"reorganisation_id": "samling"}' '
    .committable and (.problems | not)
    and ([.units[] | select(.unitId == "kl-vvk-12") | .kinds[0]] == ["UNIT_DIFFERENCE_KIND_OPENED"])
    and ([.gaps[] | select(.kind == "REORGANISATION_GAP_KIND_TEAM_WITHOUT_LEADER") | .unitId] == ["kl-vvk-12"])
    and (.successions | length) == 2
    and ([.otherServices[].service] == ["goals", "observations", "courses"])
    and all(.otherServices[]; has("missingBecause") | not)
    and (.otherServices[0].totalSize | n) > 0' "the clusters, the gap, the other services"
}

is_not_seen_yet() {
  ask GetUnit '{"unit_id": "kl-vvk-01", "as_of": "2030-06-01"}' '.unit.name != null' "the old cluster"
}

mends_the_gap() {
  local steps
  steps=$(jq -c --argjson leader "$leader" '.reorganisation.steps += [$leader] | .update_mask = {paths: ["steps"]}' <<<"$draft")
  ask UpdateReorganisation "$steps" '(.reorganisation.steps | length) == 2' "another step"
  ask PreviewReorganisation '{"reorganisation_id": "samling", "skip_other_services": true}' \
    '.committable and (.otherServices | not)
     and ([.gaps[]? | .kind] | index("REORGANISATION_GAP_KIND_TEAM_WITHOUT_LEADER") == null)
     and ([.gaps[]? | select(.unitId == "kl-vvk-12") | .kind] | unique == ["REORGANISATION_GAP_KIND_TASK_WITHOUT_HOLDER"])' \
    "a leader, and which tasks nobody has yet"
}

refuses_what_was_not_previewed() {
  expect_error 10 STALE_ETAG "" organisation CommitReorganisation '{"reorganisation_id": "samling", "etag": "r1"}'
}

commits_once() {
  local etag
  etag=$(jq -r .reorganisation.etag "$answers/asked.json")
  call organisation CommitReorganisation -d "{\"reorganisation_id\": \"samling\", \"etag\": \"$etag\", \"request_id\": \"s\"}" \
    >"$answers/committed.json"
  check "$answers/committed.json" '.reorganisation.state == "REORGANISATION_STATE_COMMITTED"' "committed"
  ask CommitReorganisation "{\"reorganisation_id\": \"samling\", \"etag\": \"$etag\", \"request_id\": \"s\"}" \
    ".revision == $(jq .revision "$answers/committed.json")" "the first answer again"
}

is_seen_from_its_day() {
  ask GetLeadershipTeam '{"cluster_id": "kl-vvk-12", "as_of": "2030-01-01"}' \
    '.team.leader.personId == "p-klyngeleder-vvk-01" and (.team.members | length) > 1' "the new team"
  ask GetLeadershipTeam '{"cluster_id": "kl-vvk-01", "as_of": "2029-12-31"}' '.team.leader != null' "the old team before"
  expect_error 5 UNIT_NOT_FOUND "" organisation GetUnit '{"unit_id": "kl-vvk-01", "as_of": "2030-01-01"}'
  ask GetLineage '{"unit_id": "kl-vvk-02", "as_of": "2030-01-01"}' '.standsFor.unitId == "kl-vvk-12"' "what stands for it"
}

start_loaded_city
it "keeps a draft" drafts
it "previews it, with what the other services keep" previews
it "shows nothing of a draft" is_not_seen_yet
it "gives the new cluster the leader that the preview misses" mends_the_gap
it "refuses to commit what was not previewed" refuses_what_was_not_previewed
it "commits it once" commits_once
it "is seen from its day on" is_seen_from_its_day
