/**
 * Clears blobs that no object names.
 *
 * <p>May use the kit.
 */
@NullMarked
package dev.basalt.storage.sweep;

import org.jspecify.annotations.NullMarked;
