/**
 * The function host as a whole: its settings and the runtimes it has.
 *
 * <p>May use js, process, container, signature and runtime.
 */
@NullMarked
package dev.basalt.functions;

import org.jspecify.annotations.NullMarked;
