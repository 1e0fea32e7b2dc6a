/**
 * Signing up and in, the session that follows, and keeping it fresh.
 *
 * <p>May use {@code dev.basalt.sdk.http} and {@code dev.basalt.sdk.error}.
 */
@NullMarked
package dev.basalt.sdk.auth;

import org.jspecify.annotations.NullMarked;
