#!/usr/bin/env bash
# The last step of a build: makes lib/worker-engine.aot of a distribution, with the Java that workers will run on.
# Maven calls it with the distribution's path.
set -euo pipefail

. "$(dirname "${BASH_SOURCE[0]}")/find-jdk.sh"
exec "$(find_jdk)/bin/java" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
  -cp "$1/lib/*" drover.admin.supervision.Training "$1"
