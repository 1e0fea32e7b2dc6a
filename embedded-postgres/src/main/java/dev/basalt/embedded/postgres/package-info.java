/**
 * A real PostgreSQL server that belongs to this process: unpacked, initialised, started, and stopped with it.
 *
 * <p>May use the JDK, commons-compress and xz; nothing of Quarkus, Vert.x or the services.
 */
@NullMarked
package dev.basalt.embedded.postgres;

import org.jspecify.annotations.NullMarked;
