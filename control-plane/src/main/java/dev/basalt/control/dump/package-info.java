/**
 * Dumps of projects: schema and data as SQL text, out in one snapshot and in all or nothing.
 *
 * <p>May use migration, project and the kit.
 */
@NullMarked
package dev.basalt.control.dump;

import org.jspecify.annotations.NullMarked;
