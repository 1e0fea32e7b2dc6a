/**
 * Documents: paths, JSON texts, errors and the SQL that every feature of {@code /documents/v1} shares.
 *
 * <p>May use {@code dev.basalt.data.error}, {@code .query} and the kit.
 */
@NullMarked
package dev.basalt.data.documents;

import org.jspecify.annotations.NullMarked;
