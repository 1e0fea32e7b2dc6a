/**
 * The authentication API {@code /auth/v1}: every endpoint by its path.
 *
 * <p>May use every feature of the service; no feature uses it.
 */
@NullMarked
package dev.basalt.auth;

import org.jspecify.annotations.NullMarked;
