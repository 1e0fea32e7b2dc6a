/**
 * Access rules of document collections: CEL that becomes row-level security.
 *
 * <p>May use {@code dev.basalt.data.quoting}, {@code dev.basalt.kit.error}, the CEL compiler and the JDK.
 */
@NullMarked
package dev.basalt.data.rules;

import org.jspecify.annotations.NullMarked;
