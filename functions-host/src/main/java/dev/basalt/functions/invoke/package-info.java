/**
 * Running a function for whoever asks: by HTTP, for a hook, for an event. Meters and records each run.
 *
 * <p>May use the host's package, registry, runtime, tail and the kit.
 */
@NullMarked
package dev.basalt.functions.invoke;

import org.jspecify.annotations.NullMarked;
