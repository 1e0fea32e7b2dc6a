/**
 * What deploying and running functions share: manifests, packed files, and the ports between who deploys and who runs.
 *
 * <p>May use blob, caller, database, error, event, hook, project, request and secret.
 */
@NullMarked
package dev.basalt.kit.function;

import org.jspecify.annotations.NullMarked;
