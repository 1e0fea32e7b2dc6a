/**
 * Error codes and wire records that the server and its clients share.
 *
 * <p>May use nothing but the JDK.
 */
@NullMarked
package dev.basalt.api;

import org.jspecify.annotations.NullMarked;
