/**
 * The request chain that every endpoint of every service runs in, from the socket to the meter and back.
 *
 * <p>May use every other package of the kit.
 */
@NullMarked
package dev.basalt.kit.http;

import org.jspecify.annotations.NullMarked;
