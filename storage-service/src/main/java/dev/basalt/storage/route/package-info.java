/**
 * The one place that says which path of the storage API is whose, and in which order.
 *
 * <p>May use every other package of storage.
 */
@NullMarked
package dev.basalt.storage.route;

import org.jspecify.annotations.NullMarked;
