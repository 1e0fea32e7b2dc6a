package dev.basalt.kit.database;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Makes one pipeline of the statements that leave together, where the client makes one of each: it ends every statement
 * with a Sync, and at each Sync PostgreSQL sends what it has, a system call there and a wake-up here.
 *
 * <p>A Sync that only separates two statements of one flush is taken out of what is sent, and the ReadyForQuery that the
 * client expects in return is put into what is received. After an error PostgreSQL skips to the end of the pipeline, so the
 * statements behind it fail as in an aborted transaction; a COMMIT among them is skipped as well, and who sent it has to roll
 * back. Statements that are not inside a transaction block would share an implicit one: they must not be sent together.
 *
 * <p>Runs on its channel's event loop. Between the connection's bytes in the clear and the client's codec, with flushes
 * already consolidated. See <a href="https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-PIPELINING">
 * PostgreSQL, Pipelining</a>.
 */
final class PipelineJoiner extends ChannelDuplexHandler {
    private static final int HEADER = 5;
    private static final int READY_FOR_QUERY = HEADER + 1;
    private static final ByteBuf SYNC = message('S', "");
    private static final ByteBuf READY_IN_TRANSACTION = message('Z', "T");
    private static final ByteBuf READY_FAILED = message('Z', "E");
    private static final ByteBuf SKIPPED = message(
            'E',
            "SERROR\0VERROR\0C25P02\0Mcurrent transaction is aborted, commands ignored until end of transaction block\0\0");

    /**
     * Statements that were sent and not answered, oldest first: how many results end one that is joined to the next,
     * {@link #OWN_SYNC} for one that PostgreSQL itself ends with ReadyForQuery.
     */
    private final ArrayDeque<Integer> unanswered = new ArrayDeque<>();

    private static final int OWN_SYNC = 0;

    /** Executions of the statement whose Sync is not sent yet, because another may follow; {@link #OWN_SYNC} for none. */
    private int held;

    /** The type of the message that is being received, and how many bytes of it are to come. */
    private byte type;

    private int missing;
    private boolean aborted;
    private @Nullable ByteBuf begun;

    private static ByteBuf message(char type, String content) {
        var bytes = content.getBytes(StandardCharsets.US_ASCII);
        return Unpooled.directBuffer(HEADER + bytes.length)
                .writeByte(type)
                .writeInt(HEADER - 1 + bytes.length)
                .writeBytes(bytes)
                .asReadOnly();
    }

    @Override
    public void write(ChannelHandlerContext context, Object sent, ChannelPromise promise) {
        var statements = (ByteBuf) sent;
        int executions = 0;
        int ends = 0;
        boolean extended = true;
        for (int at = statements.readerIndex(); at < statements.writerIndex(); at += 1 + statements.getInt(at + 1)) {
            switch (statements.getByte(at)) {
                case 'B' -> {}
                case 'E' -> executions++;
                case 'S' -> ends++;
                case 'Q' -> {
                    ends++;
                    extended = false;
                }
                default -> extended = false;
            }
        }
        boolean joinable = extended && ends == 1 && executions > 0;
        if (joinable && held != OWN_SYNC) {
            unanswered.add(held);
        } else {
            sync(context);
        }
        if (joinable) {
            held = executions;
            statements.writerIndex(statements.writerIndex() - HEADER);
        } else {
            for (int end = 0; end < ends; end++) {
                unanswered.add(OWN_SYNC);
            }
        }
        var _ = context.write(statements, promise);
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        sync(context);
        context.flush();
    }

    private void sync(ChannelHandlerContext context) {
        if (held != OWN_SYNC) {
            held = OWN_SYNC;
            unanswered.add(OWN_SYNC);
            var _ = context.write(SYNC.retainedDuplicate(), context.voidPromise());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object received) {
        var bytes = whole((ByteBuf) received);
        int from = bytes.readerIndex();
        int at = from;
        int end = bytes.writerIndex();
        while (missing > 0 || begins(bytes, at, end)) {
            if (missing == 0) {
                type = bytes.getByte(at);
                missing = 1 + bytes.getInt(at + 1);
            }
            int part = Math.min(missing, end - at);
            at += part;
            missing -= part;
            if (missing > 0) {
                break;
            }
            if (type == 'Z' && aborted) {
                aborted = false;
                pass(context, bytes, from, at - READY_FOR_QUERY);
                from = at - READY_FOR_QUERY;
                failSkipped(context);
            } else if (type == 'Z') {
                unanswered.poll();
            } else if (endsJoined()) {
                pass(context, bytes, from, at);
                from = at;
                context.fireChannelRead(READY_IN_TRANSACTION.retainedDuplicate());
            }
        }
        pass(context, bytes, from, at);
        begun = at < end ? bytes.copy(at, end - at) : null;
        bytes.release();
    }

    /** Whether a message can be told by what is there of it; of ReadyForQuery all must be, since others go before it. */
    private static boolean begins(ByteBuf bytes, int at, int end) {
        return end - at >= (at < end && bytes.getByte(at) == 'Z' ? READY_FOR_QUERY : HEADER);
    }

    /** What was received, with the beginning of a message that came before it. */
    private ByteBuf whole(ByteBuf received) {
        if (begun == null) {
            return received;
        }
        var whole = Unpooled.wrappedBuffer(begun, received);
        begun = null;
        return whole;
    }

    /** Whether the message that was received is the last of a statement whose Sync was not sent. */
    private boolean endsJoined() {
        var executions = unanswered.peek();
        if (executions == null || executions == OWN_SYNC) {
            return false;
        }
        if (type == 'E') {
            aborted = true;
        }
        if (type != 'C' && type != 'I' && type != 's') {
            return false;
        }
        unanswered.remove();
        if (executions > 1) {
            unanswered.addFirst(executions - 1);
        }
        return executions == 1;
    }

    /** Ends the statement that failed and those behind it, but for the last: PostgreSQL's own ReadyForQuery ends that. */
    private void failSkipped(ChannelHandlerContext context) {
        while (unanswered.remove() != OWN_SYNC) {
            context.fireChannelRead(READY_FAILED.retainedDuplicate());
            context.fireChannelRead(SKIPPED.retainedDuplicate());
        }
    }

    private static void pass(ChannelHandlerContext context, ByteBuf bytes, int from, int to) {
        if (to > from) {
            context.fireChannelRead(bytes.retainedSlice(from, to - from));
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (begun != null) {
            begun.release();
            begun = null;
        }
    }
}
