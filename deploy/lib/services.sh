# shellcheck shell=bash disable=SC2154,SC2034,SC2016,SC2046
# Starts, asks and stops the four services and a private Redis. Sourced after common.sh by deploy/demo and the e2e
# tests. Call use_ports and use_directories first.

SERVICES=(organisation goals observations courses)
# Whom each service asks.
declare -A asks=([organisation]="goals observations courses" [goals]="organisation observations" [observations]=organisation
  [courses]="organisation goals observations")
declare -A address pid database
redis_pid=''

# use_ports BASE: the services listen on BASE … BASE+3, metrics on BASE+10 … BASE+13, Redis on BASE+20; loopback only.
use_ports() {
  local place
  base_port=$1
  redis_port=$((base_port + 20))
  for place in "${!SERVICES[@]}"; do
    address[${SERVICES[place]}]="127.0.0.1:$((base_port + place))"
  done
}

# use_directories BIN RUN: binaries are in BIN; databases, logs and answers go to RUN, which is emptied.
use_directories() {
  binaries=$1
  run_directory=$2
  answers="$run_directory/answers"
  GRPCURL=$(find_grpcurl) || die "grpcurl is missing: run deploy/install."
  rm -rf "$run_directory"
  mkdir -p "$answers"
}

# port_is_taken PORT: whether something listens there already.
port_is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The child gets SIGTERM when this shell dies, however it dies, so that nothing stays behind.
start_process() { # LOG COMMAND…
  local log=$1
  shift
  setpriv --pdeathsig TERM "$@" >>"$log" 2>&1 </dev/null &
}

start_redis() {
  mkdir -p "$run_directory/redis"
  start_process "$run_directory/redis.log" redis-server --bind 127.0.0.1 --port "$redis_port" --save '' \
    --appendonly no --maxmemory 256mb --maxmemory-policy allkeys-lru --dir "$run_directory/redis"
  redis_pid=$!
  local tries
  for tries in {1..100}; do
    [ "$(redis-cli -p "$redis_port" ping 2>/dev/null)" != PONG ] || return 0
    sleep 0.05
  done
  die "Redis did not start on port $redis_port: see $run_directory/redis.log."
}

stop_redis() {
  [ -n "$redis_pid" ] || return 0
  kill -TERM "$redis_pid" 2>/dev/null || true
  wait "$redis_pid" 2>/dev/null || true
  redis_pid=''
}

# peers_of NAME: the flags that tell the service where the others are.
peers_of() {
  local peer
  for peer in ${asks[$1]:-}; do echo "--$peer=${address[$peer]}"; done
}

# start_service NAME: on ${database[NAME]} if that is set, else on the SQLite file it left, if any. Returns at once; see
# wait_until_serving.
start_service() {
  local name=$1
  start_process "$run_directory/$name.log" "$binaries/klynge-$name" \
    --listen="${address[$name]}" \
    --metrics_listen="127.0.0.1:$((${address[$name]##*:} + 10))" \
    --database="${database[$name]:-sqlite:$run_directory/$name.db}" \
    --redis="127.0.0.1:$redis_port" $(peers_of "$name")
  pid[$name]=$!
}

# wait_until_serving NAME: at most 30 s.
wait_until_serving() {
  local name=$1 deadline=$(($(now_ms) + 30000))
  while [ "$(now_ms)" -lt "$deadline" ]; do
    if "$GRPCURL" -plaintext -max-time 2 "${address[$name]}" grpc.health.v1.Health/Check 2>/dev/null |
      jq -e '.status == "SERVING"' >/dev/null; then
      return 0
    fi
    kill -0 "${pid[$name]}" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 20 "$run_directory/$name.log" >&2
  die "$name does not serve on ${address[$name]}; its log, $run_directory/$name.log, ends as above."
}

# In the order in which they ask each other, so that nobody finds another one missing at first; organisation asks the
# others only when it is asked what a reorganisation would touch.
start_services() {
  local name
  for name in "${SERVICES[@]}"; do
    start_service "$name"
    wait_until_serving "$name"
  done
}

# stop_service NAME [SIGNAL]: prints nothing; returns the service's exit code.
stop_service() {
  local name=$1 code=0
  [ -n "${pid[$name]:-}" ] || return 0
  kill "-${2:-TERM}" "${pid[$name]}" 2>/dev/null || true
  wait "${pid[$name]}" 2>/dev/null || code=$?
  unset "pid[$name]"
  return "$code"
}

# Stops whatever runs; for a trap on EXIT.
stop_everything() {
  local name
  for name in "${!pid[@]}"; do kill -TERM "${pid[$name]}" 2>/dev/null || true; done
  for name in "${!pid[@]}"; do stop_service "$name" || true; done
  stop_redis
}

method() { echo "klynge.$1.v1.${1^}Service/$2"; }

# call SERVICE RPC [GRPCURL OPTION…]: prints the answer as JSON.
call() {
  local service=$1 rpc=$2
  shift 2
  "$GRPCURL" -plaintext -max-time 120 "$@" "${address[$service]}" "$(method "$service" "$rpc")"
}

# call_each_line SERVICE RPC FILE: one call for each line, four at a time; prints all answers, in any order.
call_each_line() {
  xargs -d '\n' -P 4 -I REQUEST "$GRPCURL" -plaintext -max-time 120 -d REQUEST "${address[$1]}" "$(method "$1" "$2")" <"$3"
}

# check FILE FILTER WHAT: fails, and says WHAT was expected, unless the jq FILTER is true of the answer in FILE.
# In a filter `n` makes a number of a count: JSON leaves out those that are 0 and has 64-bit ones as strings.
check() {
  jq -e "def n: (. // 0) | tonumber; $2" "$1" >/dev/null && return 0
  {
    say "Expected $3, but"
    say "  $2"
    say "does not hold of $1:"
    # Without what went well, so that the rest is seen.
    jq -c 'del(.outcomes[]? | select(.outcome == "OUTCOME_CREATED" or .outcome == "OUTCOME_UNCHANGED"))' "$1" | head -c 3000
  } >&2
  return 1
}
