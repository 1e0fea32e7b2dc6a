/**
 * What functions did and do: the records of their invocations, asked for or followed.
 *
 * <p>May use project and the kit.
 */
@NullMarked
package dev.basalt.control.invocation;

import org.jspecify.annotations.NullMarked;
