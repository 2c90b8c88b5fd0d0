#!/usr/bin/env bash
# Files of rows with grpcurl: the commands of services/organisation/README.md as they stand there, and the sample city out
# of one service into an empty one and out again, byte for byte, in every format.
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

# The command of the README whose comment begins with these words, with this server's address.
command_that() {
  awk -v words="# $1" '/^```bash$/ { on = 1; next } /^```$/ { on = 0; ours = 0 }
      on && /^# / { ours = index($0, words) == 1; next } on && ours' "$root/services/organisation/README.md" |
    sed -E "s/127\.0\.0\.1:50051/${address[organisation]}/; s|^( *)grpcurl|\\1\"\$GRPCURL\"|"
}

# The README's commands, with another format in place of theirs.
export_to() { # FORMAT FILE
  local command
  command=$(command_that "Exports everything" | sed "s/FILE_FORMAT_CSV/$1/; s|organisation.csv|$2|")
  [ -n "$command" ]
  eval "$command" </dev/null
}
import_from() { # FORMAT FILE OPTIONS ANSWER
  local command
  command=$(command_that "Sends a file" |
    sed "s/FILE_FORMAT_CSV/$1/; s|organisation.csv|$2|; s/, \"validate_only\": true/$3/")
  [ -n "$command" ]
  eval "$command" >"$4"
}

exports_every_format() {
  local format
  for format in "${formats[@]}"; do
    export_to "$format" "$answers/$format"
    [ "$(wc -l <"$answers/$format")" -gt 1200 ]
  done
}
changes_nothing_when_sent_back() {
  import_from FILE_FORMAT_CSV "$answers/FILE_FORMAT_CSV" ', "validate_only": true' "$answers/back.json"
  check "$answers/back.json" '(.updatedCount | n) == 0 and (.createdCount | n) == 0 and (.rejectedCount | n) == 0
    and (.unchangedCount | n) > 1200' "every row to be there already"
}
# Not within `it`, whose subshell would start it.
start_empty_service() {
  stop_service organisation || true
  stop_redis
  rm -f "$run_directory"/organisation.db*
  start_redis
  start_service organisation
  wait_until_serving organisation
}
comes_out_of_an_empty_service_as_it_went_in() { # FORMAT
  import_from "$1" "$answers/$1" '' "$answers/imported.json"
  check "$answers/imported.json" '.applied and (.rejectedCount | n) == 0 and (.createdCount | n) > 1200' "every row to be new"
  local format
  for format in "${formats[@]}"; do
    export_to "$format" "$answers/$format.again"
    cmp "$answers/$format" "$answers/$format.again"
  done
}

# A spreadsheet: a person and a role are new, one role ends, another stays as it is; one line is wrong.
takes_a_spreadsheet() {
  {
    printf '\xef\xbb\xbf'
    printf '%s\r\n' 'sort;person_id;name;assignment_id;role;unit_id;valid_from;valid_to' \
      'person;p-ny;"Ny; leder";;;;;' \
      'assignment;p-ny;;a-ny;pedagogical_leader;e-vvk-01-01;2024-01-01;' \
      'assignment;;;a-kl-vvk-01-cluster-leader-0008;;;;2024-08-01' \
      'elephant;;;;;;;'
  } >"$answers/sheet.csv"
  import_from FILE_FORMAT_CSV_EXCEL "$answers/sheet.csv" '' "$answers/sheet.json"
  check "$answers/sheet.json" '[.outcomes[].outcome] == ["OUTCOME_CREATED", "OUTCOME_CREATED", "OUTCOME_UPDATED", "OUTCOME_REJECTED"]
    and .outcomes[2].changes == [{"field": "valid_to", "after": "2024-08-01"}]
    and .outcomes[3].line == "5" and .outcomes[3].reason == "LINE_UNREADABLE"' "two new rows, a change and a wrong line"
}

# An export is what there was, whatever comes after it.
exports_a_part() {
  call organisation ExportOrganisation -d '{"format": "FILE_FORMAT_JSON_LINES", "subtree_of": "kl-vvk-01", "sorts": ["unit", "person"]}' |
    jq -j '.chunk | @base64d' >"$answers/part.jsonl"
  jq -s 'all(.[]; .unit or .person) and any(.[]; .unit.unit_id == "buf") and any(.[]; .person.person_id == "p-ny")
    and all(.[]; (.unit.unit_id // "") | startswith("e-ama") | not)' "$answers/part.jsonl" | grep -qx true
}

formats=(FILE_FORMAT_CSV FILE_FORMAT_CSV_EXCEL FILE_FORMAT_JSON_LINES)
cp "$loaded_city"/organisation.db* "$run_directory"
start_redis
start_service organisation
wait_until_serving organisation
it "exports every format" exports_every_format
it "changes nothing when an export is sent back" changes_nothing_when_sent_back
for format in "${formats[@]}"; do
  start_empty_service
  it "gives $format again after an import into an empty service" comes_out_of_an_empty_service_as_it_went_in "$format"
done
it "takes a spreadsheet as Excel saves it" takes_a_spreadsheet
it "exports a part" exports_a_part
