/**
 * The errors of the REST dialect, as clients of PostgREST know them.
 *
 * <p>May use {@code dev.basalt.kit.error} and the JDK.
 */
@NullMarked
package dev.basalt.data.error;

import org.jspecify.annotations.NullMarked;
