/**
 * The runtimes {@code nodejs}, {@code python}, {@code java} and {@code provided}: one sandboxed process a function instance,
 * which fetches its calls by the Lambda Runtime API or takes them as an HTTP server.
 *
 * <p>May use runtime, sandbox, signature, forward and egress; nothing of the host.
 */
@NullMarked
package dev.basalt.functions.process;

import org.jspecify.annotations.NullMarked;
