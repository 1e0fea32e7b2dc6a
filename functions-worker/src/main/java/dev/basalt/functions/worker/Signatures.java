package dev.basalt.functions.worker;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;

/** Signatures by the names of the Web Cryptography API; those of ECDSA are the two numbers one after the other. Stateless. */
final class Signatures {
    private Signatures() {}

    static byte[] sign(String algorithm, String hash, int salt, byte[] key, byte[] data)
            throws GeneralSecurityException {
        Signature signature = signature(algorithm, hash, salt);
        signature.initSign(KeyMaterial.privateKey(family(algorithm), key));
        signature.update(data);
        return signature.sign();
    }

    static boolean verify(String algorithm, String hash, int salt, byte[] key, byte[] data, byte[] signed)
            throws GeneralSecurityException {
        Signature signature = signature(algorithm, hash, salt);
        signature.initVerify(KeyMaterial.publicKey(family(algorithm), key));
        signature.update(data);
        try {
            return signature.verify(signed);
        } catch (SignatureException malformed) {
            return false;
        }
    }

    private static Signature signature(String algorithm, String hash, int salt) throws GeneralSecurityException {
        String digest = hash.replace("-", "");
        return switch (algorithm) {
            case "RSASSA-PKCS1-v1_5" -> Signature.getInstance(digest + "withRSA");
            case "RSA-PSS" -> {
                Signature signature = Signature.getInstance("RSASSA-PSS");
                signature.setParameter(new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), salt, 1));
                yield signature;
            }
            case "ECDSA" -> Signature.getInstance(digest + "withECDSAinP1363Format");
            case "Ed25519" -> Signature.getInstance("Ed25519");
            default -> throw new UnsupportedOperationException(algorithm);
        };
    }

    private static String family(String algorithm) {
        return switch (algorithm) {
            case "ECDSA" -> "EC";
            case "Ed25519" -> "Ed25519";
            default -> "RSA";
        };
    }
}
