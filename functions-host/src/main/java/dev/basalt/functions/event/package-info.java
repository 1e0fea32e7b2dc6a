/**
 * Events and queued calls: takes what triggers and callers wrote to {@code basalt.events} to functions, at least once.
 *
 * <p>May use invoke, registry, runtime and the kit.
 */
@NullMarked
package dev.basalt.functions.event;

import org.jspecify.annotations.NullMarked;
