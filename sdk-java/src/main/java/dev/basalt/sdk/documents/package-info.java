/**
 * Documents: typed collections, queries, aggregates, commits and live queries.
 *
 * <p>May use {@code dev.basalt.sdk.data} for conditions, {@code dev.basalt.sdk.sql} for SQL in commits, {@code
 * dev.basalt.sdk.http} and {@code dev.basalt.sdk.error}. More than 20 files, because each part of a query, of a commit and of
 * their results is a type of its own.
 */
@NullMarked
package dev.basalt.sdk.documents;

import org.jspecify.annotations.NullMarked;
