/**
 * Passwords: what is accepted, how they are hashed and verified.
 *
 * <p>May use wire and settings.
 */
@NullMarked
package dev.basalt.auth.password;

import org.jspecify.annotations.NullMarked;
