/**
 * The ways a call can fail: one type a service and, of the data service, one a kind of error. They are more than 20 files
 * because a sealed hierarchy lives in one package.
 *
 * <p>May use {@code dev.basalt.api}, Jackson and the JDK.
 */
@NullMarked
package dev.basalt.sdk.error;

import org.jspecify.annotations.NullMarked;
