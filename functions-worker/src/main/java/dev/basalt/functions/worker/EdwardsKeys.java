package dev.basalt.functions.worker;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** Keys of Ed25519 and X25519, which are 32 bytes each behind a fixed head (RFC 8410). Stateless. */
final class EdwardsKeys {
    private static final int LENGTH = 32;

    private EdwardsKeys() {}

    static PublicKey publicKey(String family, byte[] raw) throws GeneralSecurityException {
        return KeyFactory.getInstance(family)
                .generatePublic(new X509EncodedKeySpec(behind(head(family, "302a3005", "032100"), raw)));
    }

    static byte[] raw(PublicKey key) {
        return last(key.getEncoded());
    }

    static byte[] scalar(PrivateKey key) {
        return last(key.getEncoded());
    }

    /** The pair of a private key's bytes. The JDK tells the public half only of keys that it has made, so it makes this one. */
    static KeyPair pair(String family, byte[] scalar) throws GeneralSecurityException {
        PrivateKey secret = KeyFactory.getInstance(family)
                .generatePrivate(new PKCS8EncodedKeySpec(behind(head(family, "302e0201003005", "04220420"), scalar)));
        KeyPairGenerator generator = KeyPairGenerator.getInstance(family);
        generator.initialize(
                family.equals("X25519") ? NamedParameterSpec.X25519 : NamedParameterSpec.ED25519, new Fixed(scalar));
        return new KeyPair(generator.generateKeyPair().getPublic(), secret);
    }

    private static byte[] head(String family, String before, String after) {
        return HexFormat.of().parseHex(before + (family.equals("X25519") ? "06032b656e" : "06032b6570") + after);
    }

    private static byte[] behind(byte[] head, byte[] raw) {
        if (raw.length != LENGTH) {
            throw new IllegalArgumentException("a key has " + LENGTH + " bytes");
        }
        byte[] all = Arrays.copyOf(head, head.length + LENGTH);
        System.arraycopy(raw, 0, all, head.length, LENGTH);
        return all;
    }

    private static byte[] last(byte[] encoded) {
        return Arrays.copyOfRange(encoded, encoded.length - LENGTH, encoded.length);
    }

    /** Gives the same bytes always. */
    private static final class Fixed extends SecureRandom {
        private static final long serialVersionUID = 1;
        private final byte[] bytes;

        Fixed(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        @Override
        public void nextBytes(byte[] into) {
            System.arraycopy(bytes, 0, into, 0, Math.min(bytes.length, into.length));
        }
    }
}
