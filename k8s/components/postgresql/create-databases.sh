#!/bin/bash
# Runs once, when the volume is empty: one database for each service, owned by a role of the same name
# that can reach no other. psql reads the passwords from their files; no command line shows them.
set -euo pipefail
passwords=${KLYNGE_PASSWORDS:-/etc/klynge/postgresql}

for service in organisation goals observations courses; do
  psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set name="$service" <<SQL
\\set password \`cat "$passwords/$service-password"\`
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
