package dev.basalt.kit.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How many statements a text holds and what each does, by PostgreSQL's lexical rules (section 4.1): quotes, dollar quotes,
 * nested comments. Nothing is executed or refused by it; it only tells.
 */
public record SqlScript(List<Statement> statements) {
    private static final Set<String> MAIN_PARTS = Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES");

    /** Commands that write nothing, but for functions they may call. */
    private static final Set<String> READING_COMMANDS = Set.of("SELECT", "VALUES", "TABLE", "SHOW", "EXPLAIN", "SET");

    /** Commands that leave the schema as it is. */
    private static final Set<String> DATA_COMMANDS = Set.of(
            "SELECT",
            "INSERT",
            "UPDATE",
            "DELETE",
            "MERGE",
            "VALUES",
            "TABLE",
            "WITH",
            "SHOW",
            "EXPLAIN",
            "SET",
            "BEGIN",
            "START",
            "COMMIT",
            "ROLLBACK",
            "SAVEPOINT",
            "RELEASE",
            "END",
            "ABORT",
            "ANALYZE",
            "VACUUM",
            "COPY",
            "FETCH",
            "LOCK",
            "NOTIFY",
            "PREPARE",
            "EXECUTE",
            "DEALLOCATE",
            "RESET",
            "DISCARD",
            "TRUNCATE",
            "CHECKPOINT");

