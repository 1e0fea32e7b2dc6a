/**
 * What functions do, told while it happens to whoever follows.
 *
 * <p>May use runtime and the kit.
 */
@NullMarked
package dev.basalt.functions.tail;

import org.jspecify.annotations.NullMarked;
