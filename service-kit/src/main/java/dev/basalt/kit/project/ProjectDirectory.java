package dev.basalt.kit.project;

import io.vertx.core.Future;
import java.util.Optional;

/**
 * The port through which a request finds its project. Answers from memory wherever it can. Safe for use by any thread.
 */
public interface ProjectDirectory {
    /** The project with this ref, or empty if there is none. Fails only if the control database has to be asked and is away. */
    Future<Optional<Project>> byRef(String ref);

    /**
     * The project that an opaque key belongs to.
     *
     * @param keyHash lower-case hexadecimal SHA-256 of the key
     */
    Future<Optional<Project>> byKeyHash(String keyHash);

    /**
     * Forgets what is known of a project in this process, ahead of the notification that it changed: for the process that
     * changed it, whose client may count on it once it is answered.
     */
    void changed(String ref);

    /** Calls back with a project's ref when anything of it changed, on any thread; pools and caches drop what they hold. */
    void onChange(java.util.function.Consumer<String> listener);
}
