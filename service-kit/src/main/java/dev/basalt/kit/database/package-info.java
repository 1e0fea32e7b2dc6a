/**
 * The databases of projects: one pool a project, and transactions in a caller's name.
 *
 * <p>May use control, project and request.
 */
@NullMarked
package dev.basalt.kit.database;

import org.jspecify.annotations.NullMarked;
