package dev.basalt.control.migration;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.error.DatabaseFailure;
import io.vertx.pgclient.PgException;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's refusal of a file, with the file's name, {@code sqlstate}, and the line where PostgreSQL tells a place. */
final class MigrationFailure {
    private static final String NOT_IN_TRANSACTION = "25001";
    private static final String CANCELLED = "57014";

    private MigrationFailure() {}

    static Throwable of(Migration migration, Throwable failure) {
        if (!(failure instanceof PgException pg)) {
            return failure;
        }
        var state = pg.getSqlState() == null ? "XX000" : pg.getSqlState();
        var outage = DatabaseFailure.asOutage(failure);
        if (outage.isPresent() && !state.equals(CANCELLED)) {
            return outage.get();
        }
        var place = place(migration.sql(), pg.getPosition());
        var detail = new StringBuilder(migration.name());
        if (place >= 0) {
            detail.append(", line ").append(Migration.line(migration.sql(), place));
        }
        detail.append(": ").append(pg.getErrorMessage());
        if (state.equals(NOT_IN_TRANSACTION)) {
            detail.append(". Put the statement into a file of its own with the line -- basalt: no-transaction");
        }
        var problem = ApiException.of(MigrationError.FAILED, detail.toString())
                .with("migration", migration.name())
                .with("sqlstate", state);
        if (place >= 0) {
            problem = problem.with("line", Migration.line(migration.sql(), place));
        }
        problem = with(problem, "details", pg.getDetail());
        problem = with(problem, "hint", pg.getHint());
        return with(problem, "where", pg.getWhere());
    }

    private static ApiException with(ApiException problem, String member, @Nullable String value) {
        return value == null ? problem : problem.with(member, value);
    }

    /** PostgreSQL counts characters from 1; -1 if it tells no place. */
    private static int place(String sql, @Nullable String position) {
        return position == null ? -1 : sql.offsetByCodePoints(0, Integer.parseInt(position) - 1);
    }
}
