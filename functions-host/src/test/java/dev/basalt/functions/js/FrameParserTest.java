package dev.basalt.functions.js;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.basalt.functions.worker.FrameReader;
import dev.basalt.functions.worker.FrameWriter;
import dev.basalt.functions.worker.Op;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.buffer.Buffer;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameParserTest {
    private final FrameParser parser = new FrameParser(Op.MAX_FRAME);
    private final List<FrameReader> frames = new ArrayList<>();

    @Test
    void framesComeWholeHoweverTheyAreCut() {
        Random random = new Random(7);
        byte[] large = new byte[300_000];
        random.nextBytes(large);
        Buffer bytes = Buffer.buffer();
        for (byte[] content : List.of(new byte[0], large, new byte[] {1, 2, 3})) {
            bytes.appendBytes(ByteBufUtil.getBytes(Frames.bytes(new FrameWriter(Op.DATA, 7, 16).raw(content))));
        }
        for (int at = 0; at < bytes.length(); ) {
            int end = Math.min(bytes.length(), at + random.nextInt(40_000));
            assertThat(parser.read(bytes.slice(at, end), frames::add)).isTrue();
            at = end;
        }
        assertThat(frames).hasSize(3);
        assertThat(frames.get(0).rest()).isEmpty();
        assertThat(frames.get(1).rest()).isEqualTo(large);
        assertThat(frames.get(2).rest()).containsExactly(1, 2, 3);
    }

    @Test
    void aFrameThatOnlySaysItIsLongTakesNoRoom() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(parser.read(Buffer.buffer().appendInt(Op.MAX_FRAME).appendByte(Op.RESULT), frames::add))
                .isTrue();
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(Op.MAX_FRAME / 8);
        assertThat(new FrameParser(100).read(Buffer.buffer().appendInt(101), frames::add))
                .isFalse();
        assertThat(frames).isEmpty();
    }
}
