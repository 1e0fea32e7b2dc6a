/**
 * SQL as the owner of the project's tables: statements with parameters, transactions, and rows as records, as a stream too.
 *
 * <p>May use {@code dev.basalt.sdk.http} and {@code dev.basalt.sdk.error}.
 */
@NullMarked
package dev.basalt.sdk.sql;

import org.jspecify.annotations.NullMarked;
