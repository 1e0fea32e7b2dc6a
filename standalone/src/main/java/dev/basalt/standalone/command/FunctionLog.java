package dev.basalt.standalone.command;

import dev.basalt.standalone.command.PlatformClient.Refused;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Prints what a function did, oldest first, each record once. Not thread-safe. */
final class FunctionLog {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final long PAUSE_MILLIS = 500;
    private static final int MAX_REMEMBERED = 5_000;
    private static final String EVENT = "event: ";
    private static final String DATA = "data: ";

    private final PlatformClient platform;
    private final String name;
    private final Map<String, Boolean> printed = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    FunctionLog(PlatformClient platform, String name) {
        this.platform = platform;
        this.name = name;
    }

    void print(boolean follow) throws IOException, InterruptedException, Refused {
        if (!follow) {
            printNew();
            return;
        }
        while (true) {
            // What happens while the past is printed waits in the stream.
            try (var events = PlatformClient.stream(platform.request("/functions/" + name + "/invocations", TIMEOUT)
                    .header("Accept", "text/event-stream")
                    .GET())) {
                printNew();
                printEvents(events);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private void printEvents(BufferedReader events) throws IOException {
        var event = "";
        for (var line = events.readLine(); line != null; line = events.readLine()) {
            if (line.startsWith(EVENT)) {
                event = line.substring(EVENT.length());
            } else if (line.startsWith(DATA)) {
                print(event, new JsonObject(line.substring(DATA.length())));
            }
        }
    }

    private void print(String event, JsonObject data) {
        switch (event) {
            case "log" -> {
                if (!printed.containsKey(data.getString("invocation"))) {
                    printLine(data);
                }
            }
            case "invocation" -> {
                if (printed.putIfAbsent(data.getString("id"), true) == null) {
                    print(data.put("logs", new JsonArray()));
                }
            }
            case "dropped" -> System.out.println("  [" + data.getLong("lines") + " lines were left out]");
            default -> System.out.println("  [" + data.getString("detail") + "]");
        }
    }

    private static void printLine(JsonObject line) {
        System.out.println("  " + line.getString("level") + " " + line.getString("text"));
    }

    /** Takes what there is as known. */
    void skip() throws IOException, InterruptedException, Refused {
        for (var entry : records()) {
            printed.put(((JsonObject) entry).getString("id"), true);
        }
    }

    void printNew() throws IOException, InterruptedException, Refused {
        var found = records();
        for (var i = found.size() - 1; i >= 0; i--) {
            var entry = found.getJsonObject(i);
            if (entry.getString("outcome") != null && printed.putIfAbsent(entry.getString("id"), true) == null) {
                print(entry);
            }
        }
    }

    private JsonArray records() throws IOException, InterruptedException, Refused {
        return PlatformClient.send(platform.request("/functions/" + name + "/invocations?limit=100", TIMEOUT)
                        .GET())
                .getJsonArray("invocations");
    }

    private static void print(JsonObject entry) {
        System.out.println(String.format(
                Locale.ROOT,
                "%s %s %s %.1f ms%s version %d",
                entry.getString("at"),
                entry.getString("kind"),
                entry.getString("outcome", entry.getString("state")),
                entry.getLong("runMicros") / 1000.0,
                entry.getBoolean("cold") ? " cold" : "",
                entry.getInteger("version")));
        var logs = entry.getJsonArray("logs");
        for (var i = 0; i < logs.size(); i++) {
            printLine(logs.getJsonObject(i));
        }
        if (entry.getValue("error") instanceof JsonObject error) {
            var file = error.getString("file");
            System.out.println("  " + error.getString("name") + ": " + error.getString("message")
                    + (file == null ? "" : " (" + file + ":" + error.getInteger("line") + ")"));
        }
    }
}
