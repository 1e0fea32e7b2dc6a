package dev.basalt.functions.process;

import dev.basalt.functions.runtime.Artifact;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What is made once for all instances of a function.
 *
 * @param archive the archive of its classes, once there is one
 */
record Prepared(TaskDirectory task, Artifact artifact, Launch launch, Supplier<Optional<Path>> archive) {}
