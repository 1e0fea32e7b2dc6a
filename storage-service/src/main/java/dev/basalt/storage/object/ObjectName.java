package dev.basalt.storage.object;

import dev.basalt.kit.error.ApiException;
import dev.basalt.storage.error.StorageError;
import java.util.regex.Pattern;

/** Names of objects: segments apart by slashes, of the characters that S3 calls safe and those it takes with care. */
public final class ObjectName {
    /** The longest name, in characters; all are ASCII. */
    static final int LONGEST = 1024;

    private static final Pattern ALLOWED = Pattern.compile("[\\w/!.*'() &$@=;:+,?-]+");
    private static final Pattern DOTS = Pattern.compile("(^|/)\\.{1,2}(/|$)");

    private ObjectName() {}

    /**
     * Refuses with {@link StorageError#INVALID_KEY} what is no name: empty or too long, of other characters, with a
     * segment {@code .} or {@code ..}, or beginning with a slash.
     */
    public static String check(String name) {
        if (name.length() > LONGEST
                || !ALLOWED.matcher(name).matches()
                || name.startsWith("/")
                || DOTS.matcher(name).find()) {
            String shown = name.length() > 100 ? name.substring(0, 100) + "…" : name;
            throw ApiException.of(StorageError.INVALID_KEY, "Invalid key: " + shown.replaceAll("\\p{Cntrl}", "?"));
        }
        return name;
    }
}
