/**
 * Which functions a project has, as the control database says, and their files.
 *
 * <p>May use runtime and the kit.
 */
@NullMarked
package dev.basalt.functions.registry;

import org.jspecify.annotations.NullMarked;
