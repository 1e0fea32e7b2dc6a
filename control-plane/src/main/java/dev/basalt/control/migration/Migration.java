package dev.basalt.control.migration;

import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.secret.RandomToken;
import dev.basalt.kit.sql.SqlScript;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One file of SQL.
 *
 * @param version the number that its name begins with; files are applied in the order of their versions
 * @param name as in {@code 20240101000000_name.sql} or {@code 0001_name.sql}
 * @param sql as it was pushed
 * @param runs what PostgreSQL gets: the same text, with a transaction that the file wraps around itself blanked out; empty
 *     if there is no statement in it
 * @param transactional whether it runs in a transaction
 */
record Migration(BigDecimal version, String name, String sql, String runs, boolean transactional) {
    private static final Pattern NAME = Pattern.compile("(\\d{1,30})_[^/\\\\\\x00-\\x1f]{1,200}\\.sql");
    /** A comment line that lets a file of one statement run outside a transaction. */
    private static final Pattern NO_TRANSACTION =
            Pattern.compile("(?m)^--[ \\t]*basalt:[ \\t]*no-transaction[ \\t]*\\r?$");

    private static final Pattern BEGIN = Pattern.compile("(?i)(BEGIN(\\s+(WORK|TRANSACTION))?|START\\s+TRANSACTION)");
    private static final Pattern COMMIT = Pattern.compile("(?i)(COMMIT|END)(\\s+(WORK|TRANSACTION))?");

    /**
     * Reads a file.
     *
     * @throws ApiException {@link MigrationError#INVALID}, which names the file
     */
    static Migration of(String name, String sql) {
        var matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            throw invalid(name, "a file's name is a number, an underscore and a name, as in 20240101000000_users.sql");
        }
        if (sql.indexOf('\0') >= 0) {
            throw invalid(name, "it holds a NUL, which no SQL may");
        }
        var script = SqlScript.of(sql);
        for (var statement : script.statements()) {
            if (statement.copiesOverWire()) {
                throw invalid(
                        name, line(sql, statement.start()), "COPY has no client to copy from or to here; use INSERT");
            }
        }
        boolean transactional = !NO_TRANSACTION.matcher(sql).find();
        if (!transactional && script.statements().size() != 1) {
            throw invalid(
                    name,
                    "a file without a transaction holds exactly one statement, so that it is applied whole or not; here are "
                            + script.statements().size());
        }
        return new Migration(
                new BigDecimal(matcher.group(1)),
                name,
                sql,
                transactional ? withoutItsTransaction(name, sql, script) : sql,
                transactional);
    }

    /** The SHA-256 of the file; line ends count alike whatever system wrote them. */
    String checksum() {
        return HexFormat.of().formatHex(RandomToken.sha256(sql.replace("\r\n", "\n")));
    }

    /** The line, from 1, of a place in the file. */
    static int line(String sql, int place) {
        return 1 + (int) sql.chars().limit(place).filter(c -> c == '\n').count();
    }

    /** Every file is one transaction already; a file that says so itself is left to mean just that. */
    private static String withoutItsTransaction(String name, String sql, SqlScript script) {
        var statements = script.statements();
        int last = statements.size() - 1;
        boolean wrapped = last > 0
                && BEGIN.matcher(text(sql, statements.getFirst())).matches()
                && COMMIT.matcher(text(sql, statements.getLast())).matches();
        var runs = new StringBuilder(sql);
        for (int i = 0; i <= last; i++) {
            var statement = statements.get(i);
            if (wrapped && (i == 0 || i == last)) {
                blank(runs, statement);
            } else if (statement.controlsTransaction()) {
                throw invalid(
                        name,
                        line(sql, statement.start()),
                        statement.command() + " can't be used here, because each file is one transaction; BEGIN first"
                                + " and COMMIT last are allowed");
            }
        }
        return runsNothing(statements, wrapped) ? "" : runs.toString();
    }

    private static boolean runsNothing(List<SqlScript.Statement> statements, boolean wrapped) {
        return statements.size() == (wrapped ? 2 : 0);
    }

    private static String text(String sql, SqlScript.Statement statement) {
        return sql.substring(statement.start(), statement.end()).strip();
    }

    private static void blank(StringBuilder sql, SqlScript.Statement statement) {
        for (int at = statement.start(); at < statement.end(); at++) {
            if (sql.charAt(at) != '\n') {
                sql.setCharAt(at, ' ');
            }
        }
    }

    private static ApiException invalid(String name, String why) {
        return ApiException.of(MigrationError.INVALID, name + ": " + why).with("migration", name);
    }

    private static ApiException invalid(String name, int line, String why) {
        return ApiException.of(MigrationError.INVALID, name + ", line " + line + ": " + why)
                .with("migration", name)
                .with("line", line);
    }
}
