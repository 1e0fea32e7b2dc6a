/**
 * Live queries: a query's answer as a stream of server-sent events that goes on with what changes.
 *
 * <p>May use {@code dev.basalt.data.documents}, {@code .read}, {@code dev.basalt.data.schema} and the kit.
 */
@NullMarked
package dev.basalt.data.documents.live;

import org.jspecify.annotations.NullMarked;
