#!/usr/bin/env bash
# Deploys config/swarm on the swarm that this engine manages, uses it as visitors and operators would, and takes it away again:
#
#   docker/swarm-test.sh [ADDRESS ...]     how visitors reach the nodes; without any, by the addresses that the swarm knows
#
# Needs a swarm of three nodes or more, on each of which the image lies (DROVER_IMAGE, drover:0.1.0), docker and jq.
# KILL_NODE is a command that kills a node other than this one; without it a node is drained, which is gentler.
# VISITORS_IMAGE has a JDK 25. One line for each check; exit code 1 at the first that fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

stack=drover-test-$$
service=${stack}_drover
work=$(mktemp -d)
visitors=
drained=
visitors_image=${VISITORS_IMAGE:-eclipse-temurin:25-jdk}
export DROVER_REPLICAS=3 SITE_PORT=${SITE_PORT:-8080} CONFIG_VERSION=test-$$
addresses=("$@")

ok() {
  printf 'ok    %s\n' "$*"
}

fail() {
  printf 'FAIL  %s\n' "$*"
  exit 1
}

finish() {
  code=$?
  if [ "$code" != 0 ]; then
    docker service ps --no-trunc "$service" 2>&1 | cut -c1-200 >&2 || true
    docker service logs --raw --tail 20 "$service" 2>&1 | grep -v '^{' | cut -c1-200 >&2 || true
  fi
  [ -z "$visitors" ] || docker rm -f "$visitors" >/dev/null 2>&1 || true
  [ -z "$drained" ] || docker node update --availability active "$drained" >/dev/null || true
  docker stack rm "$stack" >/dev/null 2>&1 || true
  rm -rf "$work"
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

await() { # seconds, what is waited for, a command
  local deadline=$((SECONDS + $1))
  until "${@:3}"; do
    [ "$SECONDS" -lt "$deadline" ] || fail "$2: not within $1 s"
    sleep 0.5
  done
}

# ---- what there is

[ "$(docker info -f '{{.Swarm.ControlAvailable}}')" = true ] || fail "this engine manages no swarm"
mapfile -t nodes < <(docker node ls -q)
[ "${#nodes[@]}" -ge 3 ] || fail "the swarm has ${#nodes[@]} nodes; three are wanted"
if [ "${#addresses[@]}" = 0 ]; then
  mapfile -t addresses < <(docker node inspect -f '{{.Status.Addr}}' "${nodes[@]}")
fi

deploy() { # stack files
  docker stack deploy --resolve-image=never --detach=false "${@/#/--compose-file=config/swarm/}" "$stack" >/dev/null ||
    fail "docker stack deploy $*"
}

running() { # the tasks that run and are to run: id, node
  docker service ps "$service" -f desired-state=running --format '{{.ID}} {{.Node}} {{.CurrentState}}' | grep ' Running ' | cut -d' ' -f1,2
}

runs() { # so many
  [ "$(running | wc -l)" = "$1" ]
}

# ---- reached on a port of each node

deploy stack.yml stack.host-ports.yml
await 120 "three tasks run" runs 3
[ "$(running | cut -d' ' -f2 | sort -u | wc -l)" = 3 ] || fail "the tasks are not on three nodes: $(running)"

visit() { # what visitors are told; they come when the first of them is answered
  visitors=$(docker create "$@")
  docker cp -q docker/Visitors.java "$visitors:/tmp/Visitors.java"
  docker start "$visitors" >/dev/null
  await 60 "the first visitor is answered" visitors_are_there
}

visitors_are_there() {
  [ "$(docker inspect -f '{{.State.Running}}' "$visitors")" = true ] || fail "visitors: $(docker logs "$visitors" 2>&1 | tail -3)"
  [[ $(docker logs "$visitors" 2>&1) == *'the first is answered'* ]]
}

visitors_leave() { # sets `said`
  docker stop -t 30 "$visitors" >/dev/null
  said=$(docker logs "$visitors" 2>&1 | tail -1)
  docker rm "$visitors" >/dev/null
  visitors=
  [[ $said =~ ^'visitors: ok '([0-9]+)', failed '([0-9]+)', ' ]] || fail "visitors: $said"
}

visitors_go() { # what was done meanwhile; nobody has to have noticed
  visitors_leave
  [ "${BASH_REMATCH[2]}" = 0 ] && [ "${BASH_REMATCH[1]}" -gt 0 ] || fail "$1: $said"
}

java=(java -XX:TieredStopAtLevel=1 /tmp/Visitors.java)

for address in "${addresses[@]:0:3}"; do
  visit "$visitors_image" "${java[@]}" 1 "$address:$SITE_PORT"
  visitors_go "the node $address"
done
ok "three tasks on three nodes, each serves"

# ---- Prometheus and what it adds up

ask_prometheus() { # paths, one a line; prints the answers, one a line
  docker exec -i "$(docker ps -q --filter "label=com.docker.swarm.service.name=${stack}_prometheus" | head -1)" \
    sh -c 'while read -r path; do wget -q -O - "http://127.0.0.1:9090/api/v1/$path" || printf "{}"; echo; done' 2>/dev/null
}

query() { # an expression; prints the values, one a line
  jq -nr --arg query "$1" '"query?query=\($query | @uri)"' | ask_prometheus | jq -r '.data.result[]?.value[1]'
}

has() { # an expression, the value it must have
  [ "$(query "$1")" = "$2" ]
}

sum() { # values, one a line
  awk '{ total += $1 } END { printf "%d\n", total }'
}

await 90 "Prometheus sees three instances" has 'count(up{job="drover"} == 1)' 3
await 30 "Prometheus knows the workers of all" has 'sum(drover_worker_up{instance=~".*"})' 6
alerts=$(cat config/prometheus/{alerts,fleet}.yml | grep -c '^ *- alert: ')
rules=$(ask_prometheus <<<rules | jq '[.data.groups[].rules[] | select(.type == "alerting")] | length')
[ "$rules" = "$alerts" ] || fail "Prometheus has $rules alerts, there are $alerts"
ok "Prometheus sees three instances with six workers, and has $alerts alerts"

# Nobody else asks for anything: what the visitors got is what was counted, in all together and in each.
requests='drover_http_requests_total{instance=~".*"}'

counts() { # are so many
  [ "$(query "sum($requests)")" = "$1" ]
}

counts_stand() { # two scrapes have seen the same
  local before
  before=$(query "sum($requests)")
  sleep 6
  counts "$before"
}

await 60 "the counts stand" counts_stand
before=$(query "sum($requests)")
visit "$visitors_image" "${java[@]}" --elsewhere 6 "${addresses[@]/%/:$SITE_PORT}"
sleep 10
visitors_go "visitors of all nodes"
[[ $said =~ 'ok '([0-9]+),.*'asked elsewhere 0' ]] || fail "somebody was not answered at once: $said"
await 30 "Prometheus has counted ${BASH_REMATCH[1]} requests more than $before" counts $((before + BASH_REMATCH[1]))
[ "$(query "sum by (instance) ($requests)" | wc -l)" = 3 ] || fail "the sums by instance are not three"
[ "$(query "sum by (instance) ($requests)" | sum)" = "$(query "sum($requests)")" ] || fail "the instances do not add up to the fleet"
[ "$(query "sum(drover_worker_up) - sum(sum by (instance) (drover_worker_up))")" = 0 ] || fail "workers do not add up"
ok "what three instances counted adds up to what visitors got: $said"

# ---- the dashboard: what it shows of all is what it shows of each, added up

ask_prometheus <<<'label/instance/values?match[]=drover_build_info' | jq -c '.data' >"$work/instances"
[ "$(jq length "$work/instances")" = 3 ] || fail "the dashboard can choose from $(<"$work/instances")"
jq -c '[.. | .expr? | strings] | unique' config/grafana/dashboards/drover.json >"$work/queries"

# At one moment, which Prometheus has already seen: each query of all, then of each instance.
jq -nr --arg time $(($(date +%s) - 10)) --slurpfile queries "$work/queries" --slurpfile instances "$work/instances" '
  $queries[0][] as $query | (".*", $instances[0][]) as $instance
  | $query | gsub("\\$instance"; $instance) | gsub("\\$(worker|vhost)"; ".*") | gsub("\\$__rate_interval"; "1m")
  | "query?time=\($time)&query=\(@uri)"' | ask_prometheus >"$work/answers"
# Percentiles, ratios and moments are none.
jq -s --slurpfile queries "$work/queries" '
  def total: [.data.result[].value[1] | tonumber] | add // 0;
  . as $answers | $queries[0] | to_entries | map({query: .value, of: $answers[(4 * .key):(4 * .key + 4)]})
  | {refused: map(select(any(.of[]; .status != "success")).query),
     sums: map(select(.query | test("^(sum|count)") and (test("/|or vector|_timestamp_") | not))
       | {query, all: (.of[0] | total), each: (.of[1:] | map(total) | add)})}' "$work/answers" >"$work/dashboard"
[ "$(jq '.refused | length' "$work/dashboard")" = 0 ] || fail "Prometheus refuses $(jq -r '.refused[0]' "$work/dashboard")"
wrong=$(jq -c '.sums[] | select((.all - .each | fabs) > 1e-9 * (.all | fabs))' "$work/dashboard")
[ -z "$wrong" ] || fail "the dashboard does not add up: $wrong"
[ "$(jq '[.sums[] | select(.all > 0)] | length' "$work/dashboard")" -ge 10 ] || fail "the dashboard is empty: $(jq -c .sums "$work/dashboard")"
ok "of $(jq length "$work/queries") queries of the dashboard all are answered; $(jq '.sums | length' "$work/dashboard") are sums, each of which adds up"

# ---- an update, by the nodes' ports

is_updated() {
  local state
  state=$(docker service inspect -f '{{.UpdateStatus.State}}' "$service")
  [[ $state != *rollback* ]] || fail "the update was rolled back: $(docker service inspect -f '{{.UpdateStatus.Message}}' "$service")"
  [ "$state" = completed ]
}

update() { # replaces every task
  local before
  before=$(running | cut -d' ' -f1 | sort)
  docker service update --force --detach=false --quiet "$service" >/dev/null || fail "the update failed"
  await 60 "the update is completed" is_updated
  await 60 "three tasks run" runs 3
  [ -z "$(comm -12 <(echo "$before") <(running | cut -d' ' -f1 | sort))" ] || fail "a task was not replaced"
}

visit "$visitors_image" "${java[@]}" --elsewhere 6 "${addresses[@]/%/:$SITE_PORT}"
begun=$SECONDS
update
took=$((SECONDS - begun))
visitors_go "the update by ports of nodes"
ok "a rolling update in $took s by the nodes' ports, one node after the other; $said"

# ---- a node is emptied, and there is one to spare

DROVER_REPLICAS=2 deploy stack.yml stack.host-ports.yml
await 60 "two tasks run" runs 2
emptied=$(running | cut -d' ' -f2 | grep -vx "$(docker info -f '{{.Name}}')" | head -1)

has_left() { # a node: whether two tasks run, all elsewhere
  runs 2 && ! running | cut -d' ' -f2 | grep -qx "$1"
}

visit "$visitors_image" "${java[@]}" --elsewhere 6 "${addresses[@]/%/:$SITE_PORT}"
begun=$SECONDS
drained=$emptied
docker node update --availability drain "$drained" >/dev/null
await 60 "the replica of the node that is emptied is elsewhere" has_left "$emptied"
took=$((SECONDS - begun))
visitors_go "a node is emptied"
docker node update --availability active "$drained" >/dev/null
drained=
ok "a node is emptied for maintenance: its replica is on the node to spare, by the same port, after $took s; $said"

# ---- an update with the successor first, by the network

deploy stack.yml
await 120 "three tasks run" runs 3
[ "$(docker service inspect -f '{{.Spec.UpdateConfig.Order}} {{.Spec.UpdateConfig.FailureAction}}' "$service")" = 'start-first rollback' ] ||
  fail "the successor does not start first"
visit --network "${stack}_fleet" "$visitors_image" "${java[@]}" --elsewhere 6 tasks.drover:8080
begun=$SECONDS
update
took=$((SECONDS - begun))
visitors_go "the update within the network"
ok "a rolling update in $took s, each successor first; $said"

# ---- an update that cannot be is rolled back

before=$(running | cut -d' ' -f1 | sort)
# Its exit code tells an update that was rolled back from one that was not in some versions of docker only.
docker service update --env-add DROVER_WORKERS=none --detach=true --quiet "$service" >/dev/null
rolled_back() {
  [ "$(docker service inspect -f '{{.UpdateStatus.State}}' "$service")" = rollback_completed ]
}
await 120 "the update is rolled back" rolled_back
await 60 "three tasks run" runs 3
[ "$(comm -12 <(echo "$before") <(running | cut -d' ' -f1 | sort) | wc -l)" -ge 2 ] || fail "more than one task was given up for it"
ok "an update that does not start is rolled back"

# ---- a node is lost

this=$(docker info -f '{{.Swarm.NodeID}}')
visit --network "${stack}_fleet" "$visitors_image" "${java[@]}" --elsewhere 6 tasks.drover:8080
begun=$SECONDS
if [ -n "${KILL_NODE:-}" ]; then
  $KILL_NODE >/dev/null
  what=killed
else
  for node in "${nodes[@]}"; do
    [ "$node" = "$this" ] || drained=$node
  done
  docker node update --availability drain "$drained" >/dev/null
  what=drained
fi

is_back() { # three tasks on the nodes that are left
  local lost
  lost=$(docker node ls --format '{{.Hostname}} {{.Status}} {{.Availability}}' | grep -vE ' Ready (Active|Pause)$' | cut -d' ' -f1)
  [ -n "$lost" ] && runs 3 && ! running | cut -d' ' -f2 | grep -qx "$lost"
}

await 120 "the replica of the lost node is back" is_back
took=$((SECONDS - begun))
await 60 "Prometheus sees the three that are left" has 'count(up{job="drover"} == 1)' 3
# Of each visitor one request may have been under way there: nobody answers it, and nobody can know whether it was begun.
visitors_leave
[ "${BASH_REMATCH[2]}" -le 6 ] || fail "a node was $what: $said"
ok "a node was $what; its replica is back elsewhere after $took s, and Prometheus sees three instances; $said"
docker stack rm "$stack" >/dev/null
