package dev.basalt.data.documents.read;

import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parameters of a statement in the making. Not safe for use by several threads. */
final class SqlText {
    private final List<@Nullable Object> parameters = new ArrayList<>();
    private boolean decisive;

    /** A value as a parameter of type text. */
    String text(@Nullable String value) {
        parameters.add(value);
        return "$" + parameters.size() + "::text";
    }

    /** Values as a parameter of type text[]. */
    String texts(List<String> values) {
        parameters.add(values.toArray(String[]::new));
        return "$" + parameters.size() + "::text[]";
    }

    /** A number as a parameter of type bigint. */
    String number(long value) {
        parameters.add(value);
        return "$" + parameters.size() + "::bigint";
    }

    /** JSON as a parameter whose value decides which plan is a good one. */
    String decisive(String json) {
        decisive = true;
        return text(json) + "::jsonb";
    }

    /** Whether PostgreSQL has to plan the statement for these values: it would settle for a plan that suits none in particular. */
    boolean isDecisive() {
        return decisive;
    }

    Tuple parameters() {
        return Tuple.wrap(parameters);
    }
}
