package dev.basalt.sdk.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.basalt.sdk.error.TransportException;
import dev.basalt.sdk.error.TransportException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The elements of a JSON array, each read when it is asked for. */
final class RowStream<T> extends AbstractSpliterator<T> {
    private final InputStream body;
    private final MappingIterator<T> rows;

    private RowStream(InputStream body, MappingIterator<T> rows) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        this.body = body;
        this.rows = rows;
    }

    static <T> Stream<T> of(InputStream body, ObjectReader reader) {
        try {
            var rows = new RowStream<T>(body, reader.readValues(body));
            return StreamSupport.stream(rows, false).onClose(rows::close);
        } catch (IOException problem) {
            throw failure(body, problem);
        }
    }

    @Override
    public boolean tryAdvance(Consumer<? super T> action) {
        T row;
        try {
            if (!rows.hasNextValue()) return false;
            row = rows.nextValue();
        } catch (IOException problem) {
            throw failure(body, problem);
        }
        action.accept(row);
        return true;
    }

    private void close() {
        try {
            rows.close();
        } catch (IOException problem) {
            throw failure(body, problem);
        }
    }

    private static TransportException failure(InputStream body, IOException problem) {
        if (problem instanceof JacksonException json) {
            return new TransportException(
                    Reason.INVALID_ANSWER,
                    "The answer is not the expected JSON: " + json.getOriginalMessage(),
                    null,
                    json);
        }
        Reason reason = body instanceof LimitedBody limited ? limited.reason() : Reason.BROKEN;
        return new TransportException(reason, "The answer broke off", null, problem);
    }
}
