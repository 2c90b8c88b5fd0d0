#!/usr/bin/env bash
# A service that is down takes only its own part away: the others answer, name what is missing, and recover by
# themselves.
source "$(dirname "${BASH_SOURCE[0]}")/support.sh"

brief() {
  call courses GetLearningConversationBrief -d "{\"cluster_id\": \"kl-vvk-01\", \"as_of\": \"$LAST_DAY\"}" >"$answers/brief.json"
}

brief_misses_only() { # SERVICE
  brief
  check "$answers/brief.json" "[.brief.parts[] | select(.state == \"PART_STATE_MISSING\") | .source] == [\"$1\"]" "only $1 to be missing"
  check "$answers/brief.json" 'all(.brief.parts[]; .state == "PART_STATE_AVAILABLE" or (.reason | length > 0))' "a reason"
}

brief_is_whole() {
  local tries
  for tries in {1..40}; do
    brief
    ! jq -e 'all(.brief.parts[]; .state == "PART_STATE_AVAILABLE")' "$answers/brief.json" >/dev/null || return 0
    sleep 0.5
  done
  check "$answers/brief.json" 'all(.brief.parts[]; .state == "PART_STATE_AVAILABLE")' "all parts, twenty seconds after the restart"
}

refresh_names_the_missing() {
  call goals RefreshIndicators -d '{"checked_on": "2023-12-16"}' | jq -s . >"$answers/refresh.json"
  check "$answers/refresh.json" 'length > 0 and all(.outcome == "REFRESH_OUTCOME_UNAVAILABLE" and .value == null)' \
    "every figure to be unavailable"
}

progress_is_as_before() {
  call goals GetProgress -d "{\"unit_id\": \"buf\", \"as_of\": \"$LAST_DAY\"}" | jq -S . >"$answers/progress-now.json"
  same "$answers/progress-before.json" "$answers/progress-now.json"
}

start_loaded_city
call goals GetProgress -d "{\"unit_id\": \"buf\", \"as_of\": \"$LAST_DAY\"}" | jq -S . >"$answers/progress-before.json"
it "briefs from four services" brief_is_whole
for service in goals observations; do
  stop_service "$service"
  it "briefs without $service and says so" brief_misses_only "$service"
  [ "$service" = goals ] || it "says that figures cannot be had" refresh_names_the_missing
  start_service "$service"
  wait_until_serving "$service"
  it "briefs from four services again" brief_is_whole
done
stop_service organisation
it "answers tree questions from the snapshot it holds" progress_is_as_before
