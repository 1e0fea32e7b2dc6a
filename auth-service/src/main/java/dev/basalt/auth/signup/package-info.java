/**
 * {@code POST /signup}: new users, with an email address or anonymous.
 *
 * <p>May use wire, settings, password, user, session and token.
 */
@NullMarked
package dev.basalt.auth.signup;

import org.jspecify.annotations.NullMarked;
