/**
 * Tests of the request chain in a running application.
 *
 * <p>May use the kit and test-kit.
 */
@NullMarked
package dev.basalt.kit.http;

import org.jspecify.annotations.NullMarked;
