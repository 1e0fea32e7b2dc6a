/**
 * Tests of the package of the same name.
 *
 * <p>May use JUnit and AssertJ.
 */
@NullMarked
package dev.basalt.sdk.error;

import org.jspecify.annotations.NullMarked;
