/**
 * The errors of the storage API and how they are worded.
 *
 * <p>May use the kit's errors, hooks and blob stores, and no other package of storage.
 */
@NullMarked
package dev.basalt.storage.error;

import org.jspecify.annotations.NullMarked;
