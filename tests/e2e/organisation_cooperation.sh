#!/usr/bin/env bash
# The grpcurl examples of units, bodies, partners, competences and responsibilities in services/organisation/README.md
# answer what it says.
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

readme="$root/services/organisation/README.md"

# Those commands of the README, each on one line: those in ```sh fences, with blank lines between them.
examples() {
  awk '
    /^## / { ours = /Units|Bodies|Partners|Competences|Responsibilities/ }
    !ours { next }
    /^```sh$/ { on = 1; next }
    on && /^(```)?$/ { if (command != "") print command; command = ""; if ($0 != "") on = 0; next }
    on && !/^#/ { sub(/\\$/, ""); command = command " " $0 }' "$readme"
}

# expected RPC EXAMPLE: what the answer must be true of. An example of an RPC that is not here fails.
expected() {
  case $1 in
    FindByCode) echo '.holders[0].unit.unitId == "e-vvk-01-02" and .holders[0].code.register == "p_number"' ;;
    GetUnit) echo '([.ancestors[].unitId] == ["net-vvk-01", "buf"]) and .openedOn == "2019-01-01" and (.codes | length) == 2
      and (.unit.address.postalCode | length) == 4 and .unit.capacity.children >= 30' ;;
    ListUnits) echo '(.units | length) == 9 and all(.units[]; .kind == "cluster")' ;;
    ListPlacements) echo '[.placements[].unitId] == ["net-vvk-01"]' ;;
    ListCodes) echo '(.codes | length) == 1 and (.codes[0].code | startswith("K99"))' ;;
    ListHierarchies) echo '[.hierarchies[].hierarchy] == ["line", "med"]' ;;
    ListCodeRegisters) echo '(.registers | length) == 5 and all(.registers[]; .expects.da != null and .pattern != null)' ;;
    GetBody) echo '.body.kind == "med_committee" and .superior.bodyId == "b-med-omr-vvk" and (.members | length) == 6
      and ([.gaps[] | select(.role == "safety_representative")] | length == 1 and .[0].validTo == "2022-10-01")' ;;
    ListBodies)
      if [[ $2 == *below_body_id* ]]; then
        echo '[.bodies[].bodyId] == ["b-med-net-vvk-01", "b-med-omr-vvk"]'
      else
        echo '[.bodies[].bodyId] == ["b-fb-kl-vvk-01", "b-med-kl-vvk-01", "b-med-net-vvk-01", "b-med-omr-vvk"]'
      fi
      ;;
    ListBodyMemberships) echo '[.members[].membership.role] | sort == ["chair", "member", "secretary"]' ;;
    ListCompositionGaps) echo '[.gaps[].role] | index("safety_representative") != null' ;;
    ListBodyKinds) echo '(.bodyKinds | length) == 5 and all(.bodyKinds[]; .label.da != null and .label.en != null)' ;;
    ImportOrganisation)
      if [[ $2 == *'"unit"'* ]]; then
        echo '.outcomes[0].reason == "UNIT_IN_USE" and (.outcomes[0].problems | length) == 1
          and (.outcomes[0].message | (contains("units under it") and contains("end 1 assignment")
            and contains("dissolve 2 bodies") and contains("partnership")))'
      else
        echo '.rejectedCount == "1" and .outcomes[0].reason == "COMPOSITION_BROKEN"'
      fi
      ;;
    ListPartnerships) echo '[.partnerships[].otherName] | index("Folkeskole VVK 1") != null' ;;
    ListHandovers) echo '(.totalSize | n) > 5 and all(.handovers[]; .giver.persons[0].role == "pedagogical_leader"
      and .receiver.persons[0].name == "Leder af indskolingen, Folkeskole VVK 1")' ;;
    ListTransitionGaps) echo '[.gaps[].transition] == ["day_care_to_school"]' ;;
    ListPartners) echo '[.partners[].partnerId] == ["skole-vvk-1", "skole-vvk-2"]' ;;
    ListPartnershipKinds) echo '(.transitions | length) == 4 and (.partnershipKinds | length) == 4' ;;
    FindCompetence) echo '[.holders[].personId] == ["p-paedagogisk-leder-vvk-01-1", "p-klyngeleder-vvk-02"]
      and ([.holders[].distance | n] | . == sort)' ;;
    GetTeamCompetences)
      case $2 in
        *needed_by_tasks*) echo '(.lacking | index("observation") != null) and (.lacking | index("finance") == null)
          and all(.competences[]; (.tasks | length) > 0)' ;;
        *) echo '.lacking == ["observation"] and (.competences[1].nearest | length) == 2
          and .competences[0].holders[0].confirmedLevel == 3' ;;
      esac ;;
    ListHeldCompetences) echo '[.heldCompetences[] | select(.competence == "data_use") | .level] == [3, 3]' ;;
    GetResponsibilityMatrix) echo '.matrix.gapCount == 2 and .matrix.doubleCount == 1 and .matrix.overloadedCount == 1
      and .matrix.primaryIsLargest and (.matrix.summary.da | contains("pos-kl-vvk-01 (110 %)"))
      and all(.matrix.rows[]; .advice.da != null and .advice.en != null)' ;;
    ProposeDistribution) echo '.quality.best and (.openTasks | length) == 0
      and ([.proposals[] | select(.responsibility.task == "language_effort") | .personId] == ["p-paedagogisk-leder-vvk-01-2"])
      and all(.loads[]; .percentAfter <= 100) and all(.proposals[]; (.considered | length) == 6)' ;;
    ListResponsibilities) echo '(.totalSize | n) == 10 and all(.responsibilities[]; .positionId == "pos-kl-vvk-01")' ;;
    ListTasks) echo '[.tasks[].task] == ["budget", "building_upkeep", "service_staff", "shared_administration"]
      and (.leadershipKinds | length) == 9 and .leadershipKinds[0].primary' ;;
    ListCompetences) echo '(.totalSize | n) == 20 and (.levels | length) == 4' ;;
    *) echo "false # no expectation for $1" ;;
  esac
}

