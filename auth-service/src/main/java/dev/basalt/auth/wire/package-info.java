/**
 * How the authentication API speaks: its errors and the strict reading of bodies.
 *
 * <p>May use the kit alone.
 */
@NullMarked
package dev.basalt.auth.wire;

import org.jspecify.annotations.NullMarked;
