/**
 * Start-up and shutdown of what every service shares, and whether it is ready.
 *
 * <p>May use schema, project, usage and database.
 */
@NullMarked
package dev.basalt.kit.lifecycle;

import org.jspecify.annotations.NullMarked;
