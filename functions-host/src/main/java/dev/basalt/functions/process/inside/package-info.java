/**
 * What runs inside a process' sandbox, on the JDK alone.
 *
 * <p>May use nothing but the JDK.
 */
@NullMarked
package dev.basalt.functions.process.inside;

import org.jspecify.annotations.NullMarked;
