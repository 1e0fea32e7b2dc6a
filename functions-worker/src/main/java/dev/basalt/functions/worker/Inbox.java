package dev.basalt.functions.worker;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The frames that an instance has got. Its own thread takes them; where one invocation keeps it from that, another thread can
 * hand those back that wait behind it. That excludes {@link #end}: an invocation is handed back before the host hears of the end of the one before
 * it, or not at all.
 */
final class Inbox {
    /** What belongs to the one that computes stays in the socket beyond so many, and all that comes behind it. */
    private static final int MAX_KEPT = 16;

    private final HostConnection host;
    private final ReentrantLock lock = new ReentrantLock();
    /** What has been read and is to be taken first. */
    private final Deque<FrameReader> kept = new ArrayDeque<>();

    Inbox(HostConnection host) {
        this.host = host;
    }

    /** Waits for the next frame. */
    FrameReader take() {
        lock.lock();
        try {
            FrameReader first = kept.poll();
            return first == null ? host.read() : first;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next frame, but not for longer than this; null when none has come. */
    @Nullable
    FrameReader take(long nanos) {
        lock.lock();
        try {
            FrameReader first = kept.poll();
            return first == null ? host.read(nanos) : first;
        } finally {
            lock.unlock();
        }
    }

    /** Says that what kept the instance's thread is over. */
    void end(Runnable lastWord) {
        lock.lock();
        try {
            lastWord.run();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Hands all invocations back that have come and wait, without waiting for anything; from any thread.
     *
     * @param busy whether the instance's thread is still kept from taking them
     */
    void handBack(BooleanSupplier busy) {
        // Else it takes or says something itself.
        if (!lock.tryLock()) {
            return;
        }
        try {
            if (!busy.getAsBoolean()) {
                return;
            }
            FrameReader frame;
            while (kept.size() < MAX_KEPT && (frame = host.readNow()) != null) {
                if (frame.op() == Op.INVOKE) {
                    handBack(frame);
                } else {
                    kept.add(frame);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Hands back what has been taken: another instance may have the time for it. */
    void handBack(FrameReader invocation) {
        host.send(new FrameWriter(Op.BACK, invocation.request(), 0));
    }
}
