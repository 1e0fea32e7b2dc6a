/**
 * The Java client's way in.
 *
 * <p>May use every package of the client.
 */
@NullMarked
package dev.basalt.sdk;

import org.jspecify.annotations.NullMarked;
