package dev.basalt.kit.blob;

import io.quarkus.runtime.annotations.StaticInitSafe;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** The S3 that holds the objects. Setting the endpoint switches the file store off. */
@StaticInitSafe
@ConfigMapping(prefix = "basalt.s3")
public interface S3Config {
    /** Scheme, host and port, for example {@code https://s3.eu-central-1.amazonaws.com}. */
    Optional<URI> endpoint();

    /** The region that requests are signed for. */
    @WithDefault("us-east-1")
    String region();

    /** The one bucket that holds all blobs. */
    @WithDefault("basalt")
    String bucket();

    /** Whether the bucket is made at first use where it is missing. */
    @WithDefault("true")
    boolean createBucket();

    /** The access key. */
    Optional<String> accessKey();

    /** The secret key. */
    Optional<String> secretKey();

    /** How long connecting may take. */
    @WithDefault("2S")
    Duration connectTimeout();

    /** How long the S3 may be silent while an answer is awaited or read. */
    @WithDefault("20S")
    Duration readTimeout();

    /** How long a write may stand still. */
    @WithDefault("20S")
    Duration writeTimeout();

    /** How often a request is tried that failed for a passing reason, the first try included. */
    @WithDefault("3")
    int attempts();

    /** The pause before the second try; it doubles with each, and is varied by half. */
    @WithDefault("0.1S")
    Duration retryPause();

    /** How many requests to the S3 run at once. */
    @WithDefault("64")
    int maxRequests();

    /** Size of the parts of a large upload, 5 MiB or more; smaller content goes in one request. */
    @WithDefault("8M")
    MemorySize partSize();

    /** How much memory all uploads together may fill with parts; further uploads wait. */
    @WithDefault("128M")
    MemorySize uploadMemory();
}
