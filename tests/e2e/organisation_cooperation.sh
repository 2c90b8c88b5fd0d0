#!/usr/bin/env bash
# The grpcurl examples of bodies, partners and competences in services/organisation/README.md answer what it says.
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

readme="$root/services/organisation/README.md"

# Those commands of the README, each on one line: those in ```sh fences, with blank lines between them.
examples() {
  awk '
    /^## / { ours = /Bodies|Partners|Competences/ }
    !ours { next }
    /^```sh$/ { on = 1; next }
    on && /^(```)?$/ { if (command != "") print command; command = ""; if ($0 != "") on = 0; next }
    on && !/^#/ { sub(/\\$/, ""); command = command " " $0 }' "$readme"
}

# What the answer to an RPC must be true of. An example of an RPC that is not here fails.
expected() {
  case $1 in
    GetBody) echo '.body.kind == "med_committee" and (.members | length) == 6
      and ([.gaps[] | select(.role == "safety_representative")] | length == 1 and .[0].validTo == "2022-10-01")' ;;
    ListBodies) echo '[.bodies[].bodyId] == ["b-fb-kl-vvk-01", "b-med-kl-vvk-01"]' ;;
    ListBodyMemberships) echo '[.members[].membership.role] | sort == ["chair", "member", "secretary"]' ;;
    ListCompositionGaps) echo '[.gaps[].role] | index("safety_representative") != null' ;;
    ListBodyKinds) echo '(.bodyKinds | length) == 5 and all(.bodyKinds[]; .label.da != null and .label.en != null)' ;;
    ImportOrganisation) echo '.rejectedCount == "1" and .outcomes[0].reason == "COMPOSITION_BROKEN"' ;;
    ListPartnerships) echo '[.partnerships[].otherName] | index("Folkeskole VVK 1") != null' ;;
    ListHandovers) echo '(.totalSize | n) > 5 and all(.handovers[]; .giver.persons[0].role == "pedagogical_leader"
      and .receiver.persons[0].name == "Leder af indskolingen, Folkeskole VVK 1")' ;;
    ListTransitionGaps) echo '[.gaps[].transition] == ["day_care_to_school"]' ;;
    ListPartners) echo '[.partners[].partnerId] == ["skole-vvk-1", "skole-vvk-2"]' ;;
    ListPartnershipKinds) echo '(.transitions | length) == 4 and (.partnershipKinds | length) == 4' ;;
    FindCompetence) echo '[.holders[].personId] == ["p-paedagogisk-leder-vvk-01-1", "p-klyngeleder-vvk-02"]
      and ([.holders[].distance | n] | . == sort)' ;;
    GetTeamCompetences) echo '.lacking == ["observation"] and (.competences[1].nearest | length) == 2
      and .competences[0].holders[0].confirmedLevel == 3' ;;
    ListHeldCompetences) echo '[.heldCompetences[].level] == [3, 3]' ;;
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
  check "$answers/example.json" "$(expected "$rpc")" "what the README says of $rpc"
}

start_loaded_city
count=0
while IFS= read -r example; do
  it "answers: ${example:0:120}…" works "$example"
  count=$((count + 1))
done < <(examples)
[ "$count" -ge 15 ] || die "not ok: only $count examples were found in $readme"
