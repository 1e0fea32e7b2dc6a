package dev.basalt.data.documents.live;

import dev.basalt.data.documents.read.DocumentQuery;
import dev.basalt.kit.request.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The subscribers of one query by one caller: it runs once for all of them. Used on its feed's event loop.
 */
final class LiveGroup {
    /** Whose rights and which documents: what callers must have in common to share an answer. */
    record Key(String role, String claims, DocumentQuery query) {}

    private final Key key;
    private final RequestContext context;
    private final Consumer<LiveState> onState;
    private final Set<LiveStream> streams = new LinkedHashSet<>();
    private final Promise<LiveState> ready = Promise.promise();
    private LiveState state = LiveState.NOTHING;
    private int members;
    private boolean running;
    private boolean stale = true;

    /** @param onState hears of each state that subscribers are shown */
    LiveGroup(Key key, RequestContext context, Consumer<LiveState> onState) {
        this.key = key;
        this.context = context;
        this.onState = onState;
    }

    Key key() {
        return key;
    }

    RequestContext context() {
        return context;
    }

    /** The first state, once the query ran; fails as the query does. */
    Future<LiveState> ready() {
        return ready.future();
    }

    /** Whether the query ran once. */
    boolean isReady() {
        return ready.future().succeeded();
    }

    /** Takes a run that brought nothing, after which the query may be put in line again. */
    void retry() {
        running = false;
        stale = false;
    }

    LiveState state() {
        return state;
    }

    /** Counts a subscriber whose stream is yet to come. */
    void expect() {
        members++;
    }

    void add(LiveStream stream) {
        streams.add(stream);
    }

    /** Whether it was the last subscriber's. */
    boolean remove(LiveStream stream) {
        streams.remove(stream);
        members--;
        return members == 0;
    }

    void beat() {
        streams.forEach(LiveStream::beat);
    }

    void close() {
        streams.forEach(LiveStream::close);
    }

    /** Says that the state may be old; true if the query should be put in line to run. */
    boolean outdate() {
        boolean waits = stale || running;
        stale = true;
        return !waits;
    }

    void begin() {
        running = true;
        stale = false;
    }

    /** Takes the query's outcome; true if it should be put in line again. */
    boolean end(@Nullable LiveState result, @Nullable Throwable failure) {
        running = false;
        if (result == null) {
            ready.tryFail(failure == null ? new IllegalStateException("no state") : failure);
            close();
            return false;
        }
        var before = state;
        state = result;
        onState.accept(result);
        if (ready.tryComplete(result)) {
            return stale;
        }
        if (!before.id().equals(result.id())) {
            var change = result.changes(before.versions());
            streams.forEach(stream -> stream.show(result, before, change));
        }
        return stale;
    }
}
