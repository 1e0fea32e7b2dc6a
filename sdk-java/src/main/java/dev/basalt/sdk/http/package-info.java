/**
 * How calls travel: URLs, JSON, retries, time limits, and errors read from each service's dialect. Not meant for
 * applications; it may change without notice.
 *
 * <p>May use {@code dev.basalt.sdk.error}, Jackson and the JDK.
 */
@NullMarked
package dev.basalt.sdk.http;

import org.jspecify.annotations.NullMarked;
