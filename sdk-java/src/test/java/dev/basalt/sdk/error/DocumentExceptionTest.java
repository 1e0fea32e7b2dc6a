package dev.basalt.sdk.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentExceptionTest {
    private static final Map<String, Class<?>> TYPES = Map.ofEntries(
            Map.entry("document_not_found", DocumentException.NotFound.class),
            Map.entry("unknown_collection", DocumentException.UnknownCollection.class),
            Map.entry("document_exists", DocumentException.AlreadyExists.class),
            Map.entry("precondition_failed", DocumentException.PreconditionFailed.class),
            Map.entry("write_conflict", DocumentException.WriteConflict.class),
            Map.entry("document_forbidden", DocumentException.Forbidden.class),
            Map.entry("forbidden", DocumentException.Forbidden.class),
            Map.entry("schema_violation", DocumentException.InvalidDocument.SchemaViolation.class),
            Map.entry("duplicate_value", DocumentException.InvalidDocument.DuplicateValue.class),
            Map.entry("document_too_large", DocumentException.InvalidDocument.class),
            Map.entry("invalid_patch", DocumentException.InvalidPatch.class),
            Map.entry("invalid_cursor", DocumentException.InvalidRequest.class),
            Map.entry("too_many_writes", DocumentException.InvalidRequest.class),
            Map.entry("too_many_live_queries", DocumentException.TooManyLiveQueries.class),
            Map.entry("token_of_somebody", DocumentException.InvalidToken.class),
            Map.entry("database_busy", DocumentException.Unavailable.class),
            Map.entry("my_hook_says_no", DocumentException.class));

    @ParameterizedTest
    @CsvSource({
        "404,document_not_found,false",
        "404,unknown_collection,false",
        "409,document_exists,false",
        "412,precondition_failed,false",
        "409,write_conflict,true",
        "403,document_forbidden,false",
        "403,forbidden,false",
        "422,schema_violation,false",
        "409,duplicate_value,false",
        "413,document_too_large,false",
        "422,invalid_patch,false",
        "400,invalid_cursor,false",
        "422,too_many_writes,false",
        "429,too_many_live_queries,true",
        "401,token_of_somebody,false",
        "503,database_busy,true",
        "418,my_hook_says_no,false"
    })
    void everyCodeHasItsTypeHereAndSeenFromAnotherThread(int status, String code, boolean retryable) {
        DocumentException failure =
                DocumentException.of(new Failure(status, code, "message", null, null, null, null), null);

        assertThat(failure).isExactlyInstanceOf(TYPES.get(code));
        assertThat(failure.isRetryable()).isEqualTo(retryable);
        assertThat(failure.write()).isEmpty();
        assertThat(failure.seenFromHere()).isExactlyInstanceOf(TYPES.get(code)).hasCause(failure);
    }
}
