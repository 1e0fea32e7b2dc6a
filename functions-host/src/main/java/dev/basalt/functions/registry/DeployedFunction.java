package dev.basalt.functions.registry;

import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.kit.function.FunctionManifest;

/**
 * A version of a function that answers.
 *
 * @param redactor takes this version's secrets out of what it prints
 */
public record DeployedFunction(
        String name, int version, FunctionManifest manifest, FunctionVersion runnable, Redactor redactor) {}
