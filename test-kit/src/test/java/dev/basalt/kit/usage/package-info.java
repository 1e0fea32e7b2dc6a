/**
 * Tests of metering in a running application.
 *
 * <p>May use the kit and test-kit.
 */
@NullMarked
package dev.basalt.kit.usage;

import org.jspecify.annotations.NullMarked;
