#!/usr/bin/env bash
# What an operator does with a process: its settings, its status, its log level, its probes.
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

# operations SERVICE RPC [GRPCURL OPTION…]
operations() {
  "$GRPCURL" -plaintext -max-time 10 "${@:3}" "${address[$1]}" "klynge.operations.v1.OperationsService/$2"
}
# logs SERVICE PATTERN: whether a line of its log has it.
logs() { grep -q -- "$2" "$run_directory/$1.log"; }

# get PATH: the code, and the answer in $answers/http.json.
get() {
  python3 - "http://127.0.0.1:$((${address[goals]##*:} + 10))/$1" >"$answers/http.json" <<'PYTHON'
import sys, urllib.error, urllib.request
try:
    answer = urllib.request.urlopen(sys.argv[1], timeout=10)
except urllib.error.HTTPError as error:
    answer = error
print(answer.read().decode(), end="")
print(answer.status, file=sys.stderr)
PYTHON
}
code_of() { get "$1" 2>&1; }

# eventually FUNCTION…: true within 20 s.
eventually() {
  local deadline=$(($(now_ms) + 20000))
  until "$@" 2>/dev/null; do
    [ "$(now_ms)" -lt "$deadline" ] || { "$@"; return; }
    sleep 0.2
  done
}

lists_every_mistake() {
  local code=0
  KLYNGE_DRAIN=soon "$binaries/klynge-goals" --executor_threads=0 --nmae=x --database=postgresql://goals:geheim@host/goals \
    --listen=0.0.0.0:1 >"$answers/mistakes.txt" 2>&1 || code=$?
  [ "$code" = 2 ]
  for mistake in KLYNGE_DRAIN=soon --executor_threads=0 --nmae --database_file 'loopback only'; do
    grep -q -- "$mistake" "$answers/mistakes.txt" || { cat "$answers/mistakes.txt" >&2; return 1; }
  done
  ! grep -q geheim "$answers/mistakes.txt"
}
helps() {
  "$binaries/klynge-observations" --help >"$answers/help.txt"
  grep -q -- '--small_group_threshold=NUMBER   (5)' "$answers/help.txt"
  grep -q -- '--idempotency_retention=DURATION   (7d)' "$answers/help.txt"
  ! grep -q -- '--goals=' "$answers/help.txt"
  "$binaries/klynge-goals" --version | grep -qE '^klynge-goals [0-9]+\.[0-9]+\.[0-9]+$'
}
names_unknown_variables() { logs goals '"message":"unknown variable in the environment","variable":"KLYNGE_DRIAN"'; }

is_ready() {
  operations goals GetStatus >"$answers/status.json"
  check "$answers/status.json" '.state == "SERVING_STATE_READY" and .service == "goals" and (.dependencies | length == 4)' \
    "goals ready with all it uses"
}
is_degraded() {
  operations goals GetStatus >"$answers/status.json" &&
    check "$answers/status.json" '.state == "SERVING_STATE_DEGRADED" and
      ([.dependencies[] | select(.available | not) | .name] == ["redis"])' "goals to miss Redis only"
}
is_ready_over_http() {
  [ "$(code_of readyz)" = 200 ]
  check "$answers/http.json" '.ready and .degraded == ["redis"]' "ready without Redis"
}
lives() {
  [ "$(code_of livez)" = 200 ]
  check "$answers/http.json" '.live' "life"
}
# The others ask organisation for its snapshot every second.
logs_no_success_of_pollers() { ! logs organisation '"level":"debug"'; }
logs_more() {
  operations organisation SetLogLevel -d '{"level": "LOG_LEVEL_DEBUG", "duration": "4s"}' >"$answers/level.json"
  check "$answers/level.json" '.previousLevel == "LOG_LEVEL_INFO" and .expireTime != null' "the level before"
  operations organisation GetLogLevel >"$answers/level.json"
  check "$answers/level.json" '.level == "LOG_LEVEL_DEBUG" and .configuredLevel == "LOG_LEVEL_INFO"' "level debug"
  eventually logs organisation '"level":"debug".*GetSnapshot'
}
goes_back() {
  operations organisation GetLogLevel >"$answers/level.json"
  check "$answers/level.json" '.level == "LOG_LEVEL_INFO" and .expireTime == null' "the old level"
}
logs_the_change() {
  logs organisation '"message":"log level changed","from":"info","to":"debug","seconds":4'
  eventually logs organisation '"message":"log level is back"'
}
logs_traces() {
  local trace=4bf92f3577b34da6a3ce929d0e0e4736
  operations goals GetStatus -H "traceparent: 00-$trace-00f067aa0ba902b7-01" >"$answers/status.json"
  eventually logs goals "\"trace_id\":\"$trace\",\"span_id\":\"[0-9a-f]\{16\}\",\"parent_span_id\":\"00f067aa0ba902b7\""
}
names_callers_by_hash() {
  local hash
  hash=$(printf %s local | sha256sum | cut -c1-16)
  logs goals "\"caller\":\"$hash\""
  ! logs goals '"caller":"local"'
}

it "lists every mistake in its settings, and no password" lists_every_mistake
it "shows its own flags with defaults" helps
start_redis
KLYNGE_DRIAN=1s start_services
it "names variables that mean nothing to it" names_unknown_variables
it "tells when everything is there" eventually is_ready
it "tells that it lives" lives
it "logs no answer to what services ask by the clock" logs_no_success_of_pollers
it "changes its log level for a time" logs_more
it "goes back by itself" eventually goes_back
it "logs the change" logs_the_change
it "logs the trace a caller sends" logs_traces
it "names callers by their hash" names_callers_by_hash
stop_redis
it "tells that it misses Redis" eventually is_degraded
it "is ready all the same" is_ready_over_http
