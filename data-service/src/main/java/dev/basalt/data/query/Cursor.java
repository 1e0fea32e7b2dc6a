package dev.basalt.data.query;

import dev.basalt.data.error.Refusal;
import dev.basalt.kit.error.ApiException;
import java.util.ArrayList;
import java.util.List;

/**
 * A place in one parameter's text, with the parts of the grammar that every parameter shares: names, quoted values, JSON
 * paths.
 *
 * <p>Not safe for use by several threads; a parser makes one, uses it and drops it.
 */
final class Cursor {
    private final String what;
    private final String text;
    private int position;

    Cursor(String what, String text) {
        this.what = what;
        this.text = text;
    }

    boolean atEnd() {
        return position >= text.length();
    }

    int position() {
        return position;
    }

    void reset(int earlier) {
        position = earlier;
    }

    /** The character here, or NUL (which no parameter holds) at the end. */
    char peek() {
        return peek(0);
    }

    char peek(int ahead) {
        int at = position + ahead;
        return at < text.length() ? text.charAt(at) : '\0';
    }

    /** The text from here on, without the first characters of it. */
    String ahead(int skipped) {
        return text.substring(Math.min(text.length(), position + skipped));
    }

    void advance() {
        position++;
    }

    boolean accept(char expected) {
        if (peek() != expected || atEnd()) {
            return false;
        }
        position++;
        return true;
    }

    boolean accept(String expected) {
        if (!text.startsWith(expected, position)) {
            return false;
        }
        position += expected.length();
        return true;
    }

    void expect(char expected, String description) {
        if (!accept(expected)) {
            throw unexpected(description);
        }
    }

    void expectEnd(String description) {
        if (!atEnd()) {
            throw unexpected(description);
        }
    }

    void skipBlanks() {
        while (peek() == ' ' || peek() == '\t') {
            position++;
        }
    }

    /** The next characters, of which there are so many. */
    String take(int length) {
        var taken = text.substring(position, position + length);
        position += length;
        return taken;
    }

    String rest() {
        var value = text.substring(position);
        position = text.length();
        return value;
    }

    /** Everything up to (and without) any of the two characters. */
    String until(char one, char other) {
        int start = position;
        while (!atEnd() && peek() != one && peek() != other) {
            position++;
        }
        return text.substring(start, position);
    }

    /** A run of lower-case ASCII letters, perhaps empty. */
    String word() {
        int start = position;
        while (peek() >= 'a' && peek() <= 'z') {
            position++;
        }
        return text.substring(start, position);
    }

    /** A field or relation name: quoted, or identifiers joined by dashes. */
    String fieldName() {
        if (peek() == '"') {
            return quoted();
        }
        int start = position;
        while (isIdentifier(peek()) || (peek() == '-' && peek(1) != '>' && position > start)) {
            position++;
        }
        if (position > start && text.charAt(position - 1) == '-') {
            position--;
        }
        var name = text.substring(start, position).strip();
        if (name.isEmpty()) {
            position = start;
            throw unexpected("field name (* or [a..z0..9_$])");
        }
        return name;
    }

    /** A name made of identifier characters alone: a type or a text search configuration. */
    String identifier(String description) {
        int start = position;
        while (isIdentifier(peek())) {
            position++;
        }
        var name = text.substring(start, position).strip();
        if (name.isEmpty()) {
            position = start;
            throw unexpected(description);
        }
        return name;
    }

    /** A double-quoted value, with backslash as the escape. */
    String quoted() {
        expect('"', "'\"'");
        var value = new StringBuilder();
        while (!atEnd() && peek() != '"') {
            if (peek() == '\\') {
                position++;
                if (atEnd()) {
                    break;
                }
            }
            value.append(peek());
            position++;
        }
        expect('"', "'\"'");
        return value.toString();
    }

    Field field() {
        skipBlanks();
        var name = fieldName();
        var path = jsonPath();
        skipBlanks();
        return new Field(name, path);
    }

    List<JsonStep> jsonPath() {
        if (peek() != '-' || peek(1) != '>') {
            return List.of();
        }
        var steps = new ArrayList<JsonStep>(4);
        while (true) {
            boolean asText;
            if (accept("->>")) {
                asText = true;
            } else if (accept("->")) {
                asText = false;
            } else {
                return steps;
            }
            steps.add(jsonStep(asText));
            if (steps.size() > QueryParser.MAX_DEPTH) {
                throw failure("the JSON path is deeper than " + QueryParser.MAX_DEPTH + " steps");
            }
        }
    }

    private JsonStep jsonStep(boolean asText) {
        if (peek() == '"') {
            return new JsonStep.Key(quoted(), asText);
        }
        int start = position;
        accept('-');
        int digits = position;
        while (peek() >= '0' && peek() <= '9') {
            position++;
        }
        if (position > digits && atStepEnd()) {
            try {
                return new JsonStep.Index(Integer.parseInt(text, start, position, 10), asText);
            } catch (NumberFormatException tooLarge) {
                position = start;
                throw unexpected("an array position of at most " + Integer.MAX_VALUE);
            }
        }
        if (peek(start - position) == '-') {
            throw unexpected("digit");
        }
        position = start;
        while ((!atEnd() && isJsonKey(peek())) || (peek() == '-' && peek(1) != '>' && position > start)) {
            position++;
        }
        var key = text.substring(start, position).strip();
        if (key.isEmpty()) {
            throw unexpected("any non reserved character different from: .,>()");
        }
        return new JsonStep.Key(key, asText);
    }

    private boolean atStepEnd() {
        return switch (peek()) {
            case '.', ',', ')' -> true;
            case '-' -> peek(1) == '>';
            case ':' -> peek(1) == ':';
            default -> atEnd();
        };
    }

    /** The refusal of what stands here. */
    ApiException unexpected(String expected) {
        var found = atEnd() ? "end of input" : "\"" + peek() + "\"";
        return Refusal.syntax(what, text, position + 1, "unexpected " + found + " expecting " + expected);
    }

    /** The refusal of the text for a reason of its own. */
    ApiException failure(String reason) {
        return Refusal.syntax(what, text, position + 1, reason);
    }

    private static boolean isIdentifier(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == ' ' || c == '$' || Character.isSurrogate(c);
    }

    private static boolean isJsonKey(char c) {
        return switch (c) {
            case '(', '-', ':', '.', ',', '>', ')' -> false;
            default -> true;
        };
    }
}
