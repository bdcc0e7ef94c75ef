# Sourced by drover and mvnw. Finds a JDK of at least Java 25, wherever it is installed, and sets JAVA_HOME to it.

DROVER_JAVA_LEAST=25

# The major version of the JDK in a directory, or nothing if there is none.
jdk_version() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# Prints the first JDK that is new enough: the one asked for, the environment's, then the usual places.
find_jdk() {
  local home version on_path
  if [ -n "${DROVER_JAVA_HOME:-}" ]; then
    version=$(jdk_version "$DROVER_JAVA_HOME")
    if [ "${version:-0}" -lt "$DROVER_JAVA_LEAST" ]; then
      local holds=${version:+"Java $version"}
      echo "drover: DROVER_JAVA_HOME=$DROVER_JAVA_HOME holds ${holds:-no JDK}; Java $DROVER_JAVA_LEAST or newer is needed" >&2
      return 2
    fi
    echo "$DROVER_JAVA_HOME"
    return 0
  fi
  on_path=$(command -v javac) && on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
  for home in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/java/* /opt/* /usr/local/* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    version=$(jdk_version "$home")
    if [ "${version:-0}" -ge "$DROVER_JAVA_LEAST" ]; then
      echo "$home"
      return 0
    fi
  done
  echo "drover: no JDK $DROVER_JAVA_LEAST found; install one (Debian: temurin-25-jdk from Adoptium's repository, or unpack one below /opt), or name it in DROVER_JAVA_HOME" >&2
  return 2
}
