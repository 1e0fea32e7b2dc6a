package dev.basalt.kit.blob;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The checksums of one upload, fed in order. Not safe for use by several threads at once. */
final class Digests {
    private final MessageDigest md5 = digest("MD5");
    private final MessageDigest sha256 = digest("SHA-256");
    private long length;

    void update(byte[] bytes) {
        md5.update(bytes);
        sha256.update(bytes);
        length += bytes.length;
    }

    StoredBlob finish(BlobKey key) {
        HexFormat hex = HexFormat.of();
        return new StoredBlob(key, length, hex.formatHex(md5.digest()), hex.formatHex(sha256.digest()));
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }
}
