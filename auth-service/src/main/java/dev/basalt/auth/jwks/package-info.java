/**
 * {@code GET /.well-known/jwks.json}: the keys that verify a project's tokens.
 *
 * <p>May use the kit alone.
 */
@NullMarked
package dev.basalt.auth.jwks;

import org.jspecify.annotations.NullMarked;
