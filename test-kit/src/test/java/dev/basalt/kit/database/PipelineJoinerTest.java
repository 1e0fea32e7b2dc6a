package dev.basalt.kit.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineJoinerTest {
    private static final String STATEMENT = "BES";
    /** What PostgreSQL answers to a statement that returns a row, without its ReadyForQuery. */
    private static final String ROW = "2DC";

    private final EmbeddedChannel channel = new EmbeddedChannel(new PipelineJoiner());

    /** Messages by their types; the content of each repeats its type. */
    private static ByteBuf messages(String types) {
        var bytes = Unpooled.buffer();
        types.chars().forEach(type -> {
            int length = switch (type) {
                case 'D' -> 40;
                case 'Z' -> 1;
                case 'S', '2' -> 0;
                default -> 7;
            };
            var content = String.valueOf((char) type).repeat(length);
            bytes.writeByte(type).writeInt(4 + length).writeBytes(content.getBytes(StandardCharsets.US_ASCII));
        });
        return bytes;
    }

    /** The types of the messages in what has come through, and of each ReadyForQuery its status where it was put in. */
    private static String types(Iterable<Object> buffers) {
        var all = Unpooled.buffer();
        buffers.forEach(buffer -> {
            all.writeBytes((ByteBuf) buffer);
            ((ByteBuf) buffer).release();
        });
        var types = new StringBuilder();
        while (all.isReadable()) {
            char type = (char) all.readByte();
            var content = all.readCharSequence(all.readInt() - 4, StandardCharsets.US_ASCII)
                    .toString();
            types.append(type).append(type == 'Z' && !content.equals("Z") ? content : "");
            if (content.contains("25P02")) {
                types.append('!');
            }
        }
        return types.toString();
    }

    private String sent(String... statements) {
        for (var statement : statements) {
            var _ = channel.write(messages(statement));
        }
        channel.flush();
        var types = types(channel.outboundMessages());
        channel.outboundMessages().clear();
        return types;
    }

    private String received(String types, int piece) {
        var bytes = messages(types);
        while (bytes.isReadable()) {
            channel.writeInbound(bytes.readRetainedSlice(Math.min(piece, bytes.readableBytes())));
        }
        var received = types(channel.inboundMessages());
        channel.inboundMessages().clear();
        return received;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 50, 1000})
    void statementsOfOneFlushAreOnePipelineAndEachIsAnswered(int piece) {
        assertThat(sent(STATEMENT, STATEMENT, STATEMENT)).isEqualTo("BEBEBES");
        assertThat(received("2C" + ROW + "2CZ", piece)).isEqualTo("2CZT" + ROW + "ZT2CZ");
        assertThat(sent(STATEMENT)).isEqualTo("BES");
        assertThat(received(ROW + "Z", piece)).isEqualTo(ROW + "Z");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 50, 1000})
    void whatIsBehindAFailureFailsAsInAnAbortedTransaction(int piece) {
        assertThat(sent(STATEMENT, STATEMENT, STATEMENT, STATEMENT)).isEqualTo("BEBEBEBES");
        assertThat(received("2C2EZ", piece)).isEqualTo("2CZT2EZEE!ZEE!Z");
        assertThat(sent(STATEMENT)).isEqualTo("BES");
        assertThat(received(ROW + "Z", piece)).isEqualTo(ROW + "Z");
    }

    @Test
    void theLastOneFailsByItself() {
        sent(STATEMENT, STATEMENT);
        assertThat(received(ROW + "2EZ", 1000)).isEqualTo(ROW + "ZT2EZ");
    }

    @Test
    void aBatchIsOneStatement() {
        assertThat(sent("BEBEBES", STATEMENT)).isEqualTo("BEBEBEBES");
        assertThat(received("2C2C2C" + ROW + "Z", 3)).isEqualTo("2C2C2CZT" + ROW + "Z");
    }

    @Test
    void aPortalThatHasMoreRowsAndAnEmptyStatementEndToo() {
        sent(STATEMENT, STATEMENT, STATEMENT);
        assertThat(received("2Ds2I2CZ", 1000)).isEqualTo("2DsZT2IZT2CZ");
    }

    @Test
    void whatIsNoExecutionStandsAlone() {
        assertThat(sent(STATEMENT, "Q", STATEMENT, STATEMENT, "PDS")).isEqualTo("BESQBEBESPDS");
        assertThat(received("2CZCZ2C2CZ1tZ", 1000)).isEqualTo("2CZCZ2CZT2CZ1tZ");
    }

    @Test
    void noticesAndNotificationsPassAnywhere() {
        sent(STATEMENT, STATEMENT);
        assertThat(received("N2NCNA2CNZAN", 4)).isEqualTo("N2NCZTNA2CNZAN");
    }

    @Test
    void statementsSentWhileAnswersAreReadAreAnsweredInTurn() {
        sent(STATEMENT, STATEMENT);
        assertThat(received("2C", 1000)).isEqualTo("2CZT");
        assertThat(sent(STATEMENT, STATEMENT)).isEqualTo("BEBES");
        assertThat(received("2CZ2C2CZ", 1000)).isEqualTo("2CZ2CZT2CZ");
    }
}
