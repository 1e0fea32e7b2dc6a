/**
 * Migrations of the control database and of project databases, and the stock of blank ones.
 *
 * <p>May use database and secret.
 */
@NullMarked
package dev.basalt.kit.schema;

import org.jspecify.annotations.NullMarked;
