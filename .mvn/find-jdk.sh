# Sourced by drover and mvnw. Finds Java 25 or newer, wherever it is installed: a JDK to build with, or a runtime that is enough for
# what is built. In a release archive it lies in lib.

DROVER_JAVA_LEAST=25

# The major version of the Java in a directory, or nothing if it has none with this program: javac is in JDKs only.
java_version() {
  [ -x "$1/bin/$2" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# Prints the first JDK that is new enough: the one asked for, the environment's, then the usual places.
find_jdk() {
  find_with javac "JDK"
}

# The same of any Java that can run what is built.
find_runtime() {
  find_with java "Java"
}

find_with() { # the program that it must have, what it is called
  local program=$1 kind=$2 home version on_path
  if [ -n "${DROVER_JAVA_HOME:-}" ]; then
    version=$(java_version "$DROVER_JAVA_HOME" "$program")
    if [ "${version:-0}" -lt "$DROVER_JAVA_LEAST" ]; then
      local holds=${version:+"Java $version"}
      echo "drover: DROVER_JAVA_HOME=$DROVER_JAVA_HOME holds ${holds:-no $kind}; Java $DROVER_JAVA_LEAST or newer is needed" >&2
      return 2
    fi
    echo "$DROVER_JAVA_HOME"
    return 0
  fi
  on_path=$(command -v "$program") && on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
  for home in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/java/* /opt/* /usr/local/* \
    "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/*; do
    version=$(java_version "$home" "$program")
    if [ "${version:-0}" -ge "$DROVER_JAVA_LEAST" ]; then
      echo "$home"
      return 0
    fi
  done
  echo "drover: no $kind $DROVER_JAVA_LEAST found; install one (Debian: temurin-25-jdk from Adoptium's repository, or unpack one below /opt), or name it in DROVER_JAVA_HOME" >&2
  return 2
}
