#!/usr/bin/env bash
# The examples in services/organisation/README.md, run as they stand there on the sample city, and what they show; then
# a person is really erased.
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

# The commands of the README, one a line after NUL, each as it is typed, with the address of this server.
examples() {
  awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' "$root/services/organisation/README.md" |
    sed -E "s/127\.0\.0\.1:50051/${address[organisation]}/; s|^( *)grpcurl|\\1\"\$GRPCURL\"|" |
    awk '/^# / { if (command) printf "%s%c", command, 0; command = ""; next } { command = command $0 "\n" }
      END { printf "%s%c", command, 0 }'
}

runs_every_example() {
  local command count=0
  while IFS= read -r -d '' command; do
    count=$((count + 1))
    eval "$command" </dev/null >"$answers/example-$count.json" || { say "$command" >&2; return 1; }
    check "$answers/example-$count.json" 'length > 0' "an answer"
  done < <(examples)
  [ "$count" -ge 9 ]
}

# ask RPC REQUEST FILTER WHAT: one call, and what must hold of its answer.
ask() {
  call organisation "$1" -d "$2" >"$answers/asked.json"
  check "$answers/asked.json" "$3" "$4"
}

passes_a_vacancy_over() {
  ask GetResponsibleLeader '{"unit_id": "kl-vvk-03", "as_of": "2022-08-05"}' \
    '.inherited and .foundAtUnitId == "omr-vvk" and (.leaders | map(.personId)) == ["p-omraadechef-vvk"]
     and .passedOver[0].reason == "PASSED_OVER_REASON_VACANT"
     and .passedOver[0].vacancies[0].positionId == "pos-kl-vvk-03"' "the area chief, for the vacancy"
}
finds_the_substitute() {
  ask GetResponsibleLeader '{"unit_id": "kl-vvk-03", "as_of": "2022-08-15"}' \
    '(.inherited | not) and .leaders[0].basis == "LEADER_BASIS_SUBSTITUTE"
     and (.explanation.da | contains("stedfortræder"))' "who stands in"
}
shows_shared_leadership() {
  ask GetResponsibleLeader '{"unit_id": "e-ama-01-01", "as_of": "2022-03-01"}' '.shared and (.leaders | length) == 2' \
    "two leaders"
}
ended_a_role_with_the_employment() {
  ask ListPositions '{"unit_id": "e-ama-01-01", "vacant_only": true, "as_of": "2023-01-01"}' \
    '.positions[0].position.positionId == "pos-e-ama-01-01-vuggestue"
     and .positions[0].vacancy.validFrom == "2023-01-01"' "the position to be vacant since the employment ended"
}
tells_how_the_team_changed() {
  ask CompareLeadershipTeam '{"cluster_id": "kl-vvk-03", "from": "2022-01-01", "to": "2023-01-01"}' \
    '(.before.leader.personId == "p-klyngeleder-vvk-03") and (.after.leader.personId == "p-klyngeleder-vvk-03-ny")
     and ([.changes[] | .date + " " + .kind] | index("2022-08-01 TEAM_CHANGE_KIND_LEADER_WENT") != null
       and index("2022-08-01 TEAM_CHANGE_KIND_VACANCY_BEGAN") != null
       and index("2022-08-10 TEAM_CHANGE_KIND_SUBSTITUTE_BEGAN") != null
       and index("2022-09-01 TEAM_CHANGE_KIND_LEADER_CAME") != null)' "the vacancy and both leaders"
}

erases_a_person_everywhere() {
  local name="Klyngeleder VVK 3"
  ask GetPerson '{"person_id": "p-klyngeleder-vvk-03"}' ".person.name == \"$name\"" "the name before"
  call organisation ErasePerson -d '{"person_id": "p-klyngeleder-vvk-03", "request_id": "erase-1"}' >"$answers/erased.json"
  check "$answers/erased.json" '.person.name == "Slettet person" and (.rewrittenChangeCount | n) > 0' "a pseudonym"
  ask GetLeadershipTeam "{\"cluster_id\": \"kl-vvk-03\", \"as_of\": \"2022-01-01\", \"min_revision\": $(jq .revision "$answers/erased.json")}" \
    '.team.leader.name == "Slettet person"' "the pseudonym in the past"
  call organisation WatchOrganisation -max-time 3 -d '{}' >"$answers/watched.json" 2>/dev/null || true
  grep -q CHANGE_ACTION_ERASED "$answers/watched.json"
  (! grep -q "\"$name\"" "$answers/watched.json")
  (! sqlite3_says "$name")
  # What the other services have names nobody, erased or not.
  redis-cli -p "$redis_port" hget klynge:v1:snapshot:organisation bytes >"$answers/snapshot.bytes"
  grep -aq "p-klyngeleder-vvk-03" "$answers/snapshot.bytes"
  (! grep -aqE "Klyngeleder [A-Z]|Slettet person" "$answers/snapshot.bytes")
}

# sqlite3_says NAME: whether a person or a line of the audit log has exactly that name.
sqlite3_says() {
  python3 - "$run_directory/organisation.db" "$1" <<'PYTHON'
import json, sqlite3, sys
database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
names = [name for (name,) in database.execute("SELECT name FROM person")]
names += [json.loads(text).get("name") for (text,) in database.execute("SELECT change_json FROM klynge_audit")]
assert len(names) > 100
sys.exit(0 if sys.argv[2] in names else 1)
PYTHON
}

start_loaded_city
it "runs every example of the README" runs_every_example
it "passes a vacancy over, and says so" passes_a_vacancy_over
it "finds the substitute" finds_the_substitute
it "shows shared leadership" shows_shared_leadership
it "ended a role with its employment" ended_a_role_with_the_employment
it "tells how a team changed" tells_how_the_team_changed
it "erases a person everywhere" erases_a_person_everywhere
