/**
 * Signed URLs: tokens that stand in for credentials for one object and a while.
 *
 * <p>May use the kit and storage's errors.
 */
@NullMarked
package dev.basalt.storage.signing;

import org.jspecify.annotations.NullMarked;
