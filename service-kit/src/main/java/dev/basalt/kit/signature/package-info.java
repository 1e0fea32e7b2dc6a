/**
 * Requests signed by AWS Signature Version 4, as AWS' own clients send them, in the place of a project's secret key.
 *
 * <p>May use http, caller, project and secret.
 */
@NullMarked
package dev.basalt.kit.signature;

import org.jspecify.annotations.NullMarked;
