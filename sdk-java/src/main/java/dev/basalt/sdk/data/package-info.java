/**
 * Tables and functions: queries, filters, and rows as records or maps.
 *
 * <p>May use {@code dev.basalt.sdk.http}, {@code dev.basalt.sdk.sql} and {@code dev.basalt.sdk.error}. More than 20 files in one package, because a
 * query's request and the wire form of its parts are nobody else's.
 */
@NullMarked
package dev.basalt.sdk.data;

import org.jspecify.annotations.NullMarked;
