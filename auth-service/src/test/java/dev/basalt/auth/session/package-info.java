/**
 * Tests of session rules.
 *
 * <p>May use the service and test-kit.
 */
@NullMarked
package dev.basalt.auth.session;

import org.jspecify.annotations.NullMarked;
