package dev.basalt.functions.invoke;

import dev.basalt.functions.runtime.Outcome.LogLine;
import io.vertx.core.json.JsonArray;
import java.util.List;

/**
 * What a record keeps of what was printed.
 *
 * @param json an array of {@code [millis, level, text]}
 * @param cut how many lines it does not hold; a line of its own says so
 */
record RecordedLogs(String json, int cut) {
    static final RecordedLogs NONE = new RecordedLogs("[]", 0);
    private static final int MAX_TEXT = 8000;
    private static final int WARNING = 2;

    /** The lines from the first on, as far as they fit into so many characters. */
    static RecordedLogs of(List<LogLine> lines, int maxCharacters) {
        if (lines.isEmpty()) {
            return NONE;
        }
        var array = new JsonArray();
        var characters = 0;
        for (var line : lines) {
            var text = text(line.text());
            characters += text.length();
            if (characters > maxCharacters) {
                var cut = lines.size() - array.size();
                array.add(new JsonArray()
                        .add(line.millis())
                        .add(WARNING)
                        .add("[" + cut + " more lines are not kept: a record holds " + maxCharacters + " characters]"));
                return new RecordedLogs(array.encode(), cut);
            }
            array.add(new JsonArray().add(line.millis()).add(line.level()).add(text));
        }
        return new RecordedLogs(array.encode(), 0);
    }

    /** A text of bounded length, as PostgreSQL's jsonb takes it: it has no NUL. */
    static String text(String text) {
        var some = text.length() > MAX_TEXT
                ? text.substring(0, MAX_TEXT) + "[" + (text.length() - MAX_TEXT) + " more characters are not kept]"
                : text;
        return some.indexOf('\0') < 0 ? some : some.replace('\0', '\ufffd');
    }
}
