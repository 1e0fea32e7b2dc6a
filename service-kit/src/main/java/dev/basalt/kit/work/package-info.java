/**
 * Work that blocks, kept off event loops.
 *
 * <p>May use Vert.x alone.
 */
@NullMarked
package dev.basalt.kit.work;

import org.jspecify.annotations.NullMarked;
