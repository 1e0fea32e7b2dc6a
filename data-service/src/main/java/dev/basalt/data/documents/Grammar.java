package dev.basalt.data.documents;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.kit.error.ApiException;
import java.util.function.Supplier;

/** The query grammar, which tables and documents share, with its refusals in this API's words. Stateless. */
public final class Grammar {
    private Grammar() {}

    /** What a parser reads; {@link DocumentError#INVALID_QUERY} with the position if it does not follow the grammar. */
    public static <T> T read(Supplier<T> parser) {
        try {
            return parser.get();
        } catch (ApiException refusal) {
            if (!(refusal.error() instanceof RestError)) {
                throw refusal;
            }
            var details = refusal.members().get(Refusal.DETAILS);
            throw ApiException.of(
                    DocumentError.INVALID_QUERY,
                    details == null ? refusal.detail() : refusal.detail() + ": " + details);
        }
    }
}
