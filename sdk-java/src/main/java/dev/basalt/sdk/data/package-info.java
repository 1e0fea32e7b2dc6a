/**
 * Tables: queries, filters, and rows as records or maps.
 *
 * <p>May use {@code dev.basalt.sdk.http} and {@code dev.basalt.sdk.error}.
 */
@NullMarked
package dev.basalt.sdk.data;

import org.jspecify.annotations.NullMarked;
