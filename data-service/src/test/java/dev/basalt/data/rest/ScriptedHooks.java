package dev.basalt.data.rest;

import dev.basalt.kit.event.EventSink;
import dev.basalt.kit.hook.HookCall;
import dev.basalt.kit.hook.HookVerdict;
import dev.basalt.kit.project.Project;
import dev.basalt.test.HookScript;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** The function host of these tests, which hears of events too. */
@Singleton
public class ScriptedHooks extends HookScript implements EventSink {
    private final Queue<String> nudges = new ConcurrentLinkedQueue<>();

    @Inject
    ScriptedHooks(Vertx vertx) {
        super(vertx);
    }

    @Override
    public void script(Function<HookCall, HookVerdict> next) {
        super.script(next);
        nudges.clear();
    }

    public Queue<String> nudges() {
        return nudges;
    }

    @Override
    public void nudge(Project project) {
        nudges.add(project.ref());
    }
}
