/**
 * {@code /sql/v1}: SQL for whoever holds the project's secret key.
 *
 * <p>May use {@code dev.basalt.data.schema}, {@code .quoting}, {@code .stream} and the kit.
 */
@NullMarked
package dev.basalt.data.sql;

import org.jspecify.annotations.NullMarked;
