/**
 * Tests of the package of the same name.
 *
 * <p>May use JUnit, jqwik and AssertJ.
 */
@NullMarked
package dev.basalt.sdk.sql;

import org.jspecify.annotations.NullMarked;
