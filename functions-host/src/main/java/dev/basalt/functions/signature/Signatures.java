package dev.basalt.functions.signature;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The JavaScript by which handlers of all conventions are found and called, in isolates and in Node alike. */
public final class Signatures {
    /** The name of its file. */
    public static final String FILE = "signatures.mjs";

    private static final String SOURCE = read();

    private Signatures() {}

    /** Its source: a module without imports. */
    public static String source() {
        return SOURCE;
    }

    private static String read() {
        try (InputStream in = Signatures.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
