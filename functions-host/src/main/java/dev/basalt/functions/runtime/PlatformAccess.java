package dev.basalt.functions.runtime;

import java.util.List;
import java.util.Map;

/** How one invocation reaches Basalt's own APIs. Safe for use by any thread. */
public interface PlatformAccess {
    /** Where a function finds the APIs when it uses {@code fetch}: a name that is no name, so that it leads nowhere else. */
    String ORIGIN = "http://basalt.internal";

    /** Whose rights a call has. */
    enum As {
        /** Those of whoever called the function. */
        CALLER,
        /** Those of the project's server; for functions that were granted them. */
        SERVICE,
        /** Those that the function proves by itself, with the headers that it sends. */
        OWN
    }

    /** Where the APIs are, {@code http://host:port}. */
    String url();

    /** Whether the function may call with these rights. */
    boolean allows(As as);

    /** The headers that say who calls, short-lived credentials among them. */
    List<Map.Entry<String, String>> headers(As as);
}
