/**
 * Sessions: signing in, the rotation of refresh tokens, signing out.
 *
 * <p>May use wire, settings, password and user.
 */
@NullMarked
package dev.basalt.auth.session;

import org.jspecify.annotations.NullMarked;
