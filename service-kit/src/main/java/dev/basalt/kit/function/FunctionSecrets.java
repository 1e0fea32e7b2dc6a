package dev.basalt.kit.function;

import dev.basalt.kit.secret.SecretBox;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** How the values of functions' secrets lie in the control database: each sealed for its project and name. */
public final class FunctionSecrets {
    /** The longest value, in bytes. */
    public static final int MAX_VALUE = 16 * 1024;
    /** The most secrets of a project. */
    public static final int MAX_SECRETS = 200;

    private FunctionSecrets() {}

    /** Whether this can be a secret's name, which is a variable's. */
    public static boolean isName(String name) {
        return ManifestReader.isVariable(name);
    }

    public static byte[] seal(SecretBox box, UUID project, String name, String value) {
        return box.seal(purpose(project, name), value.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws IllegalStateException if it was sealed with another key or for something else */
    public static String open(SecretBox box, UUID project, String name, byte[] sealed) {
        return new String(box.open(purpose(project, name), sealed), StandardCharsets.UTF_8);
    }

    private static String purpose(UUID project, String name) {
        return "function-secret/" + project + "/" + name;
    }
}
