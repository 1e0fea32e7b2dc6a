package dev.basalt.functions.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.functions.registry.SourceMap.Place;
import dev.basalt.functions.runtime.Failure;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceMapTest {
    /** Line 1 is the bundler's; line 2 begins with a.ts 1:1, at column 5 is a.ts 3:9; line 3 is b.ts 1:1. */
    private static final SourceMap MAP =
            SourceMap.parse("index.js", Buffer.buffer("""
                    {"version": 3, "sources": ["a.ts", "lib/b.ts"], "names": [], "mappings": ";AAAA,IAEQ;ACFR"}""")).orElseThrow();

    @Test
    void aPlaceComesFromTheSegmentBeforeIt() {
        assertThat(MAP.source(2, 1)).contains(new Place("a.ts", 1, 1));
        assertThat(MAP.source(2, 4)).contains(new Place("a.ts", 1, 1));
        assertThat(MAP.source(2, 5)).contains(new Place("a.ts", 3, 9));
        assertThat(MAP.source(2, 500)).contains(new Place("a.ts", 3, 9));
        assertThat(MAP.source(3, 1)).contains(new Place("lib/b.ts", 1, 1));
        assertThat(MAP.source(1, 1)).isEmpty();
        assertThat(MAP.source(4, 1)).isEmpty();
        assertThat(MAP.source(0, 0)).isEmpty();
    }

    @Test
    void failuresAndTheirStacksArePlaced() {
        var placed = MAP.apply(new Failure(
                Failure.Kind.EXCEPTION,
                "Error",
                "index.js:2:5 is text",
                "Error: x\n    at f (index.js:2:5)\n    at other/index.js:2:5\n    at index.js:99:1\n    at index.js:9999999999:1",
                "index.js",
                2,
                5));
        assertThat(placed.file()).isEqualTo("a.ts");
        assertThat(placed.line()).isEqualTo(3);
        assertThat(placed.column()).isEqualTo(9);
        assertThat(placed.message()).isEqualTo("index.js:2:5 is text");
        assertThat(placed.stack())
                .isEqualTo(
                        "Error: x\n    at f (a.ts:3:9)\n    at other/index.js:2:5\n    at index.js:99:1\n    at index.js:9999999999:1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"sources\": 1, \"mappings\": \"\"}",
                "{\"sources\": [], \"mappings\": \"é\"}",
                "{\"sources\": [], \"mappings\": \"gggggggggggg\"}"
            })
    void whatIsNoMapIsNone(String text) {
        assertThat(SourceMap.parse("index.js", Buffer.buffer(text))).isEmpty();
    }

    @Test
    void aMapThatPointsNowhereGivesNoPlace() {
        var map = SourceMap.parse("index.js", Buffer.buffer("{\"sources\": [], \"mappings\": \"AAAA\"}"))
                .orElseThrow();
        assertThat(map.source(1, 1)).isEmpty();
    }
}
