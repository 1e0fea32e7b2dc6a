package dev.basalt.data.sql;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.basalt.kit.error.ApiException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.data.Box;
import io.vertx.pgclient.data.Cidr;
import io.vertx.pgclient.data.Circle;
import io.vertx.pgclient.data.Inet;
import io.vertx.pgclient.data.Interval;
import io.vertx.pgclient.data.Line;
import io.vertx.pgclient.data.LineSegment;
import io.vertx.pgclient.data.Money;
import io.vertx.pgclient.data.Path;
import io.vertx.pgclient.data.Point;
import io.vertx.pgclient.data.Polygon;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.data.Numeric;
import io.vertx.sqlclient.desc.ColumnDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Rows and columns as JSON: numbers, booleans, arrays and JSON as themselves, everything else as text in ISO 8601 or as PostgreSQL writes it. Stateless. */
final class RowJson {
    private RowJson() {}

    /** A row as an array, or as an object by its columns' names. */
    static void row(JsonGenerator json, Row row, boolean array) throws IOException {
        if (array) {
            json.writeStartArray();
            for (int i = 0; i < row.size(); i++) {
                value(json, row.getValue(i));
            }
            json.writeEndArray();
            return;
        }
        json.writeStartObject();
        for (int i = 0; i < row.size(); i++) {
            json.writeFieldName(row.getColumnName(i));
            value(json, row.getValue(i));
        }
        json.writeEndObject();
    }

    /** The member {@code "columns":[{name,type}…]}. */
    static void columns(JsonGenerator json, @Nullable List<ColumnDescriptor> columns) throws IOException {
        json.writeArrayFieldStart("columns");
        for (var column : columns == null ? List.<ColumnDescriptor>of() : columns) {
            json.writeStartObject();
            json.writeStringField("name", column.name());
            json.writeStringField("type", typeName(column.typeName()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static String typeName(String clientName) {
        var name = clientName.toLowerCase(Locale.ROOT);
        return name.endsWith("_array") ? name.substring(0, name.length() - "_array".length()) + "[]" : name;
    }

    private static void value(JsonGenerator json, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case Boolean bool -> json.writeBoolean(bool);
            case Short number -> json.writeNumber(number);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Numeric number -> {
                if (number.isNaN()) {
                    json.writeString("NaN");
                } else {
                    json.writeNumber(number.bigDecimalValue());
                }
            }
            case Float number -> floating(json, number);
            case Double number -> floating(json, number);
            case JsonObject object -> json.writeRawValue(object.encode());
            case JsonArray array -> json.writeRawValue(array.encode());
            case Object[] array -> {
                json.writeStartArray();
                for (var element : array) {
                    value(json, element);
                }
                json.writeEndArray();
            }
            case Number number -> json.writeRawValue(Json.encode(number));
            default -> json.writeString(text(value));
        }
    }

    /** Numbers that JSON does not have are strings. */
    private static void floating(JsonGenerator json, Number number) throws IOException {
        double value = number.doubleValue();
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            json.writeString(number.toString());
        } else {
            json.writeRawValue(number.toString());
        }
    }

    private static String text(Object value) {
        return switch (value) {
            case Buffer bytes -> "\\x" + HexFormat.of().formatHex(bytes.getBytes());
            case LocalDate date -> infinite(date, LocalDate.MAX, LocalDate.MIN, date.toString());
            case LocalDateTime time ->
                infinite(
                        time, LocalDateTime.MAX, LocalDateTime.MIN, DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time));
            case OffsetDateTime time ->
                infinite(
                        time,
                        OffsetDateTime.MAX,
                        OffsetDateTime.MIN,
                        DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time));
            case LocalTime time -> DateTimeFormatter.ISO_LOCAL_TIME.format(time);
            case OffsetTime time -> DateTimeFormatter.ISO_OFFSET_TIME.format(time);
            case Interval interval -> duration(interval);
            case Money money -> money.bigDecimalValue().toPlainString();
            case Inet inet -> address(inet.getAddress(), inet.getNetmask());
            case Cidr cidr -> address(cidr.getAddress(), cidr.getNetmask());
            case Point _, Line _, LineSegment _, Box _, Path _, Polygon _, Circle _ -> GeometryText.of(value);
            default -> value.equals(Tuple.JSON_NULL) ? "null" : value.toString();
        };
    }

    private static <T> String infinite(T value, T most, T least, String finite) {
        if (value.equals(most)) {
            return "infinity";
        }
        return value.equals(least) ? "-infinity" : finite;
    }

    private static String address(InetAddress address, @Nullable Integer netmask) {
        return netmask == null ? address.getHostAddress() : address.getHostAddress() + "/" + netmask;
    }

    /**
     * A duration in ISO 8601, as PostgreSQL writes it under {@code intervalstyle = iso_8601}.
     *
     * @throws ApiException if there is a fraction of a second, of which the client reads five tenths and five millionths alike
     */
    private static String duration(Interval interval) {
        if (interval.getMicroseconds() != 0) {
            throw ApiException.of(SqlError.UNREADABLE_VALUE);
        }
        var text = new StringBuilder("P");
        part(text, interval.getYears(), 'Y');
        part(text, interval.getMonths(), 'M');
        part(text, interval.getDays(), 'D');
        if (interval.getHours() != 0 || interval.getMinutes() != 0 || interval.getSeconds() != 0) {
            text.append('T');
            part(text, interval.getHours(), 'H');
            part(text, interval.getMinutes(), 'M');
            part(text, interval.getSeconds(), 'S');
        }
        return text.length() == 1 ? "PT0S" : text.toString();
    }

    private static void part(StringBuilder text, int amount, char unit) {
        if (amount != 0) {
            text.append(amount).append(unit);
        }
    }
}
