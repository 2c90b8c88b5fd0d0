# shellcheck shell=bash disable=SC2154,SC2034
# What the e2e tests share. Sourced with the arguments that CTest gives: where the binaries are, where this test may
# write, and where main_job has left the loaded city.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
source "$root/deploy/lib/common.sh"
source "$root/deploy/lib/services.sh"
source "$root/deploy/lib/city.sh"

loaded_city=$3
use_directories "$1" "$2"
trap stop_everything EXIT

# Ports of its own below those that the system gives out, so that a demo can run beside the tests.
use_free_ports() {
  local base offset
  for base in $(shuf -i 20000-30000 -n 50); do
    for offset in {0..25}; do
      ! port_is_taken $((base + offset)) || continue 2
    done
    use_ports "$base"
    return 0
  done
  die "No free ports were found."
}
use_free_ports

# Starts everything on a copy of the databases that main_job left.
start_loaded_city() {
  cp "$loaded_city"/*.db* "$run_directory"
  start_redis
  start_services
}

# it DESCRIPTION FUNCTION [ARGUMENT…]: one expectation; the test ends at the first that does not hold.
it() {
  local description=$1 code
  shift
  set +e
  (
    set -e
    "$@"
  )
  code=$?
  set -e
  [ "$code" = 0 ] || die "not ok: $description"
  say "ok: $description"
}

# expect_error CODE REASON FIELDS SERVICE RPC REQUEST: the call must fail with this gRPC code (a number) and this
# reason, in the domain klynge, and list exactly these bad fields (with spaces between; "" for none).
expect_error() {
  local code=$1 reason=$2 fields=$3 service=$4 rpc=$5 request=$6 error="$answers/error.json"
  if call "$service" "$rpc" -format-error -d @ <<<"$request" >"$answers/unexpected.json" 2>"$error"; then
    say "$rpc succeeded, but $reason was expected:" >&2
    head -c 2000 "$answers/unexpected.json" >&2
    return 1
  fi
  check "$error" ".code == $code" "code $code"
  check "$error" "[.details[] | select(.\"@type\" | endswith(\"ErrorInfo\"))] | .[0].reason == \"$reason\" and .[0].domain == \"klynge\"" \
    "reason $reason"
  check "$error" "[.details[] | select(.\"@type\" | endswith(\"BadRequest\")) | (.field_violations // .fieldViolations)[].field]
    | sort == (\"$fields\" | split(\" \") | map(select(. != \"\")) | sort)" "these bad fields and no others: $fields"
}

# ask_everything FILE: what each service says of the loaded city, without what differs from call to call.
ask_everything() {
  local date="\"as_of\": \"$LAST_DAY\"" programme="\"programme_id\": \"$PROGRAMME\""
  {
    call organisation GetUnit -d "{\"unit_id\": \"e-vvk-02-08\", $date}"
    call organisation ListUnits -d "{\"subtree_of\": \"omr-vvk\", \"page_size\": 1000, $date}"
    call organisation GetLeadershipTeam -d "{\"cluster_id\": \"kl-ioe-02\", $date}"
    call goals GetProgress -d "{\"unit_id\": \"omr-vvk\", $date}"
    call goals ListGoals -d "{\"unit_id\": \"kl-vvk-04\", \"include_subtree\": true, $date}"
    call observations QueryAggregates -d '{"unit_ids": ["omr-vvk"], "round_ids": ["r-2023-efteraar"], "level": "AGGREGATE_LEVEL_CLUSTER"}'
    call observations CompareRounds -d '{"before_round_id": "r-2021-efteraar", "after_round_id": "r-2023-efteraar", "level": "AGGREGATE_LEVEL_AREA"}'
    call courses ListEnrolments -d "{$programme, \"page_size\": 100}"
    call courses GetTimetable -d "{$programme}"
    call courses GetLearningConversationBrief -d "{\"cluster_id\": \"kl-ioe-02\", $date}"
    call courses GetProgrammeStatus -d "{$programme, $date}"
  } | jq -S 'del(.. | .took?)' >"$1"
}

# same FILE FILE: fails with what differs.
same() { diff -u "$1" "$2" | head -n 40 && cmp -s "$1" "$2"; }
