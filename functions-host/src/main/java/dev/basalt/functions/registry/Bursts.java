package dev.basalt.functions.registry;

import io.vertx.core.Vertx;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Changes come in bursts, and one look at a project serves all of a burst. Thread-safe. */
public final class Bursts {
    private static final long DELAY_MILLIS = 50;

    private final Vertx vertx;
    private final Consumer<String> look;
    private final Set<Look> due = ConcurrentHashMap.newKeySet();

    private record Look(String ref, long millis) {}

    /** @param look is given the ref of the project to look at */
    public Bursts(Vertx vertx, Consumer<String> look) {
        this.vertx = vertx;
        this.look = look;
    }

    /** Something of the project changed. */
    public void changed(String ref) {
        lookIn(DELAY_MILLIS, ref);
    }

    /** Has the project looked at in so many milliseconds, unless it was asked for that already. */
    public void lookIn(long millis, String ref) {
        var wanted = new Look(ref, millis);
        if (due.add(wanted)) {
            vertx.setTimer(millis, reached -> {
                due.remove(wanted);
                look.accept(ref);
            });
        }
    }
}
