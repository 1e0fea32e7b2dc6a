package dev.basalt.kit.database;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Quick reads that wait for a connection together, and are then sent along it in one pipeline, each a transaction of its own.
 * Belongs to the event loop of the first.
 *
 * <p>After one that fails PostgreSQL skips to the end of the pipeline: those behind it have not run, and run again by themselves.
 */
final class ReadBatch {
    /**
     * @param answer told of what becomes of it
     * @param alone runs it on a connection of its own
     */
    private record Member(WholeTransaction read, Promise<RowSet<Row>> answer, Supplier<Future<RowSet<Row>>> alone) {
        void runAlone() {
            if (read.isAbandoned()) {
                answer.tryFail(ClosedConnectionException.INSTANCE);
            } else if (!answer.future().isComplete()) {
                alone.get().onSuccess(answer::tryComplete).onFailure(answer::tryFail);
            }
        }
    }

    private final List<Member> members = new ArrayList<>(4);

    int size() {
        return members.size();
    }

    /** Takes a read; the answer is told of what becomes of it, {@code alone} runs it on a connection of its own. */
    void add(WholeTransaction read, Promise<RowSet<Row>> answer, Supplier<Future<RowSet<Row>>> alone) {
        members.add(new Member(read, answer, alone));
    }

    List<WholeTransaction> reads() {
        return members.stream().map(Member::read).toList();
    }

    /** Ends those that have no answer yet. */
    void fail(Throwable failure) {
        members.forEach(member -> member.answer().tryFail(failure));
    }

    /**
     * Sends all of them.
     *
     * @param interrupted whether the connection was taken away from them, which is none of their fault
     * @return whether all were well, once the connection is free
     */
    Future<Boolean> run(SqlConnection connection, BooleanSupplier interrupted) {
        var ended = new ArrayList<Future<?>>(members.size());
        for (var member : members) {
            if (member.read().isAbandoned()) {
                member.answer().tryFail(ClosedConnectionException.INSTANCE);
                continue;
            }
            var sent = member.read().send().apply(connection);
            ended.add(Future.join(sent)
                    .onSuccess(all -> member.answer()
                            .tryComplete(WholeTransaction.answer(sent).result()))
                    .onFailure(failed -> {
                        // The very first statement of one can only fail by what was before it.
                        if (interrupted.getAsBoolean() || sent.getFirst().failed()) {
                            member.runAlone();
                        } else {
                            member.answer().tryFail(WholeTransaction.firstFailure(sent));
                        }
                    }));
        }
        return Future.join(ended)
                .transform(all -> all.succeeded()
                        ? Future.succeededFuture(true)
                        : WholeTransaction.<Boolean>rolledBack(connection, all.cause())
                                .otherwise(false));
    }
}
