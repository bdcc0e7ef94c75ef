#!/usr/bin/env bash
# What a container runs: `drover up`, and once more when admin was killed, for the farm serves on and the next admin adopts it.
# Other commands of drover are run as they are. Signals are passed on, and as process 1 it collects who ends without a parent.
# Ends with admin's exit code when admin was told to stop, or has not come up the first time.
set -uo pipefail

drover=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/drover
[ "${1:-up}" = up ] || exec "$drover" "$@"

readonly ENOUGH=10 # seconds: an admin that lived for longer has not failed to start
readonly LONGEST=30 # seconds between two attempts

admin=
stopping=
again=
pause=0

pass() { # a signal, to admin if there is one
  [ -z "$admin" ] || kill -s "$1" "$admin" 2>/dev/null || true
}

# A shell's background process does not see SIGINT, so admin gets the other signal that stops it.
trap 'stopping=yes; pass TERM' TERM INT
for signal in HUP QUIT USR1 USR2 TTIN TTOU; do
  trap "pass $signal" "$signal"
done

# A signal that is passed on ends `wait`, while admin lives.
await_admin() {
  while kill -0 "$admin" 2>/dev/null; do
    wait "$admin"
  done
  wait "$admin"
  code=$?
  admin=
}

was_told_to_stop() { # by a signal to us, or by `drover down`
  [ -n "$stopping" ] || [ "$code" = 130 ] || [ "$code" = 143 ]
}

while :; do
  begun=$SECONDS
  "$drover" up "${@:2}" &
  admin=$!
  await_admin
  if was_told_to_stop || { [ -z "$again" ] && [ "$code" -le 128 ]; }; then
    break
  fi
  again=yes
  if [ $((SECONDS - begun)) -lt "$ENOUGH" ]; then
    pause=$((pause * 2 + 1 < LONGEST ? pause * 2 + 1 : LONGEST))
  else
    pause=0
  fi
  echo "drover: admin ended with exit code $code; the site is served on, and the next admin starts in $pause s" >&2
  sleep "$pause" &
  wait $!
  [ -z "$stopping" ] || break
done

# Whoever has to stop while there is no admin still lets requests finish.
if [ -n "$stopping" ] && [ "$code" != 130 ] && [ "$code" != 143 ]; then
  "$drover" down "${@:2}"
  code=143
fi
exit "$code"
