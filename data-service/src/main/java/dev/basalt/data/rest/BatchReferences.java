package dev.basalt.data.rest;

import dev.basalt.data.error.Refusal;
import dev.basalt.data.error.RestError;
import dev.basalt.data.query.QueryParser;
import dev.basalt.kit.error.ApiException;
import dev.basalt.kit.secret.RandomToken;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What later requests of a batch say of the answers of earlier ones.
 *
 * <p>In a body, an object whose one member is {@code $ref} stands for a value by JSON pointer (RFC 6901) into the list of
 * answers, each of them {@code status}, {@code headers} and {@code body}; what is below a single member {@code $literal} is left
 * as it is. In a query string, <code>${0.body[0].id}</code> stands for a whole value behind an operator, or a whole element of a
 * list; a doubled dollar sign before a brace is a plain one. The parser never sees the value, so that it is one whatever it holds.
 * Stateless but for the answers, which the owner adds.
 */
final class BatchReferences {
    private static final String REF = "$ref";
    private static final String LITERAL = "$literal";
    private static final Pattern IN_QUERY =
            Pattern.compile("(?i)(?:\\$|%24)((?:\\$|%24)(?:\\{|%7B))|(?:\\$|%24)(?:\\{|%7B)(.*?)(?:\\}|%7D)");
    private static final Pattern STEP = Pattern.compile("\\.?([^.\\[\\]]+)|\\[(\\d+)\\]");
    private static final int TOKEN_BYTES = 12;

    private final List<BatchAnswer> answers;

    BatchReferences(List<BatchAnswer> answers) {
        this.answers = answers;
    }

    /** A body with the values in the place of what refers to them. */
    @Nullable
    Object resolved(@Nullable Object body) {
        return switch (body) {
            case Map<?, ?> object
            when object.size() == 1 && object.get(REF) instanceof String pointer -> byPointer(pointer);
            case Map<?, ?> object when object.size() == 1 && object.containsKey(LITERAL) -> object.get(LITERAL);
            case Map<?, ?> object -> {
                var copy = new LinkedHashMap<String, @Nullable Object>();
                object.forEach((name, value) -> copy.put(String.valueOf(name), resolved(value)));
                yield copy;
            }
            case List<?> list -> {
                var copy = new ArrayList<@Nullable Object>(list.size());
                list.forEach(element -> copy.add(resolved(element)));
                yield copy;
            }
            case null, default -> body;
        };
    }

    /** A query string to be parsed, with a word in the place of each reference, and what the words are meant to be. */
    static final class Query {
        private final String text;
        private final Map<String, String> values;

        private Query(String text, Map<String, String> values) {
            this.text = text;
            this.values = values;
        }

        String text() {
            return text;
        }

        /** Null when there is no reference in it. */
        @Nullable
        UnaryOperator<String> values() {
            return values.isEmpty() ? null : this::value;
        }

        /**
         * Refuses a reference that stands for anything but a value: a name, an operator, a part of a value.
         *
         * @param call whether the query string holds the arguments of a function
         */
        void requireValues(boolean call) {
            if (values.isEmpty()) {
                return;
            }
            var written = new ArrayList<String>();
            if (call) {
                var parsed = QueryParser.parseCall(text);
                written.addAll(parsed.query().values());
                parsed.arguments().forEach(argument -> written.add(argument.value()));
            } else {
                written.addAll(QueryParser.parse(text).values());
            }
            for (var word : values.keySet()) {
                if (written.stream().noneMatch(value -> value.equals(word) || hasElement(value, word))) {
                    throw Refusal.of(
                            RestError.INVALID_QUERY,
                            "A reference stands for a whole value in a filter or an argument, or for a whole element of a list",
                            null,
                            null);
                }
            }
        }

        private static boolean hasElement(String list, String word) {
            return list.startsWith("{") && list.contains('"' + word + '"');
        }

        private String value(String written) {
            var whole = values.get(written);
            if (whole != null) {
                return whole;
            }
            var list = written;
            for (var entry : values.entrySet()) {
                if (hasElement(written, entry.getKey())) {
                    list = list.replace('"' + entry.getKey() + '"', '"' + escaped(entry.getValue()) + '"');
                }
            }
            return list;
        }

        private static String escaped(String element) {
            return element.replace("\\", "\\\\").replace("\"", "\\\"");
        }
    }

    /** Takes the references out of a query string. */
    Query query(String query) {
        var values = new LinkedHashMap<String, String>();
        var text = IN_QUERY.matcher(query).replaceAll(match -> {
            if (match.group(1) != null) {
                return Matcher.quoteReplacement(match.group(1));
            }
            var word = "ref" + RandomToken.hex(TOKEN_BYTES);
            values.put(word, text(byPath(decoded(match.group(2)))));
            return word;
        });
        return new Query(text, values);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw unknown(text);
        }
    }

    private static String text(@Nullable Object value) {
        return switch (value) {
            case null ->
                throw BatchRequest.invalid("A reference in a query string leads to null, which no filter takes.");
            case String text -> text;
            case BigDecimal number -> number.toString();
            case Number number -> number.toString();
            case Boolean bool -> bool.toString();
            default -> ExactJson.text(value);
        };
    }

    private @Nullable Object byPath(String path) {
        var steps = new ArrayList<String>();
        var matcher = STEP.matcher(path);
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            steps.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
            end = matcher.end();
        }
        if (end != path.length()) {
            throw unknown("${" + path + "}");
        }
        return follow(steps, "${" + path + "}");
    }

    private @Nullable Object byPointer(String pointer) {
        if (!pointer.startsWith("#/")) {
            throw unknown(pointer);
        }
        var steps = new ArrayList<String>();
        for (var step : pointer.substring(2).split("/", -1)) {
            steps.add(step.replace("~1", "/").replace("~0", "~"));
        }
        return follow(steps, pointer);
    }

    private @Nullable Object follow(List<String> steps, String reference) {
        int index = index(steps.isEmpty() ? "" : steps.getFirst());
        if (index < 0 || index >= answers.size() || steps.size() < 2) {
            throw unknown(reference);
        }
        Object value = answers.get(index).member(steps.get(1));
        if (value == null) {
            throw unknown(reference);
        }
        for (var step : steps.subList(2, steps.size())) {
            if (value instanceof Map<?, ?> object && object.containsKey(step)) {
                value = object.get(step);
            } else if (value instanceof List<?> list && index(step) >= 0 && index(step) < list.size()) {
                value = list.get(index(step));
            } else {
                throw unknown(reference);
            }
        }
        return value;
    }

    private static int index(String step) {
        return step.matches("0|[1-9]\\d{0,8}") ? Integer.parseInt(step) : -1;
    }

    private static ApiException unknown(String reference) {
        return BatchRequest.invalid("The reference " + reference
                + " leads to nothing: it names an earlier request, then status, headers or body.");
    }
}
