/**
 * The lexical structure of SQL that clients send.
 *
 * <p>May use nothing.
 */
@NullMarked
package dev.basalt.kit.sql;

import org.jspecify.annotations.NullMarked;
