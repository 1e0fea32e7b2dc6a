/**
 * The OpenAPI 2.0 description of a schema, as PostgREST words it.
 *
 * <p>May use the JSON of Vert.x; knows nothing of requests.
 */
@NullMarked
package dev.basalt.data.openapi;

import org.jspecify.annotations.NullMarked;
