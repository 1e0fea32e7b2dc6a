/**
 * The control database of an installation, and where PostgreSQL is.
 *
 * <p>May use secret.
 */
@NullMarked
package dev.basalt.kit.control;

import org.jspecify.annotations.NullMarked;
