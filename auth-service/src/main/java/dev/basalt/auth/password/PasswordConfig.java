package dev.basalt.auth.password;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.OptionalInt;

/** How passwords are hashed and how much of the machine that may take. */
@ConfigMapping(prefix = "basalt.auth.password")
public interface PasswordConfig {
    /** Memory of one Argon2id hash, in KiB. */
    @WithDefault("19456")
    int memory();

    /** Passes over that memory. */
    @WithDefault("2")
    int iterations();

    /** Hashes computed at once; half of the processors where it is not set. Each takes its memory on the heap. */
    OptionalInt threads();

    /** Hashes that wait; one more is answered 429. */
    @WithDefault("100")
    int queue();
}
