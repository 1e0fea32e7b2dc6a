/**
 * Tests of the package of the same name.
 *
 * <p>May use JUnit, jqwik and AssertJ.
 */
@NullMarked
package dev.basalt.sdk.documents;

import org.jspecify.annotations.NullMarked;
