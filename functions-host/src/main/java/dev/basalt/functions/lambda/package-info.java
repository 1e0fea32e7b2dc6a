/**
 * The Invoke API of AWS Lambda, for programs that call functions by AWS' own clients.
 *
 * <p>May use invoke, event, registry, runtime and the kit.
 */
@NullMarked
package dev.basalt.functions.lambda;

import org.jspecify.annotations.NullMarked;
