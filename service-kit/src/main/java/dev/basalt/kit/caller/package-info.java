/**
 * Callers: who makes a request, proven by a project key or a token of that project.
 *
 * <p>May use project and secret.
 */
@NullMarked
package dev.basalt.kit.caller;

import org.jspecify.annotations.NullMarked;
