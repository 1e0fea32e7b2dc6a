package dev.basalt.sdk.documents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.basalt.sdk.error.TransportException;
import dev.basalt.sdk.sql.SqlResult;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What became of a commit, all of which took place. Immutable.
 *
 * @param writes what became of each write, in order
 * @param sql what each statement returned, in order
 */
public record CommitResult(List<Write> writes, List<SqlResult> sql) {
    public CommitResult {
        writes = List.copyOf(writes);
        sql = List.copyOf(sql);
    }

    /** What a write did. */
    public enum Action {
        CREATED,
        UPDATED,
        DELETED,
        /** A document was to be deleted that was not there. */
        NONE
    }

    /**
     * What became of a write.
     *
     * @param path of the document, with the id that it was given
     * @param written the document's version; {@code null} where there is none any more
     */
    public record Write(
            String path, Action action, @Nullable Long written) {
        /** The document's version, unless there is none any more. */
        public OptionalLong version() {
            return written == null ? OptionalLong.empty() : OptionalLong.of(written);
        }
    }

    static CommitResult of(JsonNode answer, int writes, int statements, @Nullable String requestId) {
        if (answer.path("writes").size() != writes || answer.path("sql").size() != statements) {
            throw invalid("The answer does not hold a result for each write and statement", requestId, null);
        }
        return new CommitResult(
                answer.path("writes")
                        .valueStream()
                        .map(write -> write(write, requestId))
                        .toList(),
                answer.path("sql")
                        .valueStream()
                        .map(result -> SqlResult.of(result, requestId))
                        .toList());
    }

    private static Write write(JsonNode write, @Nullable String requestId) {
        try {
            return new Write(
                    write.path("path").asText(),
                    Action.valueOf(write.path("action").asText().toUpperCase(Locale.ROOT)),
                    write.has("version") ? Long.valueOf(write.path("version").asLong()) : null);
        } catch (IllegalArgumentException unknown) {
            throw invalid("The answer tells of an action that is none", requestId, unknown);
        }
    }

    private static TransportException invalid(String why, @Nullable String requestId, @Nullable Throwable cause) {
        return new TransportException(TransportException.Reason.INVALID_ANSWER, why, requestId, cause);
    }
}
