/**
 * Commands of {@code ./basalt} that talk to a running Basalt.
 *
 * <p>May use its public APIs alone.
 */
@NullMarked
package dev.basalt.standalone.command;

import org.jspecify.annotations.NullMarked;
