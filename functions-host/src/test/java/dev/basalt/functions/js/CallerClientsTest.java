package dev.basalt.functions.js;

import static dev.basalt.functions.js.RuntimeFixture.function;
import static dev.basalt.functions.js.RuntimeFixture.get;
import static dev.basalt.functions.js.RuntimeFixture.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.functions.runtime.HandlerContext;
import dev.basalt.functions.runtime.Invocation;
import dev.basalt.functions.runtime.Links;
import dev.basalt.functions.runtime.Outcome;
import dev.basalt.functions.runtime.Outcome.LogLine;
import dev.basalt.functions.runtime.PlatformAccess;
import dev.basalt.functions.runtime.Progress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** In whose name the clients of {@code ctx} call where several calls share an instance, from a server that tells who asked. */
class CallerClientsTest {
    private static final RuntimeFixture FIXTURE =
            new RuntimeFixture(Map.of("aot-cache", "false", "egress.allow-private", "127.0.0.0/8,::1/128"));
    private static final Vertx VERTX = Vertx.vertx();
    private static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();
    private static final Queue<LogLine> PRINTED = new ConcurrentLinkedQueue<>();
    private static int port;

    @BeforeAll
    static void serve() {
        port = get(VERTX.createHttpServer()
                        .requestHandler(request -> {
                            String who = request.getHeader("x-who");
                            SEEN.add(who);
                            request.response()
                                    .end(new JsonObject().put("who", who).encode());
                        })
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    @AfterAll
    static void close() {
        FIXTURE.close();
        get(VERTX.close());
    }

    /** Whoever resolves a promise has the turn when those that wait for it go on. */
    @Test
    void theyCallAsTheirOwnCallerWhoeverHasTheTurn() {
        FunctionVersion shared = function(
                "who", "shared", new JsonObject().put("concurrency", 2).put("maxInstances", 1), Map.of("main.js", """
                        let open;
                        const gate = new Promise((resolve) => { open = resolve; });
                        export const onEvent = async (e, ctx) => {
                          if (e.opens) { open(); await new Promise((done) => setTimeout(done, 200)); return 'opened'; }
                          console.log('waits');
                          setTimeout(() => {}, 5000);
                          await gate;
                          return [
                            (await (await ctx.fetch('/any')).json()).who,
                            (await ctx.data.select('any')).who,
                            (await (await ctx.service.fetch('/any')).json()).who,
                          ];
                        };
                        """));
        Future<Outcome> first = invokeAs(shared, "ann", new JsonObject());
        await().until(() -> !PRINTED.isEmpty());
        assertThat(value(get(invokeAs(shared, "bob", new JsonObject().put("opens", true)))))
                .isEqualTo("\"opened\"");
        assertThat(value(get(first))).isEqualTo("[\"CALLER ann\",\"CALLER ann\",\"SERVICE ann\"]");
        assertThat(SEEN).hasSize(3).noneMatch(who -> who.endsWith("bob"));
    }

    private static Future<Outcome> invokeAs(FunctionVersion function, String name, JsonObject event) {
        PlatformAccess access = new PlatformAccess() {
            @Override
            public String url() {
                return "http://127.0.0.1:" + port;
            }

            @Override
            public boolean allows(As as) {
                return true;
            }

            @Override
            public List<Map.Entry<String, String>> headers(As as) {
                return List.of(Map.entry("x-who", as + " " + name));
            }
        };
        return FIXTURE.runtime.invoke(
                function,
                new Invocation.Event(
                        Duration.ofSeconds(10),
                        new HandlerContext(new JsonObject()),
                        event,
                        new Links(access, null, null)),
                new Progress() {
                    @Override
                    public void started() {}

                    @Override
                    public void printed(List<LogLine> lines) {
                        PRINTED.addAll(lines);
                    }
                });
    }
}
