/**
 * What a project's database holds: tables, columns, types and keys, introspected once and kept immutable.
 *
 * <p>May use the PostgreSQL client, Jackson and {@code dev.basalt.kit}; knows nothing of requests.
 */
@NullMarked
package dev.basalt.data.schema;

import org.jspecify.annotations.NullMarked;
