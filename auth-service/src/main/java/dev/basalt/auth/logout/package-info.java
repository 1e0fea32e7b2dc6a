/**
 * {@code POST /logout}: the end of sessions.
 *
 * <p>May use wire, user and session.
 */
@NullMarked
package dev.basalt.auth.logout;

import org.jspecify.annotations.NullMarked;
