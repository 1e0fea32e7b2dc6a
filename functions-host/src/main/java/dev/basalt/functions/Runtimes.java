package dev.basalt.functions;

import dev.basalt.functions.container.ContainerConfig;
import dev.basalt.functions.container.ContainerRuntime;
import dev.basalt.functions.egress.EgressConfig;
import dev.basalt.functions.js.JsConfig;
import dev.basalt.functions.js.JsRuntime;
import dev.basalt.functions.process.ProcessConfig;
import dev.basalt.functions.process.ProcessRuntime;
import dev.basalt.functions.runtime.FunctionRuntime;
import dev.basalt.functions.runtime.Isolation;
import dev.basalt.functions.share.Shares;
import dev.basalt.functions.signature.SignatureRuntime;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The runtimes of this host, made when the first function needs one. Safe for use by any thread. */
@ApplicationScoped
public class Runtimes {
    private static final Logger LOG = Logger.getLogger(Runtimes.class);

    private final Vertx vertx;
    private final FunctionsConfig config;
    private final JsConfig jsConfig;
    private final EgressConfig egressConfig;
    private final Shares shares;
    private final MeterRegistry metrics;
    private final ProcessConfig processConfig;
    private final ContainerConfig containerConfig;
    private @Nullable JsRuntime js;
    private @Nullable FunctionRuntime adapted;
    private @Nullable ProcessRuntime process;
    private @Nullable ContainerRuntime container;

    @Inject
    public Runtimes(
            Vertx vertx,
            FunctionsConfig config,
            JsConfig jsConfig,
            ProcessConfig processConfig,
            ContainerConfig containerConfig,
            EgressConfig egressConfig,
            Shares shares,
            MeterRegistry metrics) {
        this.vertx = vertx;
        this.config = config;
        this.jsConfig = jsConfig;
        this.processConfig = processConfig;
        this.containerConfig = containerConfig;
        this.egressConfig = egressConfig;
        this.shares = shares;
        this.metrics = metrics;
    }

    /** The runtime that a manifest names, if this host offers it. */
    public Optional<FunctionRuntime> named(String name) {
        return switch (name) {
            case "js" -> Optional.of(adapted());
            case "nodejs", "python", "java", "provided" -> Optional.of(process());
            case "http" -> Optional.of(container());
            default -> Optional.empty();
        };
    }

    /** The runtimes that have been asked for since the start. */
    public synchronized List<FunctionRuntime> made() {
        return Stream.<@Nullable FunctionRuntime>of(js, process, container)
                .<FunctionRuntime>mapMulti((made, each) -> {
                    if (made != null) {
                        each.accept(made);
                    }
                })
                .toList();
    }

    /** How functions are isolated here. Blocks for some milliseconds when it is asked first. */
    public Isolation isolation() {
        return js().isolation();
    }

    private synchronized JsRuntime js() {
        JsRuntime made = js;
        if (made == null) {
            made = new JsRuntime(
                    vertx,
                    jsConfig,
                    egressConfig,
                    shares,
                    config.untrusted(),
                    config.home().toAbsolutePath());
            js = made;
            JsRuntime runtime = made;
            Gauge.builder("basalt.functions.workers", runtime, JsRuntime::workerCount)
                    .register(metrics);
            Gauge.builder("basalt.functions.instances", runtime, JsRuntime::instanceCount)
                    .register(metrics);
            Gauge.builder("basalt.functions.waiting", runtime, JsRuntime::waitingCount)
                    .register(metrics);
            for (boolean stocked : new boolean[] {true, false}) {
                FunctionCounter.builder("basalt.functions.loads", runtime, loaded -> loaded.loads(stocked))
                        .tag("isolate", stocked ? "stocked" : "new")
                        .register(metrics);
            }
            Thread.ofVirtual().start(() -> report(runtime.isolation()));
        }
        return made;
    }

    /** JavaScript by the conventions of other platforms as well. */
    private synchronized FunctionRuntime adapted() {
        FunctionRuntime made = adapted;
        if (made == null) {
            made = new SignatureRuntime(js());
            adapted = made;
        }
        return made;
    }

    private synchronized ProcessRuntime process() {
        ProcessRuntime made = process;
        if (made == null) {
            made = new ProcessRuntime(
                    vertx,
                    processConfig,
                    shares,
                    egressConfig,
                    config.untrusted(),
                    config.home().toAbsolutePath());
            process = made;
            Gauge.builder("basalt.functions.processes", made, ProcessRuntime::instanceCount)
                    .register(metrics);
            Gauge.builder("basalt.functions.processes.waiting", made, ProcessRuntime::waitingCount)
                    .register(metrics);
        }
        return made;
    }

    private synchronized ContainerRuntime container() {
        ContainerRuntime made = container;
        if (made == null) {
            made = new ContainerRuntime(vertx, containerConfig, shares, egressConfig);
            container = made;
            Gauge.builder("basalt.functions.http.waiting", made, ContainerRuntime::waitingCount)
                    .register(metrics);
        }
        return made;
    }

    private void report(Isolation isolation) {
        if (isolation.level() == Isolation.Level.FULL) {
            LOG.info("functions run in a full sandbox");
        } else if (config.untrusted()) {
            LOG.errorf("functions do not run: they may be strangers' and %s", isolation.reason());
        } else {
            LOG.warnf(
                    "functions run with isolation level %s: %s. Fine for code you trust; set BASALT_FUNCTIONS_UNTRUSTED=true"
                            + " to refuse anything less than the full sandbox",
                    isolation.level(), isolation.reason());
        }
    }

    @PreDestroy
    synchronized void close() {
        made().forEach(FunctionRuntime::close);
    }
}
