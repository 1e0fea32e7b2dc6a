package dev.basalt.control.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DumpReaderTest {
    /** Gives at most so many bytes at a time. */
    private static DumpReader reader(String text, int most) {
        var bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        return new DumpReader(new InputStream() {
            @Override
            public int read() {
                return bytes.read();
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                return bytes.read(into, offset, Math.min(length, most));
            }
        });
    }

    private static String rows(DumpReader reader, long expected) throws IOException, SQLException {
        var out = new ByteArrayOutputStream();
        assertThat(reader.rows(out::write)).isEqualTo(expected);
        return out.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void rowsEndAtTheirLineWhereverTheBytesAreCut(int most) throws IOException, SQLException {
        var reader = reader("head\n1\ta\n\\N\t\\\\.\n\n\\.\nnext é\n\\.\nlast\ncut off", most);
        assertThat(reader.line()).isEqualTo("head");
        assertThat(rows(reader, 3)).isEqualTo("1\ta\n\\N\t\\\\.\n\n");
        assertThat(reader.line()).isEqualTo("next é");
        assertThat(rows(reader, 0)).isEmpty();
        assertThat(reader.line()).isEqualTo("last");
        assertThat(reader.line()).isNull();
    }

    @Test
    void rowsLongerThanTheBufferAreHandedOnInPieces() throws IOException, SQLException {
        var random = new Random(7);
        var rows = new StringBuilder();
        int count = 200;
        for (int i = 0; i < count; i++) {
            rows.append("x".repeat(random.nextInt(200_000)))
                    .append(i % 3 == 0 ? "\\.\\n" : "")
                    .append('\n');
        }
        var reader = reader(rows + "\\.\nafter\n", 50_000);
        assertThat(rows(reader, count)).isEqualTo(rows.toString());
        assertThat(reader.line()).isEqualTo("after");
    }

    @Test
    void aTableThatDoesNotEndIsAnError() {
        for (var text : new String[] {"", "1\n", "1", "\\", "\\.", "1\n\\."}) {
            assertThatThrownBy(() -> reader(text, 10).rows((bytes, offset, length) -> {}))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("within a table");
        }
    }
}
