package dev.basalt.functions.worker;

import java.security.GeneralSecurityException;
import java.util.function.BooleanSupplier;
import javax.crypto.KDF;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Keys from keys and passwords, by the names of the Web Cryptography API. Stateless. */
final class Derivation {
    private static final int LOOK_EVERY = 1024;

    private Derivation() {}

    /** The secret that two keys share; {@code family} is {@code EC} or {@code X25519}. */
    static byte[] agree(String family, byte[] privateKey, byte[] publicKey) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance(family.equals("EC") ? "ECDH" : family);
        agreement.init(KeyMaterial.privateKey(family, privateKey));
        agreement.doPhase(KeyMaterial.publicKey(family, publicKey), true);
        return agreement.generateSecret();
    }

    /** HKDF (RFC 5869). */
    static byte[] hkdf(String hash, byte[] secret, byte[] salt, byte[] info, int bytes)
            throws GeneralSecurityException {
        if (bytes == 0) {
            return new byte[0];
        }
        if (hash.equals("SHA-1")) {
            return hkdfByHand(hash, secret, salt, info, bytes);
        }
        HKDFParameterSpec.Builder extract = HKDFParameterSpec.ofExtract();
        if (secret.length > 0) {
            extract.addIKM(new SecretKeySpec(secret, "Generic"));
        }
        if (salt.length > 0) {
            extract.addSalt(new SecretKeySpec(salt, "Generic"));
        }
        return KDF.getInstance("HKDF-" + hash.replace("-", "")).deriveData(extract.thenExpand(info, bytes));
    }

    /** For SHA-1, which the JDK's HKDF does not offer and the standard does. */
    private static byte[] hkdfByHand(String hash, byte[] secret, byte[] salt, byte[] info, int bytes)
            throws GeneralSecurityException {
        byte[] extracted = Ciphers.hmac(hash, salt, secret);
        Mac mac = Ciphers.mac(hash, extracted);
        if (bytes > 255 * mac.getMacLength()) {
            throw new GeneralSecurityException("more than HKDF gives");
        }
        byte[] out = new byte[bytes];
        byte[] block = new byte[0];
        for (int at = 0, count = 1; at < bytes; at += block.length, count++) {
            mac.update(block);
            mac.update(info);
            mac.update((byte) count);
            block = mac.doFinal();
            System.arraycopy(block, 0, out, at, Math.min(block.length, bytes - at));
        }
        return out;
    }

    /**
     * PBKDF2 (RFC 8018). By hand, because the JDK's takes characters for a password, not bytes, and would not stop.
     *
     * @param late whether the invocation is past its time: then this ends
     */
    static byte[] pbkdf2(String hash, byte[] password, byte[] salt, int iterations, int bytes, BooleanSupplier late)
            throws GeneralSecurityException {
        Mac mac = Ciphers.mac(hash, password);
        byte[] out = new byte[bytes];
        for (int at = 0, number = 1; at < bytes; at += mac.getMacLength(), number++) {
            mac.update(salt);
            mac.update(
                    new byte[] {(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number});
            byte[] last = mac.doFinal();
            byte[] sum = last.clone();
            for (int i = 1; i < iterations; i++) {
                if (i % LOOK_EVERY == 0 && late.getAsBoolean()) {
                    throw new GeneralSecurityException("out of time");
                }
                last = mac.doFinal(last);
                for (int k = 0; k < sum.length; k++) {
                    sum[k] ^= last[k];
                }
            }
            System.arraycopy(sum, 0, out, at, Math.min(sum.length, bytes - at));
        }
        return out;
    }
}
