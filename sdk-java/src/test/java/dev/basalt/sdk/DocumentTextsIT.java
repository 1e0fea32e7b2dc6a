package dev.basalt.sdk;

import static dev.basalt.sdk.data.Filter.allOf;
import static dev.basalt.sdk.data.Filter.any;
import static dev.basalt.sdk.data.Filter.anyOf;
import static dev.basalt.sdk.data.Filter.not;
import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.sdk.data.Column;
import dev.basalt.sdk.data.Filter;
import dev.basalt.sdk.documents.Document;
import dev.basalt.sdk.documents.DocumentCollection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Any text, as a value or as a name, finds the documents that hold it and no others, through every way of saying it. */
@EnabledIfEnvironmentVariable(
        named = RunningBasalt.URL_VARIABLE,
        matches = "http.+",
        disabledReason = RunningBasalt.SKIPPED)
class DocumentTextsIT {
    private static final String TEXTS = "sdk_texts_" + RunningBasalt.RUN;
    private static final long SEED = 4711;
    private static final List<String> PIECES = List.of(
            "\"",
            "\\",
            ",",
            ".",
            "(",
            ")",
            "{",
            "}",
            "[",
            "]",
            ":",
            "*",
            "%",
            "&",
            "=",
            "?",
            "#",
            "+",
            "/",
            "$",
            "'",
            " ",
            "\n",
            "\t",
            "\u00e9",
            "\ud83d\ude00",
            "a",
            "5",
            "-1e3",
            "null",
            "true",
            "not.",
            "eq.",
            "in.",
            "any",
            "->",
            "::text",
            "--");

    private static List<String> texts;
    private static BasaltClient service;
    private static DocumentCollection<Map<String, @Nullable Object>> documents;

    /** What looks like something else, and what chance makes of the pieces. */
    private static List<String> texts() {
        Random random = new Random(SEED);
        Set<String> made = new LinkedHashSet<>(List.of(
                "5",
                "true",
                "null",
                "",
                " ",
                "*",
                "(a,b)",
                "{a,b}",
                "[\"a\"]",
                "{\"a\":1}",
                "\"a\"",
                "eq.5",
                "not.eq.5",
                "in.(5)",
                "a\\",
                "\\\""));
        while (made.size() < 60) {
            made.add(String.join(
                    "",
                    random.ints(1 + random.nextInt(6), 0, PIECES.size())
                            .mapToObj(PIECES::get)
                            .toList()));
        }
        return List.copyOf(made);
    }

    @BeforeAll
    static void write() {
        texts = texts();
        service = RunningBasalt.service();
        documents = service.documents().collection(TEXTS);
        service.documents()
                .commit(commit -> IntStream.range(0, texts.size())
                        .forEach(i -> commit.set(documents.document("d" + i), data(i))));
    }

    /** A document that holds its text as a value, and as a name. */
    private static Map<String, @Nullable Object> data(int i) {
        var data = new HashMap<String, @Nullable Object>();
        data.put("v", texts.get(i));
        if (!texts.get(i).isEmpty()) data.put("in", Map.of(texts.get(i), i));
        return data;
    }

    @AfterAll
    static void dropCollection() throws Exception {
        service.close();
        RunningBasalt.dropCollection(TEXTS);
    }

    @Test
    void asAValue() {
        Column v = Column.column("v");
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            for (Filter filter : List.of(
                    v.eq(text),
                    v.in(List.of(text)),
                    v.eq(any(text)),
                    anyOf(v.eq(text), v.eq("none of them")),
                    anyOf(v.in(List.of(text, "none of them"))),
                    allOf(v.gte(text), v.lte(text)),
                    not(v.neq(text)),
                    not(v.isDistinctFrom(text)))) {
                assertThat(found(filter)).as("%s by %s", text, filter).containsExactly("d" + i);
            }
        }
    }

    @Test
    void asAName() {
        for (int i = 0; i < texts.size(); i++) {
            if (!texts.get(i).isEmpty()) {
                Column name = Column.column("in").key(texts.get(i));
                for (Filter filter : List.of(name.isNotNull(), name.eq(i), anyOf(name.eq(i), name.eq(-1)))) {
                    assertThat(found(filter))
                            .as("%s by %s", texts.get(i), filter)
                            .containsExactly("d" + i);
                }
            }
        }
    }

    private static List<String> found(Filter filter) {
        return documents.query().where(filter).list().stream().map(Document::id).toList();
    }
}
