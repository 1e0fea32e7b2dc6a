/**
 * Writes of documents: one by one over HTTP, or many in a commit.
 *
 * <p>May use {@code dev.basalt.data.documents}, {@code .collection}, {@code dev.basalt.data.query}, {@code .error}, {@code .sql}
 * and the kit.
 */
@NullMarked
package dev.basalt.data.documents.write;

import org.jspecify.annotations.NullMarked;
