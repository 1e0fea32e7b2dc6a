/**
 * Tests of project databases in a running application.
 *
 * <p>May use the kit and test-kit.
 */
@NullMarked
package dev.basalt.kit.database;

import org.jspecify.annotations.NullMarked;
