# docker build -t drover:0.1.0 .
# Serves on 8080 (site), 9090 (dashboard) and 9091 (health, metrics). docker-compose.yml shows how it wants to be run; docs/docker.md has more.

# The packages of the front-end change less often than its sources: a layer of their own.
FROM node:24-slim AS node
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json ./
COPY frontend/scripts scripts
RUN --mount=type=cache,target=/root/.npm node scripts/install.js

FROM maven:3.9-eclipse-temurin-25 AS maven

# On the system that the image stands on: the master is linked to its C library.
FROM debian:bookworm-slim AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev make \
    && rm -rf /var/lib/apt/lists/*
COPY --from=maven /opt/java/openjdk /opt/java/openjdk
COPY --from=maven /usr/share/maven /usr/share/maven
COPY --from=node /usr/local/bin/node /usr/local/bin/
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
ENV JAVA_HOME=/opt/java/openjdk \
    LANG=C.UTF-8 \
    PATH=/opt/java/openjdk/bin:/usr/share/maven/bin:/usr/local/bin:/usr/bin:/bin
# The Java that the image has. Most modules are Spring's wish: java.desktop for its beans, java.sql for the types of dates,
# java.naming and java.security.jgss for Tomcat. Ours: java.net.http trains the workers, jdk.management tells what processes use,
# jdk.unsupported has signals. What comes with a debugger or a compiler stays away; threads are dumped by SIGQUIT, which needs none.
RUN jlink --output /opt/runtime --compress=zip-6 --no-header-files --no-man-pages \
        --add-modules java.base,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.sql,java.xml,jdk.jfr,jdk.management,jdk.net,jdk.unsupported \
    && /opt/runtime/bin/java -Xshare:dump >/dev/null
WORKDIR /build
COPY --from=node /build/frontend/node_modules frontend/node_modules
COPY pom.xml ./
COPY .mvn .mvn
COPY worker-engine worker-engine
COPY frontend frontend
COPY admin-app admin-app
# The parent names it, the image does without it.
COPY verify/pom.xml verify/
# Tests and the format check belong to `./drover test`: they need a browser and more libraries.
RUN --mount=type=cache,target=/root/.m2/repository \
    mvn -B -ntp package cyclonedx:makeBom -pl admin-app -am -DskipTests -Dmaven.test.skip=true -Dspotless.check.skip=true \
    -Ddrover.untrained=true
# What is in the image besides Debian's packages, which dpkg lists.
RUN mkdir sbom \
    && cp admin-app/target/bom.json sbom/java.cdx.json \
    && node frontend/scripts/sbom.js >sbom/frontend.cdx.json

FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="Drover" \
      org.opencontainers.image.description="A static web server that you can watch, and restart without anyone noticing" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="debian:bookworm-slim"
# A fixed number, so that volumes and tmpfs mounts can be given to it. New volumes take owner and mode from these directories.
RUN groupadd --system --gid 10001 drover \
    && useradd --system --uid 10001 --gid drover --home-dir /opt/drover --no-create-home --shell /usr/sbin/nologin drover \
    && install --directory --owner=drover --group=drover --mode=0700 /run/drover /var/lib/drover /var/log/drover \
    # Nobody in here has to become another user.
    && find / -xdev -type f -perm /6000 -exec chmod a-s {} +
COPY --from=build /opt/runtime /opt/java
# Names of files are UTF-8.
ENV JAVA_HOME=/opt/java \
    LANG=C.UTF-8
# Laid out as in a checkout, but without pom.xml: the command `drover` then runs what is there and builds nothing.
WORKDIR /opt/drover
COPY --from=build /build/target/dist target/dist
COPY --from=build /build/sbom sbom
COPY drover ./
COPY --chmod=755 docker/keep-up.sh keep-up
COPY .mvn/find-jdk.sh .mvn/
# Here, because what it makes is of use to this Java, at this place, only.
RUN /opt/java/bin/java -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -cp "target/dist/lib/*" \
    drover.admin.supervision.Training target/dist
COPY config/drover.yml config/
COPY config/sites /srv/sites
# Inside a container loopback cannot be reached from outside: what is reachable is decided by the ports that are published.
# So the dashboard wants a certificate (DROVER_ADMIN_TLS_CERTIFICATE, DROVER_ADMIN_TLS_KEY), or DROVER_ADMIN_ALLOW_PLAIN_HTTP=true
# from whoever publishes its port on loopback only, as docker-compose.yml does.
ENV DROVER_LISTEN=0.0.0.0:8080 \
    DROVER_DOCUMENT_ROOT=/srv/sites \
    DROVER_RUN_DIRECTORY=/run/drover \
    DROVER_STATE_DIRECTORY=/var/lib/drover \
    DROVER_LOG_DIRECTORY=/var/log/drover \
    DROVER_ADMIN_ADDRESS=0.0.0.0 \
    DROVER_ADMIN_MANAGEMENT_ADDRESS=0.0.0.0
USER drover
# Where a JVM that crashes leaves its report: a directory that can be written when the root cannot.
WORKDIR /tmp
EXPOSE 8080 9090 9091
STOPSIGNAL SIGTERM
# Whether new requests are answered and admin watches over it. `drover health` says the first without admin, but starts a JVM for it,
# which takes a second of a processor, every ten seconds; bash asks in some milliseconds, and there is no curl.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9091 && printf 'GET /actuator/health HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ code _ <&3 && [ \"$code\" = 200 ]"]
ENTRYPOINT ["/opt/drover/keep-up"]
CMD ["up"]
