/**
 * Strict reading of the Kubernetes, Knative and compose files, and what must hold in them.
 *
 * <p>May use fabric8's models and gateway.
 */
@NullMarked
package dev.basalt.deploy.manifest;

import org.jspecify.annotations.NullMarked;
