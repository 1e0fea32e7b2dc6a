/**
 * Errors that reach a client: what went wrong in public, why in private, and how each dialect says it.
 *
 * <p>May use api-model alone.
 */
@NullMarked
package dev.basalt.kit.error;

import org.jspecify.annotations.NullMarked;
