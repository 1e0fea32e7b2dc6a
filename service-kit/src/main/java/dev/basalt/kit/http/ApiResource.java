package dev.basalt.kit.http;

/**
 * A group of endpoints. Every bean of this type is registered at start-up, so a service adds endpoints by being on the
 * class path.
 */
public interface ApiResource {
    /** Registers the endpoints. */
    void register(ApiRoutes routes);
}
