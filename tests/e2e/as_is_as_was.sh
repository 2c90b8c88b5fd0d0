#!/usr/bin/env bash
# Figures as was and as is on the sample city, in which e-vvk-02-08 moves from kl-vvk-02 to kl-vvk-05 between the two
# rounds: nothing is lost or counted twice, like is compared with like, and what is withheld says why. The examples in
# services/goals/README.md, as they stand there. Then two clusters are merged from 2030 on.
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

before_move=2022-07-31
after_move=2022-08-01

# goals_of UNIT TREE_AS_OF: how many goals of the last day are counted in its subtree.
goals_of() {
  call goals GetProgress -d "{\"unit_id\": \"$1\", \"as_of\": \"$LAST_DAY\", \"tree_as_of\": \"$2\"}" |
    jq '.total.states | add'
}
counts_every_goal_once() {
  local day whole
  whole=$(goals_of buf "$LAST_DAY")
  [ "$whole" -gt 50 ]
  for day in 2021-10-01 "$before_move" "$after_move" 2030-01-01; do
    [ "$(goals_of buf "$day")" = "$whole" ]
    [ "$(($(goals_of kl-vvk-02 "$day") + $(goals_of kl-vvk-05 "$day")))" = \
      "$(($(goals_of kl-vvk-02 "$before_move") + $(goals_of kl-vvk-05 "$before_move")))" ]
  done
}
lists_the_goals_it_counts() {
  local day listed
  for day in "$before_move" "$after_move"; do
    listed=$(call goals ListGoals -d "{\"unit_id\": \"kl-vvk-05\", \"include_subtree\": true, \"page_size\": 1000,
      \"as_of\": \"$LAST_DAY\", \"tree_as_of\": \"$day\"}" | jq '.goals | length')
    [ "$listed" = "$(goals_of kl-vvk-05 "$day")" ]
  done
}

# figures UNIT TREE_AS_OF FILE: of the round before the move.
figures() {
  call observations QueryAggregates -d "{\"round_ids\": [\"r-2021-efteraar\"], \"unit_ids\": [\"$1\"], \"tree_as_of\": \"$2\"}" |
    jq -S '[.aggregates[].figure]' >"$3"
}
keeps_the_whole() {
  figures omr-vvk "$before_move" "$answers/whole-was.json"
  figures omr-vvk "$after_move" "$answers/whole-is.json"
  check "$answers/whole-was.json" 'length > 10 and all(.[]; (.n | n) > 100)' "figures of the area"
  same "$answers/whole-was.json" "$answers/whole-is.json"
}
moves_what_was_observed() {
  local unit
  for unit in kl-vvk-02 kl-vvk-05; do
    figures "$unit" "$before_move" "$answers/$unit-was.json"
    figures "$unit" "$after_move" "$answers/$unit-is.json"
    call observations QueryAggregates -d "{\"round_ids\": [\"r-2021-efteraar\"], \"unit_ids\": [\"$unit\"]}" |
      jq -S '[.aggregates[].figure]' >"$answers/$unit-own.json"
    same "$answers/$unit-own.json" "$answers/$unit-was.json"
  done
  jq -n --slurpfile was2 "$answers/kl-vvk-02-was.json" --slurpfile was5 "$answers/kl-vvk-05-was.json" \
    --slurpfile is2 "$answers/kl-vvk-02-is.json" --slurpfile is5 "$answers/kl-vvk-05-is.json" \
    '[range($was2[0] | length)] | map({was: [$was2[0][.], $was5[0][.]], is: [$is2[0][.], $is5[0][.]]})' >"$answers/moved.json"
  check "$answers/moved.json" 'def shown: all(.[]; .suppression == "SUPPRESSION_NONE");
    def ratings: map(.n | n) | add;
    all(.[]; if (.was | shown) and (.is | shown) then (.was | ratings) == (.is | ratings) and .is[0].n != .was[0].n else true end)
    and all(.[].is[]; .suppression == "SUPPRESSION_NONE" or
      ((.suppression == "SUPPRESSION_OTHER_TREE" or .suppression == "SUPPRESSION_SMALL_GROUP") and .n == null))' \
    "the ratings to go with the institution, or to be withheld with the reason"
}
compares_like_with_like() {
  local request='"before_round_id": "r-2021-efteraar", "after_round_id": "r-2023-efteraar", "unit_ids": ["kl-vvk-05", "kl-vvk-01"]'
  call observations CompareRounds -d "{$request}" >"$answers/compared-was.json"
  check "$answers/compared-was.json" 'all(.comparisons[]; (.sameUnits // false) == (.unitId == "kl-vvk-01"))' \
    "only the cluster that has kept its institutions to be compared with the same"
  call observations CompareRounds -d "{$request, \"tree_as_of\": \"$LAST_DAY\"}" >"$answers/compared-is.json"
  check "$answers/compared-is.json" 'all(.comparisons[]; .sameUnits) and (.organisationRevision | n) > 0' "like and like"
}
refuses_what_was_not_there() {
  expect_error 5 UNIT_NOT_FOUND "unit_ids[0]" observations QueryAggregates \
    '{"round_ids": ["r-2021-efteraar"], "unit_ids": ["kl-vvk-05"], "tree_as_of": "1990-01-01"}'
  expect_error 5 UNIT_NOT_FOUND "" goals GetProgress '{"unit_id": "kl-vvk-05", "tree_as_of": "1990-01-01"}'
  expect_error 3 INVALID_FIELDS "tree_as_of" goals ListGoals '{"tree_as_of": "nu"}'
  expect_error 3 INVALID_FIELDS "tree_as_of" observations ListRounds '{"tree_as_of": "nu"}'
}

