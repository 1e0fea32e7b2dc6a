# Basalt in one container: every service, embedded PostgreSQL, files for objects.
#   mvn -B package -DskipTests && docker build -f deploy/docker/standalone.Dockerfile -t basalt/standalone .
#   docker run -p 8000:8000 -v basalt:/var/lib/basalt basalt/standalone
ARG BASE=eclipse-temurin:25-jre-noble
FROM ${BASE}

# bubblewrap: the sandbox of function workers. curl: the health check. util-linux' setpriv ends PostgreSQL with the JVM.
RUN apt-get update \
    && apt-get install -y --no-install-recommends bubblewrap curl util-linux \
    && rm -rf /var/lib/apt/lists/* \
    # PostgreSQL refuses to run as root, and initdb wants a name for its user.
    && groupadd --gid 10001 basalt \
    && useradd --uid 10001 --gid 10001 --home-dir /var/lib/basalt --shell /usr/sbin/nologin basalt \
    && install -d -o basalt -g basalt -m 0700 /var/lib/basalt

COPY --chown=root:root standalone/target/quarkus-app /opt/basalt

ENV BASALT_DATA=/var/lib/basalt \
    BASALT_HOST=0.0.0.0 \
    BASALT_PORT=8000
VOLUME /var/lib/basalt
EXPOSE 8000
WORKDIR /var/lib/basalt
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8000/q/health/ready"]
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=50", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED", \
    "--sun-misc-unsafe-memory-access=allow", \
    "-Djava.util.logging.manager=org.jboss.logmanager.LogManager", "-jar", "/opt/basalt/quarkus-run.jar"]
