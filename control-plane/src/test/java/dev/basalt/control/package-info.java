/**
 * Tests of the platform API in a running application.
 *
 * <p>May use the control plane and test-kit.
 */
@NullMarked
package dev.basalt.control;

import org.jspecify.annotations.NullMarked;
