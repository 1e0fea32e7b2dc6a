/**
 * Metering: every request counted, durably, in minutes and in the request log.
 *
 * <p>May use the control database and request.
 */
@NullMarked
package dev.basalt.kit.usage;

import org.jspecify.annotations.NullMarked;
