/**
 * The runtime {@code js}: V8 isolates in worker processes, one worker a project, sandboxed as far as the machine allows.
 *
 * <p>May use runtime, sandbox and the worker's frames; nothing of the host.
 */
@NullMarked
package dev.basalt.functions.js;

import org.jspecify.annotations.NullMarked;
