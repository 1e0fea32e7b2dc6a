/**
 * The port through which a service runs a project's before hooks.
 *
 * <p>May use error, project and request.
 */
@NullMarked
package dev.basalt.kit.hook;

import org.jspecify.annotations.NullMarked;
