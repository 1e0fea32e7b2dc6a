package dev.basalt.sdk.data;

import dev.basalt.sdk.http.Answer;
import java.util.List;
import java.util.function.Function;

/**
 * A request of a {@link Batch}: what later ones refer to, and by which its result is found.
 *
 * @param <T> what it results in
 */
public final class Step<T> {
    private final Batch batch;
    private final int index;
    private final Function<Answer, T> reader;

    Step(Batch batch, int index, Function<Answer, T> reader) {
        this.batch = batch;
        this.index = index;
        this.reader = reader;
    }

    /**
     * A value of its answer, for later requests: {@code ref("id")} of a single row, {@code ref(0, "id")} of the first of several,
     * {@code ref()} of a function's one value.
     *
     * @param path names, as columns are called, and positions from 0
     * @throws IllegalArgumentException if a part of the path is neither
     * @throws IllegalStateException after the batch was sent
     */
    public Ref ref(Object... path) {
        for (Object step : path) {
            if (!(step instanceof String) && !(step instanceof Integer position && position >= 0)) {
                throw new IllegalArgumentException("a path has names and positions: " + step);
            }
        }
        return batch.refer(index, List.of(path));
    }

    Batch batch() {
        return batch;
    }

    int index() {
        return index;
    }

    T read(Answer answer) {
        return reader.apply(answer);
    }
}