    /** Commands that begin or end a transaction. */
    private static final Set<String> TRANSACTION_COMMANDS =
            Set.of("BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "PREPARE TRANSACTION");

    /** How {@code COPY} names the client's own connection. */
    private static final Set<String> WIRE = Set.of("STDIN", "STDOUT");

    public SqlScript {
        statements = List.copyOf(statements);
    }

    /**
     * One statement.
     *
     * @param command the first word in upper case, of a {@code WITH} the word of its main part
     * @param start where its first token begins, in {@code char}s
     * @param end the index behind its last character; the semicolon, if there is one, stands there
     * @param copiesOverWire whether it is a {@code COPY} from or to the client's own connection
     * @param parameters where values are to be put, in order
     */
    public record Statement(String command, int start, int end, boolean copiesOverWire, List<Parameter> parameters) {
        public Statement {
            parameters = List.copyOf(parameters);
        }

        /** Whether it begins or ends a transaction; savepoints do neither. */
        public boolean controlsTransaction() {
            return TRANSACTION_COMMANDS.contains(command);
        }
    }

    /**
     * A {@code $1} in the text.
     *
     * @param number from 1; {@link Integer#MAX_VALUE} for one that is larger
     * @param start where its dollar sign stands
     * @param end the index behind its last digit
     */
    public record Parameter(int number, int start, int end) {}

    public static SqlScript of(String sql) {
        return new Reader(sql).read();
    }

    /** The command of each statement. */
    public List<String> commands() {
        return statements.stream().map(Statement::command).toList();
    }

    /** The command of the last statement; empty if there is none. */
    public String lastCommand() {
        return statements.isEmpty() ? "" : statements.getLast().command();
    }

    public boolean writes() {
        return !READING_COMMANDS.containsAll(commands());
    }

    public boolean mayChangeSchema() {
        return !DATA_COMMANDS.containsAll(commands());
    }

    /** One pass over the text. */
    private static final class Reader {
        private static final int NOWHERE = -1;
        private static final int MAX_PARAMETER_DIGITS = 9;
        private final String sql;
        private final List<Statement> statements = new ArrayList<>();
        private int position;
        private int start = NOWHERE;
        private String command = "";
        private boolean copiesOverWire;
        private final List<Parameter> parameters = new ArrayList<>();
        private String previousWord = "";
        private int parentheses;
        /** Depth of blocks inside a {@code BEGIN ATOMIC} body, whose semicolons end no statement. */
        private int atomic;

        Reader(String sql) {
            this.sql = sql;
        }

        SqlScript read() {
            while (position < sql.length()) {
                char c = sql.charAt(position);
                if (start == NOWHERE && c != ';' && !Character.isWhitespace(c) && !atComment()) {
                    start = position;
                }
                if (c == '\'') {
                    boolean escapes = previousIs('e') || previousIs('E');
                    quoted('\'', escapes);
                } else if (c == '"') {
                    quoted('"', false);
                } else if (c == '$') {
                    dollar();
                } else if (sql.startsWith("--", position)) {
                    int end = sql.indexOf('\n', position);
                    position = end < 0 ? sql.length() : end;
                } else if (sql.startsWith("/*", position)) {
                    comment();
                } else if (Character.isLetter(c) || c == '_') {
                    word();
                } else {
                    symbol(c);
                }
            }
            end(sql.length());
            return new SqlScript(statements);
        }

        private boolean atComment() {
            return sql.startsWith("--", position) || sql.startsWith("/*", position);
        }

        private void symbol(char c) {
            position++;
            if (c == '(') {
                parentheses++;
            } else if (c == ')') {
                parentheses--;
            } else if (c == ';' && atomic == 0) {
                end(position - 1);
            }
        }

        private void end(int at) {
            if (!command.isEmpty()) {
                statements.add(new Statement(command, start, at, copiesOverWire, parameters));
            }
            start = NOWHERE;
            copiesOverWire = false;
            parameters.clear();
            command = "";
            previousWord = "";
            parentheses = 0;
            atomic = 0;
        }

        private void word() {
            int start = position;
            while (position < sql.length() && isPartOfWord(sql.charAt(position))) {
                position++;
            }
            var word = sql.substring(start, position).toUpperCase(Locale.ROOT);
            if (command.isEmpty()) {
                command = word;
            } else if (command.equals("WITH") && parentheses == 0 && MAIN_PARTS.contains(word)) {
                command = word;
            } else if (command.equals("PREPARE") && previousWord.equals("PREPARE") && word.equals("TRANSACTION")) {
                command = "PREPARE TRANSACTION";
            } else if (command.equals("COPY") && parentheses == 0 && WIRE.contains(word)) {
                copiesOverWire = true;
            }
            if (word.equals("ATOMIC") && previousWord.equals("BEGIN")) {
                atomic = 1;
            } else if (atomic > 0 && word.equals("CASE")) {
                atomic++;
            } else if (atomic > 0 && word.equals("END")) {
                atomic--;
            }
            previousWord = word;
        }

        /** Whether a string constant here has a prefix of that letter standing alone. */
        private boolean previousIs(char prefix) {
            return position > 0
                    && sql.charAt(position - 1) == prefix
                    && (position == 1 || !isPartOfWord(sql.charAt(position - 2)));
        }

        private void quoted(char quote, boolean escapes) {
            position++;
            while (position < sql.length()) {
                char c = sql.charAt(position++);
                if (escapes && c == '\\') {
                    position++;
                } else if (c == quote) {
                    // A doubled quote opens again at once.
                    return;
                }
            }
        }

        private void dollar() {
            int tag = position + 1;
            while (tag < sql.length() && isPartOfWord(sql.charAt(tag)) && sql.charAt(tag) != '$') {
                tag++;
            }
            boolean partOfWord = position > 0 && isPartOfWord(sql.charAt(position - 1));
            boolean number = tag > position + 1 && isDigit(sql.charAt(position + 1));
            if (!partOfWord && number) {
                parameter();
                return;
            }
            if (partOfWord || tag >= sql.length() || sql.charAt(tag) != '$') {
                position++;
                return;
            }
            var delimiter = sql.substring(position, tag + 1);
            int end = sql.indexOf(delimiter, tag + 1);
            position = end < 0 ? sql.length() : end + delimiter.length();
        }

        private void parameter() {
            int begin = position++;
            while (position < sql.length() && isDigit(sql.charAt(position))) {
                position++;
            }
            var digits = sql.substring(begin + 1, position);
            parameters.add(new Parameter(
                    digits.length() > MAX_PARAMETER_DIGITS ? Integer.MAX_VALUE : Integer.parseInt(digits),
                    begin,
                    position));
        }

        private static boolean isDigit(char c) {
            return c >= '0' && c <= '9';
        }

        private void comment() {
            int depth = 0;
            while (position < sql.length()) {
                if (sql.startsWith("/*", position)) {
                    depth++;
                    position += 2;
                } else if (sql.startsWith("*/", position)) {
                    depth--;
                    position += 2;
                    if (depth == 0) {
                        return;
                    }
                } else {
                    position++;
                }
            }
        }

        private static boolean isPartOfWord(char c) {
            return Character.isLetterOrDigit(c) || c == '_' || c == '$';
        }
    }
}
