/**
 * Makes what runs of what was uploaded: bundles by esbuild in the sandbox, then has the runtime compile it.
 *
 * <p>May use runtime, sandbox and the kit.
 */
@NullMarked
package dev.basalt.functions.build;

import org.jspecify.annotations.NullMarked;
