package dev.basalt.kit.caller;

import dev.basalt.kit.project.Project;
import org.jspecify.annotations.Nullable;

/**
 * What the credentials of a request amount to.
 *
 * @param project the project the request is for; null only for the operator where the host names none
 * @param keyed whether a valid project key came with the request
 * @param secret whether that key is a secret one: the project's own server asks, for itself or for a user
 */
public record Identity(@Nullable Project project, Caller caller, boolean keyed, boolean secret) {}