works() {
  local example=$1 rpc
  rpc=$(sed -E 's|.*OrganisationService/([A-Za-z]+) *$|\1|' <<<"$example")
  example=${example//127.0.0.1:50051/${address[organisation]}}
  example=${example//grpcurl /\"$GRPCURL\" }
  eval "$example" >"$answers/example.json"
  check "$answers/example.json" "$(expected "$rpc" "$example")" "what the README says of $rpc"
}

matrix_of() { call organisation GetResponsibilityMatrix -d "{\"unit_id\": \"$1\", \"as_of\": \"$2\", \"min_revision\": $3}"; }

shows_what_a_vacancy_leaves_to_nobody() {
  matrix_of kl-vvk-03 2022-08-05 0 >"$answers/vacant.json"
  check "$answers/vacant.json" '.matrix.gapCount == 9 and all(.matrix.rows[] | select(.state != "MATRIX_ROW_STATE_COVERED");
    .holders[0].positionId == "pos-kl-vvk-03")' "the tasks of the vacant position"
  matrix_of kl-vvk-03 2022-08-15 0 >"$answers/substitute.json"
  check "$answers/substitute.json" '.matrix.gapCount == null and ([.matrix.members[]
    | select(.personId == "p-paedagogisk-leder-vvk-03-1" and .percent > 100 and .standingInPercent == 95)] | length) == 1' \
    "the substitute to have too much"
}

# What is proposed is imported as it stands, and leaves no gap.
fills_gaps_by_what_is_proposed() {
  local cluster=$1 gaps=$2 revision
  call organisation ProposeDistribution -d "{\"unit_id\": \"$cluster\", \"as_of\": \"2022-09-01\"}" >"$answers/proposed.json"
  check "$answers/proposed.json" "(.proposals | length) == $gaps" "a proposal for every gap"
  jq -c '{options: {atomic: true}}, .rows[]' "$answers/proposed.json" |
    call organisation ImportOrganisation -d @ >"$answers/filled.json"
  check "$answers/filled.json" ".applied and (.createdCount | n) == $gaps" "all rows to be taken in"
  revision=$(jq .revision "$answers/filled.json")
  matrix_of "$cluster" 2022-09-01 "$revision" >"$answers/after.json"
  check "$answers/after.json" '.matrix.gapCount == null' "no gap to be left"
}

start_loaded_city
count=0
while IFS= read -r example; do
  it "answers: ${example:0:120}…" works "$example"
  count=$((count + 1))
done < <(examples)
[ "$count" -ge 28 ] || die "not ok: only $count examples were found in $readme"
it "shows what a vacancy leaves to nobody, and who has too much then" shows_what_a_vacancy_leaves_to_nobody
it "fills the gaps of a cluster by what is proposed" fills_gaps_by_what_is_proposed kl-vvk-01 2
gaps=$(matrix_of kl-vvk-02 2022-09-01 0 | jq '.matrix.gapCount')
it "proposes a distribution where there is none yet" fills_gaps_by_what_is_proposed kl-vvk-02 "$gaps"
