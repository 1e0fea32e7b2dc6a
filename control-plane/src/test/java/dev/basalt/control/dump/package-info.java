/** Tests of the text of dumps. */
@NullMarked
package dev.basalt.control.dump;

import org.jspecify.annotations.NullMarked;
