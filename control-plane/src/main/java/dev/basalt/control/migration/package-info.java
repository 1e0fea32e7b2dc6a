/**
 * Migrations that apps push: ordered files of SQL, each in a transaction of its own.
 *
 * <p>May use project and the kit.
 */
@NullMarked
package dev.basalt.control.migration;

import org.jspecify.annotations.NullMarked;
