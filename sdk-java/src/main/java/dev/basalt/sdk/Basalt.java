package dev.basalt.sdk;

import dev.basalt.sdk.http.ClientOptions;
import java.net.URI;

/**
 * The way to a running Basalt:
 *
 * <pre>{@code
 * try (BasaltClient basalt = Basalt.connect("http://localhost:8000", "sb_publishable_...")) {
 *     basalt.auth().signIn("ann@example.com", "correct horse battery staple");
 *     record Todo(long id, String title, boolean done) {}
 *     for (Todo todo : basalt.from("todos").select().eq("done", false).order("id").execute(Todo.class)) {
 *         System.out.println(todo.title());
 *     }
 * }
 * }</pre>
 */
public final class Basalt {
    private Basalt() {}

    /**
     * A client of one project. No connection is made before the first call.
     *
     * @param url where Basalt answers, for example {@code http://localhost:8000}
     * @param key the project's publishable key, or its secret key on a server that may pass by row-level security
     */
    public static BasaltClient connect(String url, String key) {
        return connect(url, key, ClientOptions.defaults());
    }

    /** As {@link #connect(String, String)}, with time limits and retries of one's own. */
    public static BasaltClient connect(String url, String key, ClientOptions options) {
        return new BasaltClient(URI.create(url), key, options);
    }
}
