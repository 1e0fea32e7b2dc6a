package dev.basalt.storage;

import dev.basalt.test.HookScript;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** The function host of these tests. */
@Singleton
public class ScriptedHooks extends HookScript {
    @Inject
    ScriptedHooks(Vertx vertx) {
        super(vertx);
    }
}
