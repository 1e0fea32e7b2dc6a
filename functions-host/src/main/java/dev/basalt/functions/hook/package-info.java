/**
 * Before hooks: functions that see a row on its way into a table and change or refuse it.
 *
 * <p>May use invoke, registry, runtime and the kit.
 */
@NullMarked
package dev.basalt.functions.hook;

import org.jspecify.annotations.NullMarked;
