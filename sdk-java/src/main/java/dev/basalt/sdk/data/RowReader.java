package dev.basalt.sdk.data;

import dev.basalt.sdk.error.DataException;
import dev.basalt.sdk.http.Answer;
import dev.basalt.sdk.http.Call;
import dev.basalt.sdk.http.Json;
import dev.basalt.sdk.http.Linked;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Sends a query and reads the rows of its answer. */
final class RowReader {
    private static final String ONE_ROW = "application/vnd.pgrst.object+json";

    private RowReader() {}

    static <T> CompletableFuture<Rows<T>> rows(Request request, Class<T> type) {
        return request.send(answer -> new Rows<>(Json.readList(answer, type), total(answer)));
    }

    static <T> CompletableFuture<T> one(Request request, Class<T> type) {
        return request.map(RowReader::oneRow).send(answer -> Json.read(answer, type));
    }

    static <T> CompletableFuture<Optional<T>> atMostOne(Request request, Class<T> type) {
        return Linked.handle(one(request, type), (row, failure) -> {
            if (failure == null) return Optional.of(row);
            if (failure instanceof DataException refused && noRow(refused)) return Optional.empty();
            throw Linked.rethrown(failure);
        });
    }

    /** The total behind the slash of {@code Content-Range: 0-9/42}, or nothing when it is a star or absent. */
    static @Nullable Long total(Answer answer) {
        String range = answer.header("Content-Range").orElse("");
        String total = range.substring(range.indexOf('/') + 1);
        return total.matches("\\d{1,18}") ? Long.valueOf(total) : null;
    }

    // The same code stands for no row and for several; only the details tell them apart.
    private static boolean noRow(DataException refused) {
        return refused.code().equals("PGRST116") && refused.details().orElse("").contains(" 0 rows");
    }

    private static Call oneRow(Call call) {
        return call.header("Accept", ONE_ROW);
    }
}
