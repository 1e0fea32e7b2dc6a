package dev.basalt.deploy.settings;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One setting.
 *
 * @param key as in a properties file: {@code basalt.database.url}
 * @param type the simple name of its Java type
 * @param fallback what holds where it is not set, or null where nothing does
 * @param description its Javadoc as Markdown, on one line
 */
record Setting(String key, String type, @Nullable String fallback, String description) {
    /** As an environment variable: {@code BASALT_DATABASE_URL}. */
    String variable() {
        return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
