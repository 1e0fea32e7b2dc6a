package dev.basalt.sdk.data;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A reader of the REST dialect, written from its documentation and on its own: what the client writes has to come out of
 * it as it went in. An {@link AssertionError} is text that does not follow the grammar.
 */
final class Grammar {
    private static final Pattern BARE = Pattern.compile("[A-Za-z0-9_$]");
    private final String text;
    private int at;

    private Grammar(String text) {
        this.text = text;
    }

    /** A column or place in it, as names. */
    record Field(List<String> relations, String name, List<String> path) {}

    /** A condition, or several that are joined. */
    sealed interface Node {
        record Leaf(Field field, boolean negated, String operator, List<String> values) implements Node {}

        record Group(List<String> relations, boolean negated, String operator, List<Node> members) implements Node {}
    }

    /** A parameter of the query. */
    static Node parameter(String name, String value) {
        var names = new Grammar(name);
        var path = new ArrayList<String>();
        boolean quoted = false;
        boolean quotedBefore;
        do {
            quotedBefore = quoted;
            quoted = names.peek() == '"';
            path.add(names.name());
        } while (names.accept("."));
        String last = path.removeLast();
        if (!quoted && names.ends() && (last.equals("and") || last.equals("or"))) {
            boolean negated = !path.isEmpty() && path.getLast().equals("not") && !quotedBefore;
            if (negated) path.removeLast();
            var tree = new Grammar(value);
            List<Node> members = tree.members();
            tree.end();
            return new Node.Group(path, negated, last, members);
        }
        if (!quoted
                && List.of("select", "order", "limit", "offset", "columns", "on_conflict")
                        .contains(last)) {
            throw new AssertionError(name + " is no condition");
        }
        var field = new Field(path, last, names.path());
        names.end();
        return new Grammar(value).right(field, false);
    }

    /** The names in a list, as {@code columns} has them. */
    static List<String> names(String text) {
        var list = new Grammar(text);
        var names = new ArrayList<String>();
        do names.add(list.name());
        while (list.accept(","));
        list.end();
        return names;
    }

    /** The elements of an array as PostgreSQL reads it. */
    static List<String> array(String text) {
        var array = new Grammar(text);
        var elements = new ArrayList<String>();
        array.expect("{");
        if (!array.accept("}")) {
            do elements.add(array.quoted());
            while (array.accept(","));
            array.expect("}");
        }
        array.end();
        return elements;
    }

    private List<Node> members() {
        var members = new ArrayList<Node>();
        expect("(");
        do members.add(member());
        while (accept(","));
        expect(")");
        return members;
    }

    private Node member() {
        int start = at;
        boolean negated = accept("not.");
        for (String operator : List.of("and", "or")) {
            if (text.startsWith(operator + "(", at)) {
                at += operator.length();
                return new Node.Group(List.of(), negated, operator, members());
            }
        }
        at = start;
        if (negated) throw new AssertionError("a condition begins with not.: " + text);
        var field = new Field(List.of(), name(), path());
        expect(".");
        return right(field, true);
    }

    private Node.Leaf right(Field field, boolean inTree) {
        boolean negated = accept("not.");
        int start = at;
        while (at < text.length() && text.charAt(at) != '.') at++;
        String operator = text.substring(start, at);
        expect(".");
        return new Node.Leaf(field, negated, operator, values(operator, inTree));
    }

    private List<String> values(String operator, boolean inTree) {
        if (operator.equals("in")) {
            var values = new ArrayList<String>();
            expect("(");
            if (accept(")")) return values;
            do values.add(operand());
            while (accept(","));
            expect(")");
            if (!inTree) end();
            return values;
        }
        if (inTree) return List.of(operand());
        String rest = text.substring(at);
        at = text.length();
        return List.of(rest);
    }

    private String operand() {
        if (peek() == '"') return quoted();
        int start = at;
        while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != ')') at++;
        return text.substring(start, at);
    }

    private List<String> path() {
        var steps = new ArrayList<String>();
        while (peek() == '-') {
            String arrow = accept("->>") ? "->>" : "->";
            if (arrow.equals("->")) expect("->");
            steps.add(arrow + name());
        }
        return steps;
    }

    private String name() {
        if (peek() == '"') return quoted();
        int start = at;
        while (at < text.length() && BARE.matcher(text.substring(at, at + 1)).matches()) at++;
        if (start == at) throw new AssertionError("no name at " + at + " of " + text);
        return text.substring(start, at);
    }

    private String quoted() {
        var value = new StringBuilder();
        expect("\"");
        while (peek() != '"') {
            if (peek() == '\\') at++;
            if (ends()) throw new AssertionError("a quote does not end in " + text);
            value.append(peek());
            at++;
        }
        at++;
        return value.toString();
    }

    private char peek() {
        return ends() ? '\uFFFF' : text.charAt(at);
    }

    private boolean ends() {
        return at >= text.length();
    }

    private boolean accept(String expected) {
        boolean found = text.startsWith(expected, at);
        if (found) at += expected.length();
        return found;
    }

    private void expect(String expected) {
        if (!accept(expected)) throw new AssertionError("no " + expected + " at " + at + " of " + text);
    }

    private void end() {
        if (!ends()) throw new AssertionError("more than expected at " + at + " of " + text);
    }
}
