#!/bin/sh
# Plays the conformance cases against nginx, to compare: worker-engine/src/test/nginx/play.sh [PORT]
# Needs nginx, a JDK 25 as JAVA_HOME or on the PATH, and `mvn -pl worker-engine test-compile` beforehand.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=$(cd "$here/../../../target" && pwd)
port=${1:-8099}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
root=$(mktemp -d /dev/shm/drover-nginx-XXXXXX)
chmod 755 "$root" # nginx's workers are another user

"$java" -cp "$target/classes:$target/test-classes" drover.engine.conformance.SiteTree "$root/tree"
sed "s|@ROOT@|$root|g; s|@PORT@|$port|g" "$here/nginx.conf" > "$root/nginx.conf"
nginx -c "$root/nginx.conf" 2> "$root/start.log" &
nginx=$!
trap 'kill "$nginx"; wait "$nginx" 2> /dev/null || true; rm -rf "$root"' EXIT
tries=0
until [ -s "$root/nginx.pid" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || { cat "$root/start.log"; exit 1; }
    sleep 0.05
done
"$java" -cp "$target/classes:$target/test-classes" drover.engine.conformance.Conformance "127.0.0.1:$port"
