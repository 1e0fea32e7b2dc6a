/**
 * Tests of the installation's databases in a running application.
 *
 * <p>May use the kit and test-kit.
 */
@NullMarked
package dev.basalt.kit.schema;

import org.jspecify.annotations.NullMarked;
