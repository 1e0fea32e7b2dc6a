/**
 * The runtime {@code http}: functions that are containers or Knative services elsewhere, called by their URL.
 *
 * <p>May use runtime, forward, egress and the kit's manifest; nothing of the host.
 */
@NullMarked
package dev.basalt.functions.container;

import org.jspecify.annotations.NullMarked;
