/**
 * Objects: names, rows, downloads, listing, moving, copying and deleting.
 *
 * <p>May use the kit, storage's errors, buckets and signing.
 */
@NullMarked
package dev.basalt.storage.object;

import org.jspecify.annotations.NullMarked;
