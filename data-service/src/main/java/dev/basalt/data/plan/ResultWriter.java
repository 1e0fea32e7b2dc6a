package dev.basalt.data.plan;

import dev.basalt.data.plan.Representation.Standard;
import dev.basalt.data.schema.MediaHandler;
import java.util.List;

/** The outer select list: the seven values of {@link Statement}, over rows named {@code "_r"}. */
final class ResultWriter {
    /** A row's own text without its parentheses. */
    private static final String CSV_LINE = "right(left(\"_r\"::text, -1), -1)";

    private ResultWriter() {}

    /** {@code body} of any number of rows. */
    static void body(SqlWriter sql, Representation representation, List<String> outputNames) {
        switch (representation) {
            case Standard standard -> body(sql, standard, outputNames);
            case Representation.Handled(var handler) -> {
                var rowType = handler.rowType();
                handled(sql, handler, "\"_r\"" + (rowType == null ? "" : "::" + rowType));
            }
            case Representation.GeoJson(var function) ->
                sql.raw("convert_to(json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(")
                        .raw(function)
                        .raw("(\"_r\")::json), '[]'))::text, 'UTF8')");
        }
        sql.raw(" AS body");
    }

    /** What an aggregate makes of the rows, of which {@code row} is one. */
    static void handled(SqlWriter sql, MediaHandler handler, String row) {
        var result = handler.function() + "(" + row + ")";
        sql.raw(
                handler.bytes()
                        ? "coalesce(" + result + ", '')"
                        : "convert_to(coalesce(" + result + "::text, ''), 'UTF8')");
    }

    private static void body(SqlWriter sql, Standard representation, List<String> outputNames) {
        switch (representation) {
            case NONE, LOCATION -> sql.raw("null::bytea");
            case ARRAY -> sql.raw("convert_to(coalesce(json_agg(\"_r\")::text, '[]'), 'UTF8')");
            case ARRAY_NULLS_STRIPPED ->
                sql.raw("convert_to(coalesce(json_strip_nulls(json_agg(\"_r\"))::text, '[]'), 'UTF8')");
            // Used only when there is exactly one row: cheaper than taking the first element of an array.
            case OBJECT -> sql.raw("convert_to(coalesce(string_agg(row_to_json(\"_r\")::text, ''), ''), 'UTF8')");
            case OBJECT_NULLS_STRIPPED ->
                sql.raw(
                        "convert_to(coalesce(string_agg(json_strip_nulls(row_to_json(\"_r\"))::text, ''), ''), 'UTF8')");
            case CSV -> {
                sql.raw("convert_to(CASE WHEN count(*) = 0 THEN '' ELSE ").literal(Statement.csv(outputNames));
                sql.raw(" END || E'\\n' || coalesce(string_agg(");
                sql.raw(CSV_LINE).raw(", E'\\n'), ''), 'UTF8')");
            }
            case VALUE -> throw new IllegalArgumentException("Rows are not one value");
        }
    }

    /** A value of {@link DataRequest.Lines}. */
    static void lineValue(SqlWriter sql, Representation representation, LineValue.Sent sent, String value) {
        sql.raw(
                switch (sent) {
                    case PLAIN -> value;
                    case NUMBER, MOMENT -> value + "::text";
                    case WRITTEN ->
                        switch (representation) {
                            case Standard.ARRAY -> "to_json(" + value + ")::text";
                            case Standard.ARRAY_NULLS_STRIPPED -> "json_strip_nulls(to_json(" + value + "))::text";
                            case Standard.CSV -> "row(" + value + ")::text";
                            default -> throw new IllegalArgumentException(representation + " has no lines");
                        };
                });
    }

    /** {@code headers, status}. */
    static void settings(SqlWriter sql) {
        sql.raw(", nullif(current_setting('response.headers', true), '') AS headers");
        sql.raw(", nullif(current_setting('response.status', true), '') AS status");
    }
}
