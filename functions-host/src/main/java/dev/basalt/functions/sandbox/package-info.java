/**
 * How processes are kept apart on this machine: bubblewrap, a filter of system calls, control groups, and the command lines that use
 * them.
 *
 * <p>May use runtime's isolation levels and the JDK.
 */
@NullMarked
package dev.basalt.functions.sandbox;

import org.jspecify.annotations.NullMarked;
