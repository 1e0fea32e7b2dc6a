package dev.basalt.sdk.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.util.HexFormat;

/** Bytes as PostgreSQL has them in JSON: {@code \x} and hexadecimal digits. */
final class Bytea {
    private static final String PREFIX = "\\x";

    private Bytea() {}

    static Module module() {
        return new SimpleModule().addSerializer(byte[].class, new Writer()).addDeserializer(byte[].class, new Reader());
    }

    private static final class Writer extends StdScalarSerializer<byte[]> {
        Writer() {
            super(byte[].class);
        }

        @Override
        public void serialize(byte[] bytes, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(PREFIX + HexFormat.of().formatHex(bytes));
        }
    }

    private static final class Reader extends StdScalarDeserializer<byte[]> {
        Reader() {
            super(byte[].class);
        }

        @Override
        public byte[] deserialize(JsonParser json, DeserializationContext context) throws IOException {
            String text = json.getText();
            if (text.startsWith(PREFIX)) {
                try {
                    return HexFormat.of().parseHex(text, PREFIX.length(), text.length());
                } catch (IllegalArgumentException malformed) {
                    throw context.weirdStringException(text, byte[].class, malformed.getMessage());
                }
            }
            throw context.weirdStringException(text, byte[].class, "not \\x and hexadecimal digits");
        }
    }
}
