# shellcheck shell=bash disable=SC2154
# A private PostgreSQL server for an e2e test, with one database for each service. Sourced after support.sh.

# PostgreSQL refuses to run as root, so its files lie where another user may go.
cluster=$(mktemp -d /tmp/klynge-e2e-XXXXXX)
postgres_port=$((base_port + 21))
as_owner=()
if [ "$(id -u)" = 0 ]; then
  chown postgres: "$cluster"
  as_owner=(setpriv --reuid=postgres --regid=postgres --clear-groups)
fi
postgres_programs=$(pg_config --bindir 2>/dev/null || true)
[ -x "$postgres_programs/initdb" ] || postgres_programs=$(dirname "$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | tail -n 1)")

start_postgres() {
  local name
  (cd "$cluster" && "${as_owner[@]}" "$postgres_programs/initdb" --pgdata=data --auth=trust --username=postgres --encoding=UTF8 \
    --no-sync) >"$run_directory/initdb.log" 2>&1 || { cat "$run_directory/initdb.log" >&2; return 1; }
  start_process "$run_directory/postgres.log" "${as_owner[@]}" "$postgres_programs/postgres" -D "$cluster/data" \
    -p "$postgres_port" -h 127.0.0.1 -k "$cluster" -c fsync=off
  postgres_pid=$!
  for _ in {1..200}; do
    ! "$postgres_programs/pg_isready" -q -h 127.0.0.1 -p "$postgres_port" || break
    sleep 0.1
  done
  for name in "${SERVICES[@]}"; do
    "$postgres_programs/createdb" -h 127.0.0.1 -p "$postgres_port" -U postgres "$name"
    database[$name]="postgresql://postgres@127.0.0.1:$postgres_port/$name"
  done
}

stop_all_with_postgres() {
  stop_everything
  [ -z "${postgres_pid:-}" ] || { kill -INT "$postgres_pid" && wait "$postgres_pid"; } 2>/dev/null || true
  rm -rf "$cluster"
}
trap stop_all_with_postgres EXIT
