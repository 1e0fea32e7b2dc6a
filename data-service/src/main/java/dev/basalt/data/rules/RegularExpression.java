package dev.basalt.data.rules;

/**
 * An RE2 pattern as a PostgreSQL one that matches the same texts. Only what means the same in both is taken, and what differs
 * in spelling is spelled out: {@code .} and {@code \d}, say. PostgreSQL never sees the pattern as it was written.
 *
 * <p>A parser for one pattern; not safe for use by several threads.
 */
final class RegularExpression {
    private static final int MAX_LENGTH = 1000;
    private static final int MAX_DEPTH = 32;

    /** PostgreSQL's, below RE2's 1,000. */
    private static final int MAX_REPETITIONS = 255;

    /** How many atoms a pattern may have with its repetitions written out. */
    private static final int MAX_SIZE = 1000;

    private static final String SPACES = "\t\n\f\r ";
    private static final String DIGITS = "0-9";
    private static final String WORDS = "0-9A-Za-z_";

    private final int[] pattern;
    private final StringBuilder sql = new StringBuilder();
    private int at;
    private int depth;

    private RegularExpression(String pattern) {
        this.pattern = pattern.codePoints().toArray();
    }

    /**
     * The PostgreSQL pattern.
     *
     * @throws InexpressibleException if it is no RE2 pattern or means something else in PostgreSQL
     */
    static String translate(String re2) {
        var parser = new RegularExpression(re2);
        if (parser.pattern.length > MAX_LENGTH) {
            throw new InexpressibleException("A pattern has at most " + MAX_LENGTH + " characters.");
        }
        parser.alternatives();
        if (parser.at < parser.pattern.length) {
            throw refused("a parenthesis that closes nothing");
        }
        return parser.sql.toString();
    }

    private int alternatives() {
        if (++depth > MAX_DEPTH) {
            throw refused("more than " + MAX_DEPTH + " parentheses in each other");
        }
        int size = sequence();
        while (takes('|')) {
            sql.append('|');
            size += sequence();
        }
        depth--;
        return size;
    }

    private int sequence() {
        int size = 0;
        while (at < pattern.length && pattern[at] != '|' && pattern[at] != ')') {
            size += repeated();
            if (size > MAX_SIZE) {
                throw new InexpressibleException("The pattern is too large with its repetitions written out.");
            }
        }
        return size;
    }

    private int repeated() {
        int c = pattern[at];
        if (c == '^' || c == '$') {
            at++;
            sql.appendCodePoint(c);
            if (at < pattern.length && "*+?{".indexOf(pattern[at]) >= 0) {
                throw refused("a repeated anchor");
            }
            return 1;
        }
        int size = atom(c);
        int times = repetition();
        if (at < pattern.length && "*+?{".indexOf(pattern[at]) >= 0) {
            throw refused("a repetition of a repetition");
        }
        return Math.max(1, size * times);
    }

    private int atom(int c) {
        at++;
        switch (c) {
            case '(' -> {
                return group();
            }
            case '[' -> set();
            case '.' -> sql.append("[^\n]");
            case '\\' -> escape();
            case '*', '+', '?', '{' -> {
                at--;
                throw refused("a repetition of nothing (a brace is written \\{)");
            }
            default -> literal(c);
        }
        return 1;
    }

    private int group() {
        if (takes('?') && !takes(':')) {
            throw refused("a group with a flag or a name");
        }
        sql.append("(?:");
        int size = alternatives();
        if (!takes(')')) {
            throw refused("a parenthesis that is not closed");
        }
        sql.append(')');
        return size;
    }

    /** A quantifier, if one stands here. Lazy or not makes no difference to whether a text matches. */
    private int repetition() {
        int times = 1;
        if (takes('*')) {
            sql.append('*');
        } else if (takes('+')) {
            sql.append('+');
        } else if (takes('?')) {
            sql.append('?');
        } else if (takes('{')) {
            times = counted();
        } else {
            return times;
        }
        takes('?');
        return times;
    }

    private int counted() {
        int least = number();
        sql.append('{').append(least);
        int most = least;
        if (takes(',')) {
            sql.append(',');
            if (at < pattern.length && pattern[at] != '}') {
                most = number();
                sql.append(most);
            }
        }
        if (most < least || !takes('}')) {
            throw refused("a repetition that is not of the form {2}, {2,} or {2,5}");
        }
        sql.append('}');
        return most;
    }

    private int number() {
        int start = at;
        int number = 0;
        while (at < pattern.length && pattern[at] >= '0' && pattern[at] <= '9' && at - start < 4) {
            number = number * 10 + pattern[at++] - '0';
        }
        if (at == start || number > MAX_REPETITIONS) {
            throw refused("a repetition without a number up to " + MAX_REPETITIONS);
        }
        return number;
    }

    private void escape() {
        int c = next("a backslash at the end");
        switch (c) {
            case 'd' -> sql.append('[').append(DIGITS).append(']');
            case 'D' -> sql.append("[^").append(DIGITS).append(']');
            case 'w' -> sql.append('[').append(WORDS).append(']');
            case 'W' -> sql.append("[^").append(WORDS).append(']');
            case 's' -> sql.append('[').append(SPACES).append(']');
            case 'S' -> sql.append("[^").append(SPACES).append(']');
            default -> literal(escaped(c));
        }
    }

    /** The character that an escape stands for, in a set or outside. */
    private int escaped(int c) {
        return switch (c) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 'f' -> '\f';
            case 'v' -> 0x0B;
            default -> {
                if (c >= 128 || Character.isLetterOrDigit(c) || c < ' ') {
                    throw refused("the escape \\" + Character.toString(c));
                }
                yield c;
            }
        };
    }

    private void set() {
        sql.append('[');
        if (takes('^')) {
            sql.append('^');
        }
        boolean first = true;
        while (first || !takes(']')) {
            int c = next("a set that is not closed");
            first = false;
            if (c == '[' && at < pattern.length && ":.=".indexOf(pattern[at]) >= 0) {
                throw refused("a named class");
            }
            if (c == '\\') {
                c = next("a backslash at the end");
                if (c == 'd' || c == 'w' || c == 's') {
                    sql.append(c == 'd' ? DIGITS : c == 'w' ? WORDS : SPACES);
                    if (at + 1 < pattern.length && pattern[at] == '-' && pattern[at + 1] != ']') {
                        throw refused("a range that begins with a class");
                    }
                    continue;
                }
                c = escaped(c);
            }
            literal(c);
            if (at + 1 < pattern.length && pattern[at] == '-' && pattern[at + 1] != ']') {
                at++;
                int last = next("a set that is not closed");
                if (last == '\\') {
                    last = escaped(next("a backslash at the end"));
                } else if (last == '[') {
                    throw refused("a range that ends with a bracket");
                }
                if (last < c) {
                    throw refused("a range from high to low");
                }
                sql.append('-');
                literal(last);
            }
        }
        sql.append(']');
    }

    private void literal(int c) {
        if (c < 128 && !Character.isLetterOrDigit(c) && c > ' ' && c != '_') {
            sql.append('\\');
        }
        sql.appendCodePoint(c);
    }

    private boolean takes(char wanted) {
        if (at < pattern.length && pattern[at] == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private int next(String otherwise) {
        if (at == pattern.length) {
            throw refused(otherwise);
        }
        return pattern[at++];
    }

    private static InexpressibleException refused(String what) {
        return new InexpressibleException("The pattern has " + what + ", which a rule can't use.");
    }
}
