package dev.basalt.functions.worker;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;

/** Digests, HMAC, AES and RSA encryption, by the names of the Web Cryptography API. Stateless. */
final class Ciphers {
    private static final int BLOCK = 16;
    private static final int COUNTER_BITS = 128;

    private Ciphers() {}

    static byte[] digest(String hash, byte[] data) throws GeneralSecurityException {
        return MessageDigest.getInstance(hash).digest(data);
    }

    /** {@code SHA-256} to {@code HmacSHA256}. */
    static Mac mac(String hash, byte[] key) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("Hmac" + hash.replace("-", ""));
        // HMAC fills a key with zeros, so one zero is the same key as none, which the JDK does not take.
        mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, "HMAC"));
        return mac;
    }

    static byte[] hmac(String hash, byte[] key, byte[] data) throws GeneralSecurityException {
        return mac(hash, key).doFinal(data);
    }

    /**
     * AES.
     *
     * @param number the tag's bits for GCM, the counter's for CTR
     */
    static byte[] aes(String mode, boolean encrypt, byte[] key, byte[] iv, byte[] data, byte[] additional, int number)
            throws GeneralSecurityException {
        return switch (mode) {
            case "AES-GCM" -> {
                Cipher cipher = aes("AES/GCM/NoPadding", encrypt, key, new GCMParameterSpec(number, iv));
                cipher.updateAAD(additional);
                yield cipher.doFinal(data);
            }
            case "AES-CBC" ->
                aes("AES/CBC/PKCS5Padding", encrypt, key, new IvParameterSpec(iv))
                        .doFinal(data);
            case "AES-CTR" -> counter(key, iv, data, number);
            default -> throw new UnsupportedOperationException(mode);
        };
    }

    private static Cipher aes(String transformation, boolean encrypt, byte[] key, AlgorithmParameterSpec parameters)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(transformation);
        cipher.init(encrypt ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), parameters);
        return cipher;
    }

    /** CTR whose counter is the last bits of the block only: where those wrap, the bits before them stay. */
    private static byte[] counter(byte[] key, byte[] block, byte[] data, int bits) throws GeneralSecurityException {
        BigInteger values = BigInteger.ONE.shiftLeft(bits);
        BigInteger start = new BigInteger(1, block);
        BigInteger untilWrap = values.subtract(start.mod(values));
        BigInteger blocks = BigInteger.valueOf((data.length + BLOCK - 1L) / BLOCK);
        if (blocks.compareTo(values) > 0) {
            throw new GeneralSecurityException("the counter would repeat");
        }
        if (bits == COUNTER_BITS || blocks.compareTo(untilWrap) <= 0) {
            return aes("AES/CTR/NoPadding", true, key, new IvParameterSpec(block))
                    .doFinal(data);
        }
        int cut = untilWrap.intValueExact() * BLOCK;
        byte[] wrapped = unsigned(start.subtract(start.mod(values)), BLOCK);
        byte[] first =
                aes("AES/CTR/NoPadding", true, key, new IvParameterSpec(block)).doFinal(Arrays.copyOf(data, cut));
        byte[] second = aes("AES/CTR/NoPadding", true, key, new IvParameterSpec(wrapped))
                .doFinal(Arrays.copyOfRange(data, cut, data.length));
        byte[] all = Arrays.copyOf(first, data.length);
        System.arraycopy(second, 0, all, cut, second.length);
        return all;
    }

    /** AES-KW (RFC 3394). */
    static byte[] wrap(boolean wrap, byte[] key, byte[] data) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AESWrap");
        if (wrap) {
            cipher.init(Cipher.WRAP_MODE, new SecretKeySpec(key, "AES"));
            return cipher.wrap(new SecretKeySpec(data, "raw"));
        }
        cipher.init(Cipher.UNWRAP_MODE, new SecretKeySpec(key, "AES"));
        return cipher.unwrap(data, "raw", Cipher.SECRET_KEY).getEncoded();
    }

    static byte[] oaep(boolean encrypt, String hash, byte[] key, byte[] label, byte[] data)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
        Key material = encrypt ? KeyMaterial.publicKey("RSA", key) : KeyMaterial.privateKey("RSA", key);
        cipher.init(
                encrypt ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE,
                material,
                new OAEPParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), new PSource.PSpecified(label)));
        return cipher.doFinal(data);
    }

    /** The number in exactly so many bytes. */
    static byte[] unsigned(BigInteger value, int length) {
        byte[] bytes = value.toByteArray();
        int skip = bytes.length > 1 && bytes[0] == 0 ? 1 : 0;
        byte[] exact = new byte[length];
        System.arraycopy(bytes, skip, exact, length - (bytes.length - skip), bytes.length - skip);
        return exact;
    }
}
