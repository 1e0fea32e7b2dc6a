/**
 * Reads of documents: one, many by their paths, queries and aggregates.
 *
 * <p>May use {@code dev.basalt.data.documents}, {@code .collection}, {@code dev.basalt.data.query} and the kit.
 */
@NullMarked
package dev.basalt.data.documents.read;

import org.jspecify.annotations.NullMarked;
