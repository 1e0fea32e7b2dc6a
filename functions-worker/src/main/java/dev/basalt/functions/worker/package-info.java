/**
 * The process that runs JavaScript functions in V8 isolates, and the frames it speaks with its host.
 *
 * <p>May use: Javet and the JDK; nothing else, so that the process stays small.
 */
@NullMarked
package dev.basalt.functions.worker;

import org.jspecify.annotations.NullMarked;
