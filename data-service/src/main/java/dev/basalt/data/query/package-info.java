/**
 * The REST query grammar: what a query string asks for, as immutable records, and the parser that reads it.
 *
 * <p>May use {@code dev.basalt.data.error}, {@code dev.basalt.kit.error} and the JDK; knows nothing of tables, SQL or HTTP.
 */
@NullMarked
package dev.basalt.data.query;

import org.jspecify.annotations.NullMarked;
