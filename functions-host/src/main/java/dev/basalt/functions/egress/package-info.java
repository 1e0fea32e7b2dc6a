/**
 * The way out: requests that functions make to the internet, on the host's own connections and under its rules; and the
 * proxy through which processes make theirs.
 *
 * <p>May use the JDK and Vert.x; nothing of the host.
 */
@NullMarked
package dev.basalt.functions.egress;

import org.jspecify.annotations.NullMarked;
