/**
 * {@code POST /token}: a session for a password or a refresh token, and the access tokens of sessions.
 *
 * <p>May use wire, settings, password, user and session.
 */
@NullMarked
package dev.basalt.auth.token;

import org.jspecify.annotations.NullMarked;
