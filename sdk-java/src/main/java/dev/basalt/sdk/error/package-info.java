/**
 * The ways a call can fail, one type a service.
 *
 * <p>May use {@code dev.basalt.api} and the JDK.
 */
@NullMarked
package dev.basalt.sdk.error;

import org.jspecify.annotations.NullMarked;
