/**
 * Projects of this installation: made, listed, paused, deleted with grace.
 *
 * <p>May use the kit.
 */
@NullMarked
package dev.basalt.control.project;

import org.jspecify.annotations.NullMarked;
