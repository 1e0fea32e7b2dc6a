/**
 * Names and constants as SQL.
 *
 * <p>May use the JDK alone.
 */
@NullMarked
package dev.basalt.data.quoting;

import org.jspecify.annotations.NullMarked;
