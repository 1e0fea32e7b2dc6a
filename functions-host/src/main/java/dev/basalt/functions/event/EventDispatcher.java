package dev.basalt.functions.event;

import dev.basalt.functions.invoke.FunctionInvoker;
import dev.basalt.functions.invoke.InvocationKind;
import dev.basalt.functions.invoke.Origin;
import dev.basalt.functions.registry.DeployedFunction;
import dev.basalt.functions.registry.FunctionRegistry;
import dev.basalt.functions.registry.FunctionStore;
import dev.basalt.functions.runtime.Failure;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.tail.LiveTail;
import dev.basalt.kit.control.ControlDatabase;
import dev.basalt.kit.event.EventSink;
import dev.basalt.kit.function.NotifyingEventSink;
import dev.basalt.kit.project.DataTrigger;
import dev.basalt.kit.project.Project;
import dev.basalt.kit.project.ProjectDirectory;
import dev.basalt.kit.project.ProjectStatus;
import dev.basalt.kit.request.RequestContext;
import dev.basalt.kit.secret.RandomToken;
import dev.basalt.kit.usage.Service;
import dev.basalt.kit.usage.UsageMeter;
import dev.basalt.kit.usage.UsageRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.pubsub.PgSubscriber;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Delivers events: claims them in a project's database, runs {@code onEvent}, removes what succeeded, and sets what failed
 * to a later time or, after the last attempt, dead. At least once: an event is removed only after its function answered, and
 * its id stays the same. Works on a project when it is nudged, at the time its next retry is due, and for a while on projects
 * that were active; an idle project costs nothing. Safe for use by any thread; one project is worked on by one chain at a
 * time in this process, others share by the rows' locks.
 */
@ApplicationScoped
public class EventDispatcher implements EventSink {
    private static final Logger LOG = Logger.getLogger(EventDispatcher.class);
    private static final int MAX_ERROR = 2000;

    private final Vertx vertx;
    private final EventConfig config;
    private final EventStore store;
    private final FunctionRegistry registry;
    private final FunctionStore functions;
    private final FunctionInvoker invoker;
    private final ProjectDirectory projects;
    private final ControlDatabase control;
    private final UsageMeter usage;
    private final LiveTail tail;
    private final Timer delay;
    private final Counter delivered;
    private final Counter retried;
    private final Counter dead;
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
    private @Nullable PgSubscriber subscriber;
    private @Nullable Context context;
    private volatile boolean stopping;

    @Inject
    EventDispatcher(
            Vertx vertx,
            EventConfig config,
            EventStore store,
            FunctionRegistry registry,
            FunctionStore functions,
            FunctionInvoker invoker,
            ProjectDirectory projects,
            ControlDatabase control,
            UsageMeter usage,
            LiveTail tail,
            MeterRegistry metrics) {
        this.vertx = vertx;
        this.config = config;
        this.store = store;
        this.registry = registry;
        this.functions = functions;
        this.invoker = invoker;
        this.projects = projects;
        this.control = control;
        this.usage = usage;
        this.tail = tail;
        this.delay = metrics.timer("basalt.functions.events.delay");
        this.delivered = metrics.counter("basalt.functions.events", "result", "delivered");
        this.retried = metrics.counter("basalt.functions.events", "result", "retried");
        this.dead = metrics.counter("basalt.functions.events", "result", "dead");
        metrics.gaugeMapSize("basalt.functions.events.projects", List.of(), lanes);
    }

    /** One project's turn of work; its fields belong to the dispatcher's context. */
    private static final class Lane {
        boolean running;
        boolean again;
        long activeMillis;
        long timer = -1;
    }

    void start(@Observes StartupEvent event) {
        var own = vertx.getOrCreateContext();
        context = own;
        own.runOnContext(started -> {
            vertx.setPeriodic(config.sweepInterval().toMillis(), tick -> sweep());
            var listening = control.subscriber();
            subscriber = listening;
            tail.listen(listening);
            listening.channel(NotifyingEventSink.CHANNEL).handler(this::nudge);
            listening
                    .connect()
                    .onFailure(failed -> LOG.warn("nudges of other processes are not heard; events wait", failed));
            // What a crash left: asked once a project, not again and again.
            functions
                    .projectsWithEvents()
                    .onSuccess(refs -> refs.forEach(this::nudge))
                    .onFailure(
                            failed -> LOG.warn("events left from before wait for their project's next write", failed));
        });
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        if (subscriber != null) {
            subscriber.close();
        }
    }

    @Override
    public void nudge(Project project) {
        nudge(project.ref());
    }

    private void nudge(String ref) {
        var own = context;
        if (own != null && !stopping) {
            own.runOnContext(due -> {
                var lane = lanes.computeIfAbsent(ref, absent -> new Lane());
                lane.activeMillis = System.currentTimeMillis();
                run(ref, lane);
            });
        }
    }

    private void sweep() {
        var oldest = System.currentTimeMillis() - config.activeFor().toMillis();
        lanes.entrySet().removeIf(entry -> {
            var lane = entry.getValue();
            if (lane.running || lane.timer >= 0) {
                return false;
            }
            if (lane.activeMillis < oldest) {
                return true;
            }
            run(entry.getKey(), lane);
            return false;
        });
    }

