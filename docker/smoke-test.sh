#!/usr/bin/env bash
# Clones what is committed, builds and starts docker-compose.yml there as a project of its own on free ports, uses it as a user would,
# stops, kills and restarts it, and takes it away again. Needs docker with compose, git, curl and awk.
# One line for each check; exit code 1 at the first that fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly MOST_MEGABYTES=250 MOST_SECONDS=15 # of the image, to be healthy
readonly DOWNLOAD_BYTES=$((56 << 20)) DOWNLOAD_RATE=7M # takes eight seconds, and drain-timeout is ten

work=$(mktemp -d)
cleaned=
visitors=
export COMPOSE_PROJECT_NAME=drover-smoke-$$
export COMPOSE_FILE=docker-compose.yml
export SITE_BIND=127.0.0.1 SITE_PORT=0 DASHBOARD_PORT=0 PROMETHEUS_PORT=0 # 0: the engine takes a free one

compose() {
  docker compose --progress quiet "$@"
}

finish() {
  code=$?
  if [ "$code" != 0 ]; then
    compose logs --tail 50 >&2 || true
  fi
  [ -z "$visitors" ] || docker rm -f "$visitors" >/dev/null 2>&1 || true
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

now() { # in milliseconds
  local micros=${EPOCHREALTIME/[.,]/}
  echo $((micros / 1000))
}

seconds() { # milliseconds; prints seconds with one decimal
  printf '%d.%d' $(($1 / 1000)) $(($1 % 1000 / 100))
}

seconds_since() { # milliseconds
  seconds $(($(now) - $1))
}

await() { # seconds, what is waited for, a command
  local deadline=$(($(now) + $1 * 1000))
  until "${@:3}"; do
    [ "$(now)" -lt "$deadline" ] || fail "$2: not within $1 s"
    sleep 0.1
  done
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

up() {
  compose up -d --wait --wait-timeout 120 || fail "up: not healthy"
  find_ports
}

# ---- up, from a fresh clone

[ -z "$(git status --porcelain)" ] || echo "note  what is not committed is not tried"
git clone -q . "$work/clone"
cd "$work/clone"
begun=$(now)
compose build --quiet
took=$(seconds_since "$begun")
megabytes=$(($(docker image inspect -f '{{.Size}}' drover:0.1.0) / 1000000))
[ "$megabytes" -lt "$MOST_MEGABYTES" ] || fail "the image has $megabytes MB, $MOST_MEGABYTES at most are wanted"
ok "built in $took s, $megabytes MB"
# What cannot be compressed, so that it takes its time on the way.
head -c "$DOWNLOAD_BYTES" /dev/urandom >config/sites/default/large.bin
begun=$(now)
up
took=$(seconds_since "$begun")

millis() { # a time as docker shows it
  date -d "$1" +%s%3N
}

container=$(compose ps -q drover)
started=$(millis "$(docker inspect -f '{{.State.StartedAt}}' "$container")")
healthy=$(docker inspect -f '{{range .State.Health.Log}}{{.ExitCode}}|{{.End}}{{"\n"}}{{end}}' "$container" | sed -n 's/^0|//p' | head -1)
healthy=$(($(millis "${healthy% [A-Z]*}") - started))
[ "$healthy" -le $((MOST_SECONDS * 1000)) ] || fail "healthy after $(seconds "$healthy") s, $MOST_SECONDS at most are wanted"
ok "healthy $(seconds "$healthy") s after its start; all is up after $took s"

# ---- the container

settings=$(docker inspect -f '{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}' "$container")
[ "$settings" = '10001:10001 true [ALL] [no-new-privileges:true]' ] || fail "the container is $settings"
[ "$(in_drover 'id -u; id -g')" = $'10001\n10001' ] || fail "the user is not 10001"
# Of all processes, those that the check itself makes among them.
in_drover 'cat /proc/[0-9]*/status 2>/dev/null; true' >"$work/processes"
awk '
  $1 == "Pid:" { processes++ }
  $1 == "Uid:" || $1 == "Gid:" { for (i = 2; i <= 5; i++) if ($i != 10001) wrong++; ids++ }
  $1 ~ /^Cap(Inh|Prm|Eff|Bnd|Amb):$/ { if ($2 !~ /^0+$/) wrong++; sets++ }
  $1 == "NoNewPrivs:" { if ($2 != 1) wrong++; flags++ }
  END { exit !(processes >= 5 && ids == 2 * processes && sets == 5 * processes && flags == processes && wrong == 0) }' "$work/processes" ||
  fail "privileges: $(grep -E '^(Name|Uid|Gid|Cap|NoNewPrivs)' "$work/processes")"
ok "all $(grep -c ^Pid: "$work/processes") processes run as 10001:10001, without a capability, and can get no other privileges"
if in_drover 'touch /opt/drover/x /srv/sites/x' 2>/dev/null; then fail "the root is writable"; fi
[ "$(in_drover "find /var/lib/drover /var/log/drover /run/drover ! -user 10001 | wc -l")" = 0 ] || fail "files of somebody else"
ok "root read-only; state, logs and run directory belong to 10001"
in_drover '/opt/drover/drover status' >"$work/status" || fail "./drover status: $(<"$work/status")"
begun=$(now)
in_drover '/opt/drover/drover health' >/dev/null || fail "./drover health"
ok "./drover status shows all up; ./drover health answers in $(seconds_since "$begun") s"
[ -z "$(docker port "$container" 9091 2>/dev/null)" ] || fail "the management port is published"
ok "the management port is not published"
lists() { # a file of /opt/drover/sbom, a library
  in_drover "grep -q '\"bomFormat\" *: *\"CycloneDX\"' /opt/drover/sbom/$1 && grep -q '\"$2\"' /opt/drover/sbom/$1" || fail "sbom/$1 does not list $2"
}

lists java.cdx.json tomcat-embed-core
lists frontend.cdx.json react
ok "the image says what it is made of"
if in_drover 'cat /var/log/drover/worker-*.log' | grep -i 'aot\|cds'; then fail "workers do without their AOT cache"; fi
ok "workers start from the image's AOT cache"

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

sign_in() { # a name, a password
  rm -f "$work/cookies"
  [ "$(api GET session)" = 401 ] || fail "GET session is not 401 before the login"
  [ "$(api POST login --data-urlencode "username=$1" --data-urlencode "password=$2")" = 204 ] || fail "login: $(<"$work/body")"
  [ "$(api GET session)" = 200 ] || fail "GET session is not 200 after the login"
}

[ "$(code_of "$dashboard/")" = 200 ] || fail "the dashboard does not answer 200"
first_password
sign_in admin "$password"
ok "the dashboard answers, and takes the password from the logs"

# ---- Prometheus

prometheus_has() { # a path, what the answer must hold
  [ "$(code_of "$prometheus/api/v1/$1")" = 200 ] && grep -q "$2" "$work/body"
}

await 30 "Prometheus has the target up" prometheus_has 'targets?state=active' '"job":"drover".*"health":"up"'
if prometheus_has 'targets?state=active' '"health":"down"'; then fail "Prometheus: $(<"$work/body")"; fi
await 30 "Prometheus has loaded the alerts" prometheus_has rules '"name":"DroverDown"'
alerts=$(grep -o '"type":"alerting"' "$work/body" | wc -l)
[ "$alerts" = "$(cat config/prometheus/{alerts,fleet}.yml | grep -c '^ *- alert: ')" ] || fail "Prometheus has $alerts alerts"
await 30 "Prometheus counts requests" prometheus_has 'query?query=sum(drover_http_requests_total)%20%3E%200' '"value":'
ok "Prometheus has its target up, $alerts alerts, and counts requests"

# ---- under load

# In a container of the same network: what sits between a published port and Drover on loopback is not what is tried.
visitors_come() {
  docker image inspect "$visitors_image" >/dev/null 2>&1 || fail "no image for the visitors"
  visitors=$(docker create --network "${COMPOSE_PROJECT_NAME}_default" "$visitors_image" java -XX:TieredStopAtLevel=1 /tmp/Visitors.java 8 drover:8080)
  docker cp -q docker/Visitors.java "$visitors:/tmp/Visitors.java"
  docker start "$visitors" >/dev/null
  await 60 "the first visitor is answered" visitors_are_there
}

visitors_are_there() {
  [[ $(docker logs "$visitors" 2>&1) == *'the first is answered'* ]]
}

visitors_go() { # what was done meanwhile
  docker stop -t 30 "$visitors" >/dev/null
  local said code
  said=$(docker logs "$visitors" 2>&1 | tail -1)
  code=$(docker inspect -f '{{.State.ExitCode}}' "$visitors")
  docker rm "$visitors" >/dev/null
  visitors=
  [ "$code" = 0 ] && [[ $said == "visitors: ok "*", failed 0, "* ]] || fail "$1: $said"
  ok "$1; $said"
}

operation_has_ended() { # its id
  [ "$(api GET "operations/$1")" = 200 ] || fail "operation: $(<"$work/body")"
  [[ $(<"$work/body") != *'"state":"RUNNING"'* ]]
}

# The stage that compiled Drover has a compiler.
visitors_image=$(docker build -q --target build .)
visitors_come
[ "$(api POST workers/1/restart)" = 202 ] || fail "restart: $(<"$work/body")"
[[ $(<"$work/body") =~ \"id\":\"([^\"]+)\" ]] || fail "restart: no operation"
operation=${BASH_REMATCH[1]}
await 60 "worker 1 is restarted" operation_has_ended "$operation"
[[ $(<"$work/body") == *'"state":"DONE"'* ]] || fail "restart: $(<"$work/body")"
visitors_go "worker 1 restarted by the dashboard's API"

# ---- admin is killed

processes_of_the_road() { # the pids of master and workers
  in_drover '/opt/drover/drover status -o json' | grep -oE '"(masterPid|pid)" *: *[0-9]+' | sort
}

is_healthy() {
  in_drover 'exec 3<>/dev/tcp/127.0.0.1/9091 && printf "GET /actuator/health HTTP/1.0\r\n\r\n" >&3 && read -r _ code _ <&3 && [ "$code" = 200 ]' 2>/dev/null
}

road=$(processes_of_the_road)
admin_pid=$(in_drover 'cat /run/drover/admin.lock')
in_drover "tr '\\0' ' ' </proc/$admin_pid/cmdline" | grep -q '/bin/java .*drover.admin.Drover' || fail "pid $admin_pid is not the admin"
visitors_come
begun=$(now)
in_drover "kill -9 $admin_pid"

another_admin_is_there() {
  local pid
  pid=$(in_drover 'cat /run/drover/admin.lock')
  [ -n "$pid" ] && [ "$pid" != "$admin_pid" ] && is_healthy
}

await 60 "another admin is there" another_admin_is_there
took=$(seconds_since "$begun")
[ "$(processes_of_the_road)" = "$road" ] || fail "the next admin did not adopt: $(processes_of_the_road) instead of $road"
[ "$(docker inspect -f '{{.RestartCount}}' "$container")" = 0 ] || fail "the container was restarted"
visitors_go "admin killed, another one there after $took s and the same master and workers"
[ "$(in_drover "grep -l '^State:.Z' /proc/[0-9]*/status 2>/dev/null | wc -l")" = 0 ] || fail "zombies are left"
ok "nobody is left uncollected"

# ---- what is to be kept

sign_in admin "$password"
second_password="seven lanes and a kettle"
[ "$(api POST users -H 'Content-Type: application/json' -d "{\"name\":\"anna\",\"role\":\"viewer\",\"password\":\"$second_password\"}")" = 201 ] ||
  fail "a second user: $(<"$work/body")"
remembered=$(($(date +%s) - 5))

is_kept() {
  sign_in admin "$password"
  sign_in anna "$second_password"
  [ "$(api GET 'events?limit=1000')" = 200 ] && grep -q "\"operation\":\"$operation\"" "$work/body" || fail "the restart is not among the events"
  [ "$(api GET "history?from=$((remembered - 10))&to=$remembered&step=10")" = 200 ] &&
    grep -qE '"requestsPerSecond":\[[^]]*[0-9]' "$work/body" || fail "the history is lost: $(<"$work/body")"
}

# ---- restart and stop: what has begun is finished

download_has_begun() {
  [ -s "$work/large" ]
}

download() { # what is done meanwhile
  rm -f "$work/large"
  curl -sS --fail --max-time 60 --limit-rate "$DOWNLOAD_RATE" -o "$work/large" "$site/large.bin" &
  local curl=$! begun size
  await 10 "a download has begun" download_has_begun
  size=$(stat -c %s "$work/large")
  [ "$size" -lt $((DOWNLOAD_BYTES / 2)) ] || fail "the download is too fast to show anything"
  begun=$(now)
  "$@"
  took=$(seconds_since "$begun")
  wait "$curl" || fail "$*: the download was cut off after $(stat -c %s "$work/large") of $DOWNLOAD_BYTES bytes"
  cmp -s "$work/large" config/sites/default/large.bin || fail "$*: the download is not the file"
}

download compose restart drover
find_ports
await 60 "healthy after the restart" is_healthy
is_kept
ok "compose restart drover took $took s: the download that had begun was finished; events, users, history are kept"

# Besides the download a request whose head is not complete when Drover is told to stop.
stop_meanwhile() {
  local address=${site#http://} stop first_line
  exec 3<>"/dev/tcp/${address%:*}/${address#*:}"
  printf 'GET / HTTP/1.1\r\nHost: localhost\r\n' >&3
  sleep 0.5
  compose stop drover &
  stop=$!
  sleep 2
  [ "$(code_of "$site/")" = 000 ] || fail "stop: new requests are still taken"
  printf 'Connection: close\r\n\r\n' >&3
  timeout 5 cat <&3 >"$work/answer" || fail "stop: the request that had begun was not answered"
  exec 3>&-
  wait "$stop"
  IFS= read -r first_line <"$work/answer" || fail "stop: the request that had begun was cut off"
  [[ $first_line == 'HTTP/1.1 200 '* ]] || fail "stop: the request that had begun was answered $first_line"
  tail -c "$(wc -c <config/sites/default/index.html)" "$work/answer" | cmp -s - config/sites/default/index.html || fail "stop: half an answer"
}

download stop_meanwhile
exit_code=$(docker inspect -f '{{.State.ExitCode}}' "$container")
[ "$exit_code" = 143 ] || fail "stop: exit code $exit_code instead of SIGTERM's 143"
[ "${took%.*}" -lt 20 ] || fail "stop took $took s"
ok "compose stop took $took s: takes nothing new, and first finishes a download and a request that had begun"
compose down
up
is_kept
ok "down and up: a new container, with the same events, users, history"

# ---- down

nothing_is_left() {
  local label=label=com.docker.compose.project=$COMPOSE_PROJECT_NAME left
  left=$(docker ps -aq --filter "$label")$(docker volume ls -q --filter "$label")$(docker network ls -q --filter "$label")
  [ -z "$left" ] || fail "down -v left $left"
}

begun=$(now)
compose down -v
took=$(seconds_since "$begun")
nothing_is_left
[ "${took%.*}" -lt 15 ] || fail "down took $took s"
ok "down in $took s, nothing left"

# ---- the first password from a file

export COMPOSE_FILE=docker-compose.yml:docker/password.yml PASSWORD_FILE=$work/password
echo 'eleven birds on one wire' >"$PASSWORD_FILE"
chmod 644 "$PASSWORD_FILE"
compose up -d --wait --wait-timeout 120 drover || fail "up with a password's file: not healthy"
dashboard=http://$(compose port drover 9090)
sign_in admin 'eleven birds on one wire'
if compose logs drover | grep -i password; then fail "the logs show a password"; fi
ok "the first password comes from a file, and is not in the logs"
compose down -v
nothing_is_left
cleaned=yes
