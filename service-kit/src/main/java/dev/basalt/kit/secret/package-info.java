/**
 * Secrets: the master key, encryption at rest, hashes and random values.
 *
 * <p>May use the JDK alone.
 */
@NullMarked
package dev.basalt.kit.secret;

import org.jspecify.annotations.NullMarked;