    private void run(String ref, Lane lane) {
        if (stopping) {
            return;
        }
        if (lane.running) {
            lane.again = true;
            return;
        }
        lane.running = true;
        lane.again = false;
        if (lane.timer >= 0) {
            vertx.cancelTimer(lane.timer);
            lane.timer = -1;
        }
        projects.byRef(ref)
                .compose(found -> found.isPresent() && found.get().status() == ProjectStatus.ACTIVE
                        ? drain(found.get(), lane)
                        : Future.succeededFuture(Duration.ZERO))
                .otherwise(failure -> {
                    LOG.warnf(failure, "events of project %s wait: its database can't be asked", ref);
                    return config.firstRetry().multipliedBy(5);
                })
                .onSuccess(wait -> {
                    lane.running = false;
                    if (lane.again) {
                        run(ref, lane);
                    } else if (!wait.isZero()) {
                        lane.timer = vertx.setTimer(Math.max(1, wait.toMillis()), due -> {
                            lane.timer = -1;
                            run(ref, lane);
                        });
                    }
                });
    }

    /** Delivers until nothing is due; answers how long until something is, zero for not known of. */
    private Future<Duration> drain(Project project, Lane lane) {
        var request = RequestContext.internal("event-" + RandomToken.hex(8), project, 0);
        lane.again = false;
        return store.claim(request, config.batch(), hold(project)).compose(events -> {
            if (events.isEmpty()) {
                return store.next(request).map(next -> next.orElse(Duration.ZERO));
            }
            lane.activeMillis = System.currentTimeMillis();
            var done = new ArrayList<Future<Boolean>>();
            events.forEach(event -> done.add(deliver(project, event)));
            return Future.join(done)
                    .otherwiseEmpty()
                    .compose(all -> {
                        var ids = new ArrayList<UUID>();
                        for (var i = 0; i < events.size(); i++) {
                            if (done.get(i).succeeded() && done.get(i).result()) {
                                ids.add(events.get(i).id());
                            }
                        }
                        return ids.isEmpty() ? Future.<Void>succeededFuture() : store.delivered(request, ids);
                    })
                    .compose(removed -> drain(project, lane));
        });
    }

    private Duration hold(Project project) {
        return project.triggers().stream()
                .filter(trigger -> trigger.moment() == DataTrigger.Moment.AFTER)
                .map(DataTrigger::timeout)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO)
                .plus(config.claimMargin());
    }

    /** Runs one event; answers whether it can be removed. */
    private Future<Boolean> deliver(Project project, StoredEvent event) {
        // What the function writes is one step further from the write that a person made.
        var request = RequestContext.internal(event.id().toString(), project, event.depth() + 1);
        if (event.depth() >= config.maxDepth()) {
            return bury(request, event, "cut off: it is the " + event.depth() + "th event that another event led to");
        }
        return registry.find(project, event.function())
                .compose(found -> found.isEmpty()
                        ? bury(request, event, "there is no function " + event.function())
                        : invoke(request, found.get(), event))
                .recover(failure -> again(request, event, String.valueOf(failure.getMessage())));
    }

    private Future<Boolean> invoke(RequestContext request, DeployedFunction function, StoredEvent event) {
        var start = System.currentTimeMillis();
        delay.record(Duration.between(event.createdAt().toInstant(), Instant.ofEpochMilli(start)));
        var origin = Origin.delivery(event.type() + " " + event.source(), event.id());
        var kind = event.isInvocation() ? InvocationKind.ASYNC : InvocationKind.AFTER;
        var accepted = invoker.accept(request, function, kind, origin);
        var handed = accepted.handlerContext().with("attempt", event.attempts());
        return accepted.run(new Invocation.Event(
                        function.manifest().timeout(), handed, event.handed(), invoker.links(accepted)))
                .compose(outcome -> {
                    meter(request, outcome, start);
                    if (outcome.result() instanceof Outcome.Result.Failed(Failure failure)) {
                        return again(request, event, failure.kind() + ": " + failure.message());
                    }
                    delivered.increment();
                    return Future.succeededFuture(true);
                });
    }

    private Future<Boolean> again(RequestContext request, StoredEvent event, String error) {
        if (event.attempts() >= config.maxAttempts()) {
            return bury(request, event, error);
        }
        retried.increment();
        var doubled = config.firstRetry().toMillis() << Math.min(event.attempts() - 1, 20);
        var longest = Math.min(doubled, config.longestRetry().toMillis());
        // Between half and all of it, so that what failed together does not come back together.
        var wait = Duration.ofMillis(longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1));
        return store.retry(request, event.id(), wait, cut(error)).map(false);
    }

    private Future<Boolean> bury(RequestContext request, StoredEvent event, String error) {
        dead.increment();
        LOG.infof(
                "event %s of project %s is dead: %s",
                event.id(), request.project().ref(), cut(error));
        return store.dead(request, event.id(), cut(error)).map(false);
    }

    private void meter(RequestContext request, Outcome outcome, long startMillis) {
        var good = !(outcome.result() instanceof Outcome.Result.Failed);
        var meter = request.meter();
        usage.record(new UsageRecord(
                startMillis,
                request.project().id(),
                Service.FUNCTIONS,
                "function.event",
                good ? 200 : 500,
                outcome.report().queueMicros() + outcome.report().runMicros(),
                meter.databaseMicros(),
                meter.bytesIn(),
                meter.bytesOut(),
                meter.takeFunction(),
                request.requestId(),
                request.caller().role().databaseName(),
                ""));
    }

    private static String cut(String text) {
        var some = text.length() > MAX_ERROR ? text.substring(0, MAX_ERROR) : text;
        return some.replace('\0', '\ufffd');
    }
}