runs_the_examples() {
  local command count=0
  while IFS= read -r -d '' command; do
    count=$((count + 1))
    eval "$command" </dev/null >"$answers/example.json"
    check "$answers/example.json" '.total.unitId == "kl-vvk-05"' "an answer"
  done < <(awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on && !/^#/' "$root/services/goals/README.md" |
    sed -E "s/127\.0\.0\.1:50052/${address[goals]}/; s|^grpcurl|\"\$GRPCURL\"|" |
    awk '{ command = command $0 "\n" } !/\\$/ { printf "%s%c", command, 0; command = "" }')
  [ "$count" = 2 ]
}

merges_two_clusters() {
  call organisation CreateReorganisation -d '{"reorganisation": {"reorganisation_id": "samling",
    "title": "Klynge VVK 1 og 2 samles", "effective_on": "2030-01-01", "steps": [{"merge_units": {
      "from_unit_ids": ["kl-vvk-01", "kl-vvk-02"], "into": {"unit_id": "kl-vvk-12", "name": "Klynge VVK 12"}}}]}}' \
    >"$answers/draft.json"
  call organisation CommitReorganisation -d '{"reorganisation_id": "samling", "request_id": "samling"}' >"$answers/committed.json"
  # From here on the others must know of it.
  call goals GetProgress -d "{\"unit_id\": \"kl-vvk-12\", \"tree_as_of\": \"2030-01-01\",
    \"min_organisation_revision\": $(jq .revision "$answers/committed.json")}" >"$answers/merged.json"
  check "$answers/merged.json" '.total.unitKind == "cluster" and .treeAsOf == "2030-01-01"' "the new cluster"
}
counts_goals_of_both() {
  [ "$(goals_of kl-vvk-12 2030-01-01)" = "$(($(goals_of kl-vvk-01 "$LAST_DAY") + $(goals_of kl-vvk-02 "$LAST_DAY")))" ]
  [ "$(goals_of buf 2030-01-01)" = "$(goals_of buf "$LAST_DAY")" ]
  expect_error 5 UNIT_NOT_FOUND "" goals GetProgress '{"unit_id": "kl-vvk-01", "tree_as_of": "2030-01-01"}'
}
adds_what_was_observed() {
  figures kl-vvk-01 "$LAST_DAY" "$answers/one.json"
  figures kl-vvk-02 "$LAST_DAY" "$answers/two.json"
  figures kl-vvk-12 2030-01-01 "$answers/both.json"
  jq -n --slurpfile one "$answers/one.json" --slurpfile two "$answers/two.json" --slurpfile both "$answers/both.json" \
    '[range($one[0] | length)] | map({one: $one[0][.], two: $two[0][.], both: $both[0][.]})' >"$answers/added.json"
  check "$answers/added.json" 'def shown: .suppression == "SUPPRESSION_NONE";
    any(.[]; .both | shown) and
    all(.[]; if (.one | shown) and (.two | shown) then (.both | shown) and (.both.n | n) == (.one.n | n) + (.two.n | n) else true end)' \
    "the sum of both clusters"
}
compares_before_and_after_the_merge() {
  call observations CompareRounds -d '{"before_round_id": "r-2021-efteraar", "after_round_id": "r-2023-efteraar",
    "unit_ids": ["kl-vvk-12"], "tree_as_of": "2030-01-01"}' >"$answers/compared-merged.json"
  check "$answers/compared-merged.json" 'all(.comparisons[]; .sameUnits) and any(.comparisons[]; .comparable)' "like and like"
  expect_error 5 UNIT_NOT_IN_ROUND "unit_ids[0]" observations CompareRounds \
    '{"before_round_id": "r-2021-efteraar", "after_round_id": "r-2023-efteraar", "unit_ids": ["kl-vvk-12"]}'
}

start_loaded_city
it "counts every goal once, over every tree" counts_every_goal_once
it "lists the goals that it counts" lists_the_goals_it_counts
it "keeps the whole as it was" keeps_the_whole
it "moves what was observed, or withholds it" moves_what_was_observed
it "compares like with like" compares_like_with_like
it "refuses what was not there" refuses_what_was_not_there
it "runs the examples of the README" runs_the_examples
it "merges two clusters" merges_two_clusters
it "counts the goals of both in the new cluster" counts_goals_of_both
it "adds what was observed in both" adds_what_was_observed
it "compares rounds of before over the new cluster" compares_before_and_after_the_merge
