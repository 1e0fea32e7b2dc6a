package dev.basalt.kit.request;

import java.util.UUID;

/**
 * What a request that a function makes belongs to: the calls that one invocation, the first, has led to.
 *
 * @param invocation the one that makes the request
 * @param first the one that no function asked for
 * @param budget what all that the first leads to may use together, in MB·ms as usage is counted
 * @param deadline when the first has ended for certain, in milliseconds since 1970
 */
public record Chain(UUID invocation, UUID first, long budget, long deadline) {
    /** The same for a request that another invocation makes. */
    public Chain by(UUID other) {
        return new Chain(other, first, budget, deadline);
    }
}
