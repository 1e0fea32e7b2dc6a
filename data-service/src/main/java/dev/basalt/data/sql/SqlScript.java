package dev.basalt.data.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How many statements a text holds and what each does, by PostgreSQL's lexical rules (section 4.1): quotes, dollar quotes,
 * nested comments. Nothing is executed or refused by it; it only tells.
 *
 * @param commands the first word of each statement in upper case, of a {@code WITH} the word of its main part
 */
record SqlScript(List<String> commands) {
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

    SqlScript {
        commands = List.copyOf(commands);
    }

    static SqlScript of(String sql) {
        return new Reader(sql).read();
    }

    /** The command of the last statement; empty if there is none. */
    String lastCommand() {
        return commands.isEmpty() ? "" : commands.getLast();
    }

    boolean writes() {
        return !READING_COMMANDS.containsAll(commands);
    }

    boolean mayChangeSchema() {
        return !DATA_COMMANDS.containsAll(commands);
    }

    /** One pass over the text. */
    private static final class Reader {
        private final String sql;
        private final List<String> commands = new ArrayList<>();
        private int position;
        private String command = "";
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
            end();
            return new SqlScript(commands);
        }

        private void symbol(char c) {
            position++;
            if (c == '(') {
                parentheses++;
            } else if (c == ')') {
                parentheses--;
            } else if (c == ';' && atomic == 0) {
                end();
            }
        }

        private void end() {
            if (!command.isEmpty()) {
                commands.add(command);
            }
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
            boolean number = tag > position + 1 && Character.isDigit(sql.charAt(position + 1));
            if (partOfWord || number || tag >= sql.length() || sql.charAt(tag) != '$') {
                position++;
                return;
            }
            var delimiter = sql.substring(position, tag + 1);
            int end = sql.indexOf(delimiter, tag + 1);
            position = end < 0 ? sql.length() : end + delimiter.length();
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
