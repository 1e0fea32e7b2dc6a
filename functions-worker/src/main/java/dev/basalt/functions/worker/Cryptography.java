package dev.basalt.functions.worker;

import com.caoccao.javet.exceptions.JavetException;
import com.caoccao.javet.interop.V8Runtime;
import com.caoccao.javet.values.V8Value;
import com.caoccao.javet.values.primitive.V8ValueBoolean;
import com.caoccao.javet.values.reference.V8ValueArray;
import com.caoccao.javet.values.reference.V8ValueTypedArray;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What {@code crypto.subtle} is made of: the JDK's own algorithms, by name and bytes. A call answers bytes, a list of bytes, a
 * boolean, or as a string the name of the error that the standard wants. Checks of usages and of extractability are the
 * prelude's: they protect a function from its own mistakes, not anybody from the function. Lives on the isolate's thread.
 */
final class Cryptography {
    private final V8Runtime runtime;
    private final BooleanSupplier late;

    Cryptography(V8Runtime runtime, Limits limits) {
        this.runtime = runtime;
        this.late = limits::late;
    }

    /** {@code crypto(operation, …)}. */
    V8Value call(V8Value... values) throws JavetException {
        Arguments arguments = new Arguments(values);
        try {
            return answer(run(arguments.text(), arguments));
        } catch (UnsupportedOperationException e) {
            return runtime.createV8ValueString("NotSupportedError");
        } catch (KeyMaterial.InvalidKeyException e) {
            return runtime.createV8ValueString("DataError");
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Why a decryption failed is nobody's to know: that is how padding oracles come about.
            return runtime.createV8ValueString("OperationError");
        }
    }

    private Object run(String operation, Arguments with)
            throws JavetException, GeneralSecurityException, KeyMaterial.InvalidKeyException {
        return switch (operation) {
            case "digest" -> Ciphers.digest(with.text(), with.bytes());
            case "hmac" -> Ciphers.hmac(with.text(), with.bytes(), with.bytes());
            case "aes" ->
                Ciphers.aes(
                        with.text(),
                        with.flag(),
                        with.bytes(),
                        with.bytes(),
                        with.bytes(),
                        with.bytes(),
                        with.number());
            case "wrap" -> Ciphers.wrap(with.flag(), with.bytes(), with.bytes());
            case "oaep" -> Ciphers.oaep(with.flag(), with.text(), with.bytes(), with.bytes(), with.bytes());
            case "sign" -> Signatures.sign(with.text(), with.text(), with.number(), with.bytes(), with.bytes());
            case "verify" ->
                Signatures.verify(with.text(), with.text(), with.number(), with.bytes(), with.bytes(), with.bytes());
            case "agree" -> Derivation.agree(with.text(), with.bytes(), with.bytes());
            case "hkdf" -> Derivation.hkdf(with.text(), with.bytes(), with.bytes(), with.bytes(), with.number());
            case "pbkdf2" ->
                Derivation.pbkdf2(with.text(), with.bytes(), with.bytes(), with.number(), with.number(), late);
            case "generate" -> KeyMaterial.generate(with.text(), with.text(), with.number(), with.bytes());
            case "import" -> KeyMaterial.check(with.text(), with.text(), with.text(), with.bytes());
            case "parts" -> KeyMaterial.fromParts(with.text(), with.text(), with.flag(), with.list());
            case "export" -> KeyMaterial.parts(with.text(), with.text(), with.flag(), with.bytes());
            case "raw" -> KeyMaterial.raw(with.text(), with.text(), with.bytes());
            default -> throw new UnsupportedOperationException(operation);
        };
    }

    private V8Value answer(Object result) throws JavetException {
        return switch (result) {
            case byte[] bytes -> HostFunctions.uint8Array(runtime, bytes);
            case Boolean flag -> runtime.createV8ValueBoolean(flag);
            case List<?> several -> {
                V8ValueArray array = runtime.createV8ValueArray();
                for (Object part : several) {
                    try (V8ValueTypedArray bytes = HostFunctions.uint8Array(runtime, (byte[]) part)) {
                        array.push(bytes);
                    }
                }
                yield array;
            }
            default -> throw new IllegalStateException(result.getClass().getName());
        };
    }

    /** The values of one call, taken in order. */
    private static final class Arguments {
        private final V8Value[] values;
        private int at;

        Arguments(V8Value... values) {
            this.values = values;
        }

        String text() {
            return HostFunctions.text(values[at++]);
        }

        int number() {
            return HostFunctions.number(values[at++]);
        }

        boolean flag() {
            return ((V8ValueBoolean) values[at++]).getValue();
        }

        byte[] bytes() throws JavetException {
            return HostFunctions.bytes(values[at++]);
        }

        List<byte[]> list() throws JavetException {
            List<byte[]> parts = new ArrayList<>();
            V8ValueArray array = (V8ValueArray) values[at++];
            for (int i = 0; i < array.getLength(); i++) {
                try (V8Value part = array.get(i)) {
                    parts.add(HostFunctions.bytes(part));
                }
            }
            return parts;
        }
    }
}
