/**
 * Answers that are fetched from PostgreSQL as fast as they are read.
 *
 * <p>May use nothing of the others.
 */
@NullMarked
package dev.basalt.data.stream;

import org.jspecify.annotations.NullMarked;
