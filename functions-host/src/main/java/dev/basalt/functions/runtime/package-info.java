/**
 * The port behind which functions run: what a runtime takes, what it gives back.
 *
 * <p>May use the JDK, Vert.x' futures, buffers and streams and the kit's manifest; nothing of the host.
 */
@NullMarked
package dev.basalt.functions.runtime;

import org.jspecify.annotations.NullMarked;
