package dev.basalt.functions.registry;

import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.kit.function.FunctionManifest;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A version of a function that answers.
 *
 * @param redactor takes this version's secrets out of what it prints
 * @param sourceMap fetches the map of a bundle; asked only when a failure is to be placed
 */
public record DeployedFunction(
        String name,
        int version,
        FunctionManifest manifest,
        FunctionVersion runnable,
        Redactor redactor,
        Supplier<Future<Optional<SourceMap>>> sourceMap) {}
