/**
 * Deploying functions: taking their files in, checking them, making a version of them.
 *
 * <p>May use project and the kit.
 */
@NullMarked
package dev.basalt.control.function;

import org.jspecify.annotations.NullMarked;
