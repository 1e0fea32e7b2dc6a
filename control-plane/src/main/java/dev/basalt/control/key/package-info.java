/**
 * A project's keys: listed, made, revoked.
 *
 * <p>May use the kit and project.
 */
@NullMarked
package dev.basalt.control.key;

import org.jspecify.annotations.NullMarked;
