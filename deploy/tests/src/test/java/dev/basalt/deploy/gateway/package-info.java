/**
 * The gateway's configuration, on nginx itself where it is installed.
 *
 * <p>May use apart.
 */
@NullMarked
package dev.basalt.deploy.gateway;

import org.jspecify.annotations.NullMarked;
