/**
 * From a parsed request and a schema to one SQL statement with parameters.
 *
 * <p>May use {@code dev.basalt.data.query}, {@code .schema}, {@code .quoting} and {@code .error}; speaks to no database and knows no HTTP.
 */
@NullMarked
package dev.basalt.data.plan;

import org.jspecify.annotations.NullMarked;
