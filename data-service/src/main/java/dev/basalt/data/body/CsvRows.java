package dev.basalt.data.body;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.plan.Payload;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Comma-separated values (RFC 4180) with a header line, as rows of texts. {@code NULL} is null, an empty field an empty text.
 * Stateless.
 */
final class CsvRows {
    private static final CsvFactory CSV = CsvFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .build();
    private static final JsonFactory JSON = new JsonFactory();
    private static final String NULL = "NULL";

    private CsvRows() {}

    static RowsBody read(String text) {
        try (var parser = CSV.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw Refusal.of(RestError.INVALID_BODY, "The CSV has no header line", null, null);
            }
            var names = fields(parser);
            var json = new StringWriter(text.length() * 2);
            try (var rows = JSON.createGenerator(json)) {
                rows.writeStartArray();
                for (int line = 1; parser.nextToken() == JsonToken.START_ARRAY; line++) {
                    write(rows, names, fields(parser), line);
                }
                rows.writeEndArray();
            }
            return new RowsBody(new Payload(true, names), json.toString());
        } catch (JsonProcessingException malformed) {
            throw Refusal.of(RestError.INVALID_BODY, "Invalid CSV", malformed.getOriginalMessage(), null);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static List<String> fields(CsvParser parser) throws IOException {
        var fields = new ArrayList<String>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            fields.add(parser.getText());
        }
        return fields;
    }

    private static void write(JsonGenerator rows, List<String> names, List<String> fields, int line)
            throws IOException {
        if (fields.size() != names.size()) {
            throw Refusal.of(
                    RestError.INVALID_BODY,
                    "All lines must have same number of fields",
                    "Row " + line + " has " + fields.size() + " fields, the header has " + names.size() + ".",
                    null);
        }
        rows.writeStartObject();
        for (int i = 0; i < names.size(); i++) {
            rows.writeFieldName(names.get(i));
            if (fields.get(i).equals(NULL)) {
                rows.writeNull();
            } else {
                rows.writeString(fields.get(i));
            }
        }
        rows.writeEndObject();
    }
}
