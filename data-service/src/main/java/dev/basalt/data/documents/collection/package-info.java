/**
 * Collections: which there are, what was declared for them, and how they come to be.
 *
 * <p>May use {@code dev.basalt.data.documents}, {@code dev.basalt.data.query}, {@code .schema} and the kit.
 */
@NullMarked
package dev.basalt.data.documents.collection;

import org.jspecify.annotations.NullMarked;
