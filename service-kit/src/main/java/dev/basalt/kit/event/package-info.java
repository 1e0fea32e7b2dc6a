/**
 * The port through which a service says that a project has events to deliver.
 *
 * <p>May use project.
 */
@NullMarked
package dev.basalt.kit.event;

import org.jspecify.annotations.NullMarked;
