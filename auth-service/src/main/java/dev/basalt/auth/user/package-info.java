/**
 * Users: who they are, how they change, and the record of what happened to them.
 *
 * <p>May use wire, settings and password.
 */
@NullMarked
package dev.basalt.auth.user;

import org.jspecify.annotations.NullMarked;
