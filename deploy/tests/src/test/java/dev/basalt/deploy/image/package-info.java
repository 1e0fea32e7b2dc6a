/**
 * What must hold in the Dockerfiles, and the images themselves where a Docker engine answers.
 *
 * <p>May use Testcontainers.
 */
@NullMarked
package dev.basalt.deploy.image;

import org.jspecify.annotations.NullMarked;
