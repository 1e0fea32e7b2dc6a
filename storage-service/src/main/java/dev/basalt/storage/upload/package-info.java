/**
 * Uploads: bodies plain and multipart, and the way from a body to a committed object.
 *
 * <p>May use the kit, storage's errors, buckets, objects and signing.
 */
@NullMarked
package dev.basalt.storage.upload;

import org.jspecify.annotations.NullMarked;
