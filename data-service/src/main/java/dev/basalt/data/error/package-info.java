/**
 * The errors of the REST dialect, as clients of PostgREST know them.
 *
 * <p>May use {@code dev.basalt.kit.error}, the PostgreSQL client and the JDK.
 */
@NullMarked
package dev.basalt.data.error;

import org.jspecify.annotations.NullMarked;
