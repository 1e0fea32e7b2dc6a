/**
 * A request as features see it: project, caller, identity for the log, and its meter.
 *
 * <p>May use project and caller.
 */
@NullMarked
package dev.basalt.kit.request;

import org.jspecify.annotations.NullMarked;
