/**
 * What planning a request costs, by JMH.
 *
 * <p>May use the data service and the embedded PostgreSQL; nothing uses it, and it ships with nothing.
 */
@NullMarked
package dev.basalt.benchmarks.planning;

import org.jspecify.annotations.NullMarked;
