/**
 * How the projects of a host share what runs their calls.
 *
 * <p>May use Vert.x' timers and contexts and the metrics' registry; nothing of the runtimes, which use it.
 */
@NullMarked
package dev.basalt.functions.share;

import org.jspecify.annotations.NullMarked;
