/**
 * Tests of the authentication API.
 *
 * <p>May use the service and test-kit.
 */
@NullMarked
package dev.basalt.auth;

import org.jspecify.annotations.NullMarked;
