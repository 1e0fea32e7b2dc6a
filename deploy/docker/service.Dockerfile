# One service of Basalt in a container: SERVICE is auth, data, storage, functions or control.
#   mvn -B package -DskipTests && docker build -f deploy/docker/service.Dockerfile --build-arg SERVICE=auth -t basalt/auth .
ARG BASE=eclipse-temurin:25-jre-noble
FROM ${BASE}

# The same layers for every service, so that a machine keeps them once. bubblewrap is for the function host alone.
RUN apt-get update \
    && apt-get install -y --no-install-recommends bubblewrap curl \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 basalt \
    && useradd --uid 10001 --gid 10001 --home-dir /var/lib/basalt --shell /usr/sbin/nologin basalt \
    && install -d -o basalt -g basalt -m 0700 /var/lib/basalt

ARG SERVICE
COPY --chown=root:root deploy/services/${SERVICE}/target/quarkus-app /opt/basalt

# The usage journal lies here: a volume lets it outlive the container.
ENV BASALT_DATA=/var/lib/basalt \
    BASALT_HOST=0.0.0.0 \
    BASALT_PORT=8000 \
    BASALT_MANAGEMENT_PORT=9000
VOLUME /var/lib/basalt
EXPOSE 8000 9000
WORKDIR /var/lib/basalt
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:9000/q/health/ready"]
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED", \
    "--sun-misc-unsafe-memory-access=allow", \
    "-Djava.util.logging.manager=org.jboss.logmanager.LogManager", "-jar", "/opt/basalt/quarkus-run.jar"]
