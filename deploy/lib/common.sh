# shellcheck shell=bash disable=SC2154,SC2034,SC2016
# Shared by deploy/install, deploy/demo, tests/run and the e2e tests: saying what goes on, and building.
# Sourced, never run. The caller has `set -euo pipefail`.

KLYNGE_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
KLYNGE_TOOLS="${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/klynge/bin"
# ccache must know that precompiled headers are safe to reuse here.
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
# One clone may use what another has compiled.
export CCACHE_BASEDIR=$KLYNGE_ROOT CCACHE_NOHASHDIR=1

if [ -t 1 ]; then bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' plain=$'\e[0m'; else bold='' dim='' red='' plain=''; fi

say() { printf '%s\n' "$*"; }
heading() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
die() {
  printf '%s%s%s\n' "$red" "$*" "$plain" >&2
  exit 1
}

# now_ms: milliseconds since some fixed point, for timings.
now_ms() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }

# took START_MS: the time since then, as people write it: "0.8 s".
took() { awk -v ms=$(($(now_ms) - $1)) 'BEGIN { printf "%.1f s", ms / 1000 }'; }

# while_telling LOG COMMAND…: runs it with its output in LOG, and says every ten seconds that it still runs.
while_telling() {
  local log=$1 start ticker code=0
  shift
  start=$(now_ms)
  (while sleep 10 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do say "  … $(took "$start")"; done) &
  ticker=$!
  "$@" >"$log" 2>&1 </dev/null || code=$?
  kill "$ticker" 2>/dev/null
  wait "$ticker" 2>/dev/null || true
  return "$code"
}

# find_grpcurl: prints the grpcurl to use: the one on PATH, else the one deploy/install has built.
find_grpcurl() {
  command -v grpcurl || { [ -x "$KLYNGE_TOOLS/grpcurl" ] && echo "$KLYNGE_TOOLS/grpcurl"; }
}

# build PRESET [TARGET…]: configures and builds; ninja's own progress lines show that it moves.
build() {
  local preset=$1 start
  shift
  start=$(now_ms)
  cd "$KLYNGE_ROOT" || return
  say "Building ($preset) in build/$preset; the first time takes some minutes."
  # Once configured, ninja configures anew by itself when it must.
  if [ ! -f "build/$preset/build.ninja" ] && ! cmake --preset "$preset" >"/tmp/klynge-configure.$$" 2>&1; then
    cat "/tmp/klynge-configure.$$" >&2
    rm -f "/tmp/klynge-configure.$$"
    die "CMake could not configure build/$preset: see above. Is deploy/install done?"
  fi
  rm -f "/tmp/klynge-configure.$$"
  cmake --build --preset "$preset" ${1:+--target "$@"} || die "The build failed: see above."
  say "Built in $(took "$start")."
}
