/**
 * What an operator and a project may set of authentication, and the endpoints that tell it.
 *
 * <p>May use wire.
 */
@NullMarked
package dev.basalt.auth.settings;

import org.jspecify.annotations.NullMarked;
