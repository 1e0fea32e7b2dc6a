package dev.basalt.functions.registry;

import dev.basalt.functions.runtime.FunctionVersion;
import dev.basalt.kit.function.FunctionManifest;

/** The version of a function that answers now. */
public record DeployedFunction(String name, int version, FunctionManifest manifest, FunctionVersion runnable) {}
