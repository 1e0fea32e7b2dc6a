package dev.basalt.functions.share;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import java.util.Map;

/** Shares for runtimes that a test makes itself. */
public final class SharesFixture {
    private SharesFixture() {}

    /** Those of the settings whose names start with {@code share.}; others are not looked at. */
    public static Shares of(Vertx vertx, Map<String, String> settings) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder().withMapping(ShareConfig.class);
        settings.forEach((key, value) -> {
            if (key.startsWith("share.")) {
                builder.withDefaultValue("basalt.functions." + key, value);
            }
        });
        return new Shares(vertx, builder.build().getConfigMapping(ShareConfig.class), new SimpleMeterRegistry());
    }
}
