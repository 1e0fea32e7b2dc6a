/**
 * Buckets and objects: uploads, downloads, links.
 *
 * <p>May use {@code dev.basalt.sdk.http} and {@code dev.basalt.sdk.error}.
 */
@NullMarked
package dev.basalt.sdk.storage;

import org.jspecify.annotations.NullMarked;
