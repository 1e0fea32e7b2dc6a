/**
 * Calls functions that are HTTP servers: requests as they are, events as CloudEvents.
 *
 * <p>May use runtime, signature and Vert.x' client.
 */
@NullMarked
package dev.basalt.functions.forward;

import org.jspecify.annotations.NullMarked;
