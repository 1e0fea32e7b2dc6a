/**
 * {@code /rest/v1}: tables over HTTP in the dialect of PostgREST.
 *
 * <p>May use {@code dev.basalt.data.query}, {@code .plan}, {@code .schema}, {@code .error}, {@code .stream} and the kit.
 */
@NullMarked
package dev.basalt.data.rest;

import org.jspecify.annotations.NullMarked;
