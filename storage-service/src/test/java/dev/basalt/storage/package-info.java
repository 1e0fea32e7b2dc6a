/**
 * Tests of the storage API in a running application.
 *
 * <p>May use the service, the kit and test-kit.
 */
@NullMarked
package dev.basalt.storage;

import org.jspecify.annotations.NullMarked;
