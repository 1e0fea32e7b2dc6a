/**
 * Tests of password rules.
 *
 * <p>May use the service and test-kit.
 */
@NullMarked
package dev.basalt.auth.password;

import org.jspecify.annotations.NullMarked;
