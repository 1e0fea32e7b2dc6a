/**
 * {@code /admin/users}: users as the project's own server manages them.
 *
 * <p>May use wire, settings, password and user.
 */
@NullMarked
package dev.basalt.auth.admin;

import org.jspecify.annotations.NullMarked;
