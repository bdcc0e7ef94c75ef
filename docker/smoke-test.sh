#!/usr/bin/env bash
# Builds and starts docker-compose.yml as a project of its own on free ports, uses it as a user would, and takes it away again.
# Needs docker with compose, curl and bash. One line for each check; exit code 1 at the first that fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

work=$(mktemp -d)
cleaned=
export COMPOSE_PROJECT_NAME=drover-smoke-$$
export SITE_BIND=127.0.0.1 SITE_PORT=0 DASHBOARD_PORT=0 PROMETHEUS_PORT=0 # 0: the engine takes a free one

compose() {
  docker compose --progress quiet -f docker-compose.yml "$@"
}

finish() {
  code=$?
  if [ "$code" != 0 ]; then
    compose logs --tail 50 >&2 || true
  fi
  if [ -z "$cleaned" ]; then
    compose down -v --timeout 5 >/dev/null 2>&1 || true
  fi
  rm -rf "$work"
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

ok() {
  printf 'ok    %s\n' "$*"
}

fail() {
  printf 'FAIL  %s\n' "$*"
  exit 1
}

seconds_since() { # milliseconds; prints seconds with one decimal
  local millis=$(($(now) - $1))
  printf '%d.%d' $((millis / 1000)) $((millis % 1000 / 100))
}

now() { # in milliseconds
  local micros=${EPOCHREALTIME/[.,]/}
  echo $((micros / 1000))
}

in_drover() {
  compose exec -T drover bash -c "$1"
}

code_of() { # curl's arguments; prints the status code, 000 without an answer
  curl -s -o "$work/body" -w '%{http_code}' --max-time 5 "$@" || true
}

find_ports() { # they change with every start
  site=http://$(compose port drover 8080)
  dashboard=http://$(compose port drover 9090)
  prometheus=http://$(compose port prometheus 9090)
}

# ---- up

begun=$(now)
compose build --quiet
ok "built in $(seconds_since "$begun") s, $(($(docker image inspect -f '{{.Size}}' drover:0.1.0) / 1000000)) MB"
begun=$(now)
compose up -d --wait --wait-timeout 120 || fail "up: not healthy"
ok "up and healthy in $(seconds_since "$begun") s"
find_ports

# ---- the container

[ "$(in_drover 'id -u; id -g')" = $'10001\n10001' ] || fail "the user is not 10001"
admin_pid=$(in_drover 'cat /run/drover/admin.lock')
status=$(in_drover "grep -E '^(Uid|CapEff|CapBnd|NoNewPrivs):' /proc/$admin_pid/status")
[[ $status == *Uid:$'\t'10001* && $status == *CapEff:$'\t'0000000000000000* && $status == *CapBnd:$'\t'0000000000000000* &&
  $status == *NoNewPrivs:$'\t'1* ]] || fail "privileges: $status"
in_drover "tr '\\0' ' ' </proc/$admin_pid/cmdline" | grep -q '/bin/java .*drover.admin.Drover' || fail "pid $admin_pid is not the admin"
ok "runs as 10001:10001 without capabilities"
if in_drover 'touch /opt/drover/x /srv/sites/x' 2>/dev/null; then fail "the root is writable"; fi
[ "$(in_drover "find /var/lib/drover /var/log/drover /run/drover ! -user 10001 | wc -l")" = 0 ] || fail "files of somebody else"
ok "root read-only; state, logs and run directory belong to 10001"
in_drover '/opt/drover/drover status' >"$work/status" || fail "./drover status: $(<"$work/status")"
ok "./drover status shows all up"
[ -z "$(docker port "$(compose ps -q drover)" 9091 2>/dev/null)" ] || fail "the management port is published"
ok "the management port is not published"

# ---- the site

[ "$(code_of "$site/")" = 200 ] || fail "the site does not answer 200"
cmp -s "$work/body" config/sites/default/index.html || fail "the site is not config/sites/default"
[ "$(code_of -H 'Host: docs.localhost' "$site/")" = 200 ] || fail "docs.localhost does not answer 200"
[ "$(code_of "$site/nowhere")" = 404 ] || fail "/nowhere is not 404"
ok "the site answers"

# ---- the dashboard

first_password() {
  local logs
  logs=$(compose logs --no-log-prefix drover)
  [ "$(grep -c 'password' <<<"$logs")" = 1 ] || fail "the logs do not show the password once"
  [[ $logs =~ 'admin, password '([^ ]+) ]] || fail "the logs show no password"
  password=${BASH_REMATCH[1]}
}

api() { # METHOD PATH [curl's arguments]; prints the status code
  local token='' name value
  while IFS=$'\t' read -r _ _ _ _ _ name value; do
    [ "$name" != XSRF-TOKEN ] || token=$value
  done < <([ ! -f "$work/cookies" ] || cat "$work/cookies")
  code_of -X "$1" -b "$work/cookies" -c "$work/cookies" -H "X-XSRF-TOKEN: $token" "${@:3}" "$dashboard/api/v1/$2"
}

sign_in() {
  rm -f "$work/cookies"
  [ "$(api GET session)" = 401 ] || fail "GET session is not 401 before the login"
  [ "$(api POST login --data-urlencode username=admin --data-urlencode "password=$password")" = 204 ] || fail "login: $(<"$work/body")"
  [ "$(api GET session)" = 200 ] || fail "GET session is not 200 after the login"
}

[ "$(code_of "$dashboard/")" = 200 ] || fail "the dashboard does not answer 200"
first_password
sign_in
ok "the dashboard answers, and takes the password from the logs"

# ---- a restart that nobody notices

(
  requests=0 failures=0
  while [ ! -f "$work/enough" ]; do
    requests=$((requests + 1))
    [ "$(curl -s -o /dev/null -w '%{http_code}' --max-time 5 "$site/")" = 200 ] || failures=$((failures + 1))
  done
  echo "$requests $failures" >"$work/loop"
) &
loop=$!
[ "$(api POST workers/1/restart)" = 202 ] || fail "restart: $(<"$work/body")"
[[ $(<"$work/body") =~ \"id\":\"([^\"]+)\" ]] || fail "restart: no operation"
operation=${BASH_REMATCH[1]}
for _ in {1..60}; do
  [ "$(api GET "operations/$operation")" = 200 ] || fail "operation: $(<"$work/body")"
  [[ $(<"$work/body") == *'"state":"RUNNING"'* ]] || break
  sleep 0.5
done
[[ $(<"$work/body") == *'"state":"DONE"'* ]] || fail "restart: $(<"$work/body")"
sleep 1
touch "$work/enough"
wait "$loop"
read -r requests failures <"$work/loop"
[ "$failures" = 0 ] && [ "$requests" -gt 10 ] || fail "restart: $failures of $requests requests failed"
ok "worker 1 restarted, $requests requests meanwhile, none failed"

# ---- Prometheus

for _ in {1..60}; do
  code_of -G --data-urlencode 'query=sum(drover_http_requests_total) > 10' "$prometheus/api/v1/query" >/dev/null
  [[ ! $(<"$work/body") =~ \"value\":\[[^,]*,\"([0-9.]+)\" ]] || break
  sleep 0.5
done
[[ $(<"$work/body") =~ \"value\":\[[^,]*,\"([0-9.]+)\" ]] || fail "Prometheus knows no requests: $(<"$work/body")"
ok "Prometheus has counted ${BASH_REMATCH[1]} requests"
[ "$(code_of "$prometheus/api/v1/rules")" = 200 ] || fail "Prometheus does not tell its rules"
grep -q '"name":"DroverDown"' "$work/body" || fail "Prometheus has no alerts: $(<"$work/body")"
ok "Prometheus has the alerts"

# ---- stop and start

# A request that has begun when Drover is told to stop, and ends two seconds later.
address=${site#http://}
exec 3<>"/dev/tcp/${address%:*}/${address#*:}"
printf 'GET / HTTP/1.1\r\nHost: localhost\r\n' >&3
sleep 0.5
begun=$(now)
compose stop drover &
stop=$!
sleep 2
[ "$(code_of "$site/")" = 000 ] || fail "stop: new requests are still taken"
printf 'Connection: close\r\n\r\n' >&3
timeout 5 cat <&3 >"$work/answer" || fail "stop: the request that had begun was not answered"
exec 3>&-
wait "$stop"
took=$(seconds_since "$begun")
IFS= read -r first_line <"$work/answer" || fail "stop: the request that had begun was cut off"
[[ $first_line == 'HTTP/1.1 200 '* ]] || fail "stop: the request that had begun was answered $first_line"
tail -c "$(wc -c <config/sites/default/index.html)" "$work/answer" | cmp -s - config/sites/default/index.html || fail "stop: half an answer"
exit_code=$(docker inspect -f '{{.State.ExitCode}}' "$(compose ps -aq drover)")
[ "$exit_code" = 143 ] || fail "stop: exit code $exit_code instead of SIGTERM's 143"
[ "${took%.*}" -lt 10 ] || fail "stop took $took s"
ok "stopped in $took s: takes nothing new, and first answers the request that had begun 2 s before"
compose up -d --wait --wait-timeout 120 || fail "start: not healthy"
find_ports
first_password
sign_in
ok "started again, with the same user"

# ---- down

begun=$(now)
compose down -v
took=$(seconds_since "$begun")
cleaned=yes
label=label=com.docker.compose.project=$COMPOSE_PROJECT_NAME
left=$(docker ps -aq --filter "$label")$(docker volume ls -q --filter "$label")$(docker network ls -q --filter "$label")
[ -z "$left" ] || fail "down -v left $left"
[ "${took%.*}" -lt 15 ] || fail "down took $took s"
ok "down in $took s, nothing left"
