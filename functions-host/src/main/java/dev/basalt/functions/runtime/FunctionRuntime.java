package dev.basalt.functions.runtime;

import dev.basalt.kit.function.FunctionManifest;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * An engine that runs functions: it makes instances from artifacts when invocations need them, and lets them go when none
 * do. The shape is that of the Lambda Runtime API: init an artifact, then invocation by invocation an outcome.
 *
 * <p>Implementations are safe for use by any thread, never block the caller, and complete futures on the caller's Vert.x
 * context where there is one.
 */
public interface FunctionRuntime extends AutoCloseable {
    /** The name that a manifest's {@code runtime} chooses it by. */
    String name();

    /** How well it keeps functions apart from the host and from each other on this machine. */
    Isolation isolation();

    /** Whether such a function takes request bodies as they flow; otherwise they are collected for it. */
    default boolean streams(FunctionManifest manifest) {
        return false;
    }

    /**
     * Runs one invocation. Everything that can go wrong with the function or its process is an {@link Outcome}; a failed
     * future is a defect of the host.
     */
    Future<Outcome> invoke(FunctionVersion function, Invocation invocation);

    /** As {@link #invoke(FunctionVersion, Invocation)}, telling how it goes as far as this runtime knows before the end. */
    default Future<Outcome> invoke(FunctionVersion function, Invocation invocation, Progress progress) {
        return invoke(function, invocation);
    }

    /**
     * Says whether it could run such a function, without running it: what the manifest asks for must be on offer, the files
     * must compile and link. Answers what is wrong, if anything.
     */
    Future<Optional<Failure>> check(FunctionManifest manifest, Artifact artifact);

    /**
     * Keeps as many instances of a version as its manifest's {@code minInstances} says, from now until it is retired. What can't
     * be made now, for want of room or because the function fails to load, is tried again.
     */
    default void keep(FunctionVersion function) {}

    /** Lets a project's outdated versions go: what runs or waits is finished, then their instances end. */
    void retire(String project, Predicate<FunctionVersion> outdated);

    /** Ends all instances at once. */
    @Override
    void close();
}
