package dev.basalt.functions;

import dev.basalt.functions.js.JsConfig;
import dev.basalt.functions.js.JsRuntime;
import dev.basalt.functions.runtime.FunctionRuntime;
import dev.basalt.functions.runtime.Isolation;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The runtimes of this host, made when the first function needs one. Safe for use by any thread. */
@ApplicationScoped
public class Runtimes {
    private static final Logger LOG = Logger.getLogger(Runtimes.class);

    private final Vertx vertx;
    private final FunctionsConfig config;
    private final JsConfig jsConfig;
    private final MeterRegistry metrics;
    private @Nullable JsRuntime js;

    @Inject
    public Runtimes(Vertx vertx, FunctionsConfig config, JsConfig jsConfig, MeterRegistry metrics) {
        this.vertx = vertx;
        this.config = config;
        this.jsConfig = jsConfig;
        this.metrics = metrics;
    }

    /** The runtime that a manifest names, if this host offers it. */
    public Optional<FunctionRuntime> named(String name) {
        return name.equals("js") ? Optional.of(js()) : Optional.empty();
    }

    /** The runtimes that have been asked for since the start. */
    public synchronized List<FunctionRuntime> made() {
        return js == null ? List.of() : List.of(js);
    }

    /** How functions are isolated here. Blocks for some milliseconds when it is asked first. */
    public Isolation isolation() {
        return js().isolation();
    }

    private synchronized JsRuntime js() {
        JsRuntime made = js;
        if (made == null) {
            made = new JsRuntime(
                    vertx, jsConfig, config.untrusted(), config.home().toAbsolutePath());
            js = made;
            JsRuntime runtime = made;
            Gauge.builder("basalt.functions.workers", runtime, JsRuntime::workerCount)
                    .register(metrics);
            Gauge.builder("basalt.functions.instances", runtime, JsRuntime::instanceCount)
                    .register(metrics);
            Gauge.builder("basalt.functions.waiting", runtime, JsRuntime::waitingCount)
                    .register(metrics);
            Thread.ofVirtual().start(() -> report(runtime.isolation()));
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
        if (js != null) {
            js.close();
        }
    }
}
