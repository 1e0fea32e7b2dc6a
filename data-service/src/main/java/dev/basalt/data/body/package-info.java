/**
 * Bodies of requests: what clients send, checked and turned into what plans take.
 *
 * <p>May use {@code dev.basalt.data.plan}, {@code .query}, {@code .error} and the kit's errors; knows nothing of tables or SQL.
 */
@NullMarked
package dev.basalt.data.body;

import org.jspecify.annotations.NullMarked;
