/**
 * Connections: the control database and one pool a project.
 *
 * <p>May use project and error.
 */
@NullMarked
package dev.basalt.kit.database;

import org.jspecify.annotations.NullMarked;
