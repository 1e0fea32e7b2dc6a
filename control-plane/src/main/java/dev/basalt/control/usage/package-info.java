/**
 * What a project used, by minute, hour or day.
 *
 * <p>May use the kit and project.
 */
@NullMarked
package dev.basalt.control.usage;

import org.jspecify.annotations.NullMarked;
