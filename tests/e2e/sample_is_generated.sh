#!/usr/bin/env bash
# The committed sample city is what its generator writes.
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

generate_again() { PYTHONDONTWRITEBYTECODE=1 "$SAMPLE/generate" --into "$run_directory/sample"; }

equals_what_is_committed() {
  local file
  for file in "$run_directory"/sample/*; do cmp "$file" "$SAMPLE/$(basename "$file")"; done
}

has_only_generated_requests() {
  comm -13 <(ls "$run_directory/sample") <(cd "$SAMPLE" && ls ./*.jsonl | sed 's|^./||') | (! grep .)
}

it "can be generated" generate_again
it "equals what is committed" equals_what_is_committed
it "leaves no stale file beside it" has_only_generated_requests
