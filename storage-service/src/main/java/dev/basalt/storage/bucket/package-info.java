/**
 * Buckets: what they are, their limits, and their endpoints.
 *
 * <p>May use the kit and storage's errors.
 */
@NullMarked
package dev.basalt.storage.bucket;

import org.jspecify.annotations.NullMarked;
