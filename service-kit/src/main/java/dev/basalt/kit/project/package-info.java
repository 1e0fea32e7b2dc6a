/**
 * Projects: what a request must know about its project, read from memory.
 *
 * <p>May use the control database and secrets.
 */
@NullMarked
package dev.basalt.kit.project;

import org.jspecify.annotations.NullMarked;
