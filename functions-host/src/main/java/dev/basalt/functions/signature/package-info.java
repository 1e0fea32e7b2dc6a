/**
 * The conventions of other platforms: what their handlers get for a request or an event, and what their answers mean.
 *
 * <p>May use runtime and the kit's manifest.
 */
@NullMarked
package dev.basalt.functions.signature;

import org.jspecify.annotations.NullMarked;
