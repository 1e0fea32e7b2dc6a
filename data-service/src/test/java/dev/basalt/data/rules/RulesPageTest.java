package dev.basalt.data.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.basalt.data.rules.RuleDatabase.Caller;
import dev.basalt.kit.error.ApiException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of {@code docs/rules.md} say what they promise. */
class RulesPageTest {
    private static final Path PAGE = Path.of("..", "docs", "rules.md");
    private static final RuleCompiler COMPILER = new RuleCompiler();

    /** A line of the table below an example. */
    record Line(AccessRules rules, List<String> cells) {
        @Override
        public String toString() {
            return String.join(" ", cells);
        }
    }

    @ParameterizedTest
    @MethodSource("lines")
    void anExampleAllowsWhatItsTableSays(Line line) {
        var cells = line.cells();
        var caller = Caller.valueOf(cells.getFirst().toUpperCase(Locale.ROOT));
        var rules = COMPILER.compile(line.rules());
        var stored = row(cells.get(2), RuleDatabase.ANN_ID);
        boolean allowed = switch (cells.get(1)) {
            case "read" -> isTrue(caller, rules.read(), stored);
            case "create" -> isTrue(caller, rules.create(), row(cells.get(3), caller.uid()));
            case "delete" -> isTrue(caller, rules.delete(), stored);
            default -> {
                var written = row(cells.get(3), RuleDatabase.ANN_ID);
                var update = Objects.requireNonNull(rules.update());
                var pair = new JsonArray().add(stored).add(written);
                yield isTrue(caller, update.stored(), stored)
                        && isTrue(caller, update.written(), written)
                        && (update.change() == null
                                || Boolean.TRUE.equals(RuleDatabase.evaluateChange(caller, update.change(), pair)
                                        .getFirst()
                                        .value()));
            }
        };
        assertThat(allowed ? "yes" : "no").isEqualTo(cells.get(4));
    }

    static Stream<Line> lines() throws IOException {
        var lines = new ArrayList<Line>();
        var page = Files.readString(PAGE);
        var example = Pattern.compile("<!-- tested -->\n```json\n(.*?)```\n\n((?:\\|[^\n]*\n)+)", Pattern.DOTALL)
                .matcher(page);
        while (example.find()) {
            var rules = new JsonObject(example.group(1));
            var access = new AccessRules(
                    rules.getString("read"),
                    rules.getString("create"),
                    rules.getString("update"),
                    rules.getString("delete"));
            example.group(2)
                    .lines()
                    .skip(2)
                    .forEach(line -> lines.add(new Line(
                            access,
                            Arrays.stream(line.substring(1).split("\\|"))
                                    .map(cell -> cell.strip().replace("`", ""))
                                    .toList())));
        }
        assertThat(lines).hasSizeGreaterThan(30);
        return lines.stream();
    }

    @Test
    void theRefusedExampleIsRefusedWithThoseWords() throws IOException {
        var example = Pattern.compile("<!-- refused -->\n```text\n(.*?)\n```\n\n> (.*?)\n")
                .matcher(Files.readString(PAGE));
        assertThat(example.find()).isTrue();
        var refused = catchThrowableOfType(
                ApiException.class, () -> COMPILER.compile(new AccessRules(example.group(1), null, null, null)));
        assertThat(refused.detail()).isEqualTo(example.group(2));
    }

    private static JsonObject row(String data, @Nullable String owner) {
        return new JsonObject()
                .put("parent", "")
                .put("id", "d")
                .put("owner", owner)
                .put("data", data.isEmpty() ? new JsonObject() : new JsonObject(data));
    }

    private static boolean isTrue(Caller caller, @Nullable String condition, JsonObject row) {
        return Boolean.TRUE.equals(
                RuleDatabase.evaluate(caller, Objects.requireNonNull(condition), new JsonArray().add(row))
                        .getFirst()
                        .value());
    }
}
