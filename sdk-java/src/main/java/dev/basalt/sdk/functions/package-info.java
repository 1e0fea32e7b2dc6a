/**
 * Calling functions.
 *
 * <p>May use {@code dev.basalt.sdk.http} and {@code dev.basalt.sdk.error}.
 */
@NullMarked
package dev.basalt.sdk.functions;

import org.jspecify.annotations.NullMarked;
