/**
 * Where the files are that the checks of this module read.
 *
 * <p>May use nothing of the packages below.
 */
@NullMarked
package dev.basalt.deploy;

import org.jspecify.annotations.NullMarked;
