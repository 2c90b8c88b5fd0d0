#!/usr/bin/env bash
# grpcurl describe reads as a manual: every RPC, message, field and enum value is listed with its comment.
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

protos() { echo "$root/protos/klynge/$1/v1"/*.proto; }

# Lines of a description that should have a comment above them, and have none.
uncommented() {
  awk '
    /^ *\/\// { commented = 1; next }
    /^ *\*\/|\*\/ *$/ { commented = 1; next }
    /^ *(rpc|service|message|enum|oneof|optional|repeated|map|\.?[a-z][A-Za-z0-9_.]* [a-z_0-9]+ = |[A-Z][A-Z0-9_]* = )/ && !commented { print }
    { commented = 0 }'
}

lists_every_rpc() {
  local service=$1 description="$answers/$1-service.txt" rpc
  "$GRPCURL" -plaintext "${address[$service]}" describe "klynge.$service.v1.${service^}Service" >"$description"
  for rpc in $(sed -nE 's/^ *rpc ([A-Za-z]+)\(.*/\1/p' "$root/protos/klynge/$service/v1/${service}_service.proto"); do
    grep -q "rpc $rpc " "$description" || { say "$rpc is missing" >&2; return 1; }
  done
}

comments_every_rpc() {
  uncommented <"$answers/$1-service.txt" | tee /dev/stderr | (! grep -q .)
  grep -q '//' "$answers/$1-service.txt"
}

comments_every_message() {
  local service=$1 name
  # shellcheck disable=SC2046
  for name in $(sed -nE 's/^(message|enum) ([A-Za-z]+) .*/\2/p' $(protos "$service")); do
    "$GRPCURL" -plaintext "${address[$service]}" describe "klynge.$service.v1.$name" >"$answers/message.txt"
    uncommented <"$answers/message.txt" | sed "s/^/$name: /" | tee /dev/stderr | (! grep -q .) || return 1
  done
}

gives_the_example_that_works() {
  # The example in the comment of the service, with the address of this server.
  local service=$1 example
  example=$(sed -nE 's/^ *\/\/ ?//p; /^service/q' "$root/protos/klynge/$service/v1/${service}_service.proto" |
    awk '/grpcurl/ { on = 1 } on && !/^ *$/ { print } on && /\/[A-Z][A-Za-z]+ *$/ { exit }' |
    tr '\n' ' ' | sed -E "s/\\\\ / /g; s/127\.0\.0\.1:5005[0-9]/${address[$service]}/; s/^ *grpcurl/\"\$GRPCURL\"/")
  say "  $example"
  eval "$example" >"$answers/example.json"
  check "$answers/example.json" 'length > 0' "an answer"
}

offers_commands_that_work() {
  local command count=0
  while IFS= read -r command; do
    bash -o pipefail -c "$command" </dev/null >"$answers/command.txt"
    [ "$(wc -l <"$answers/command.txt")" -gt 5 ]
    count=$((count + 1))
  done < <(commands_to_try | grep -v '^ *#')
  [ "$count" -ge 6 ]
}

start_loaded_city
# Served by every process.
address[operations]=${address[courses]}
it "offers commands to try, and all work" offers_commands_that_work
for service in "${SERVICES[@]}" operations; do
  it "describes every RPC of $service" lists_every_rpc "$service"
  it "comments every RPC of $service" comments_every_rpc "$service"
  it "comments every message, field and enum value of $service" comments_every_message "$service"
  it "gives an example for $service that works" gives_the_example_that_works "$service"
done
