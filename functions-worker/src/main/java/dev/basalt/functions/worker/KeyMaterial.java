package dev.basalt.functions.worker;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;

/**
 * Asymmetric keys from and to the forms of the Web Cryptography API. Between calls a key is its PKCS#8 or SubjectPublicKeyInfo
 * bytes. Families are {@code RSA, EC, Ed25519, X25519}; {@code curve} is the one of {@code EC} ({@code P-256, P-384, P-521}),
 * else empty. Stateless.
 */
final class KeyMaterial {
    /** The bytes are no such key. */
    static final class InvalidKeyException extends Exception {
        InvalidKeyException(String message) {
            super(message);
        }
    }

    private static final int MAX_MODULUS = 4096;

    private KeyMaterial() {}

    static PrivateKey privateKey(String family, byte[] pkcs8) throws GeneralSecurityException {
        return KeyFactory.getInstance(family).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    static PublicKey publicKey(String family, byte[] spki) throws GeneralSecurityException {
        return KeyFactory.getInstance(family).generatePublic(new X509EncodedKeySpec(spki));
    }

    /** A new pair: PKCS#8, then SubjectPublicKeyInfo. */
    static List<byte[]> generate(String family, String curve, int modulus, byte[] exponent)
            throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(family);
        switch (family) {
            case "RSA" -> {
                // Time goes with the fourth power of the length: more would hold the thread for longer than any call
                // may run.
                if (modulus > MAX_MODULUS) {
                    throw new UnsupportedOperationException("a modulus of " + modulus + " bits");
                }
                generator.initialize(new RSAKeyGenParameterSpec(modulus, new BigInteger(1, exponent)));
            }
            case "EC" ->
                generator.initialize(new ECGenParameterSpec(Curve.named(curve).javaName()));
            default -> {}
        }
        KeyPair pair = generator.generateKeyPair();
        return List.of(pair.getPrivate().getEncoded(), pair.getPublic().getEncoded());
    }

    /**
     * Reads {@code pkcs8}, {@code spki}, or for public keys {@code raw} bytes.
     *
     * @return the key as it is kept, and of RSA the modulus' length in bits (4 bytes) and the public exponent
     */
    static List<byte[]> check(String format, String family, String curve, byte[] bytes) throws InvalidKeyException {
        try {
            if (format.equals("raw")) {
                return List.of(fromRaw(family, curve, bytes).getEncoded());
            }
            var key = format.equals("pkcs8") ? privateKey(family, bytes) : publicKey(family, bytes);
            if (key instanceof ECKey ec && !Curve.named(curve).is(ec.getParams())) {
                throw new InvalidKeyException("the key is of another curve");
            }
            if (key instanceof RSAKey rsa) {
                BigInteger exponent = switch (key) {
                    case RSAPrivateCrtKey secret -> secret.getPublicExponent();
                    case RSAPublicKey open -> open.getPublicExponent();
                    default -> throw new InvalidKeyException("the key has no public exponent");
                };
                int bits = rsa.getModulus().bitLength();
                return List.of(key.getEncoded(), Ciphers.unsigned(BigInteger.valueOf(bits), 4), minimal(exponent));
            }
            return List.of(key.getEncoded());
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new InvalidKeyException(String.valueOf(e.getMessage()));
        }
    }

    private static PublicKey fromRaw(String family, String curve, byte[] bytes)
            throws GeneralSecurityException, InvalidKeyException {
        if (family.equals("EC")) {
            Curve on = Curve.named(curve);
            return KeyFactory.getInstance(family).generatePublic(new ECPublicKeySpec(on.point(bytes), on.parameters()));
        }
        return EdwardsKeys.publicKey(family, bytes);
    }

    /** A public key's {@code raw} form. */
    static byte[] raw(String family, String curve, byte[] spki) throws GeneralSecurityException {
        PublicKey key = publicKey(family, spki);
        return key instanceof ECPublicKey ec ? Curve.named(curve).bytes(ec.getW()) : EdwardsKeys.raw(key);
    }

    /**
     * Builds a key from the numbers of its JWK: RSA {@code n, e[, d, p, q, dp, dq, qi]}, EC {@code x, y[, d]}, else
     * {@code x[, d]}.
     */
    static byte[] fromParts(String family, String curve, boolean secret, List<byte[]> parts)
            throws InvalidKeyException {
        try {
            KeyFactory factory = KeyFactory.getInstance(family);
            return switch (family) {
                case "RSA" -> {
                    BigInteger[] n =
                            parts.stream().map(part -> new BigInteger(1, part)).toArray(BigInteger[]::new);
                    yield secret
                            ? factory.generatePrivate(
                                            new RSAPrivateCrtKeySpec(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]))
                                    .getEncoded()
                            : factory.generatePublic(new RSAPublicKeySpec(n[0], n[1]))
                                    .getEncoded();
                }
                case "EC" -> {
                    Curve on = Curve.named(curve);
                    ECPoint point =
                            on.checked(new ECPoint(new BigInteger(1, parts.get(0)), new BigInteger(1, parts.get(1))));
                    if (!secret) {
                        yield factory.generatePublic(new ECPublicKeySpec(point, on.parameters()))
                                .getEncoded();
                    }
                    BigInteger scalar = new BigInteger(1, parts.get(2));
                    if (!on.multiple(scalar).equals(point)) {
                        throw new InvalidKeyException("the two halves do not belong together");
                    }
                    yield factory.generatePrivate(new ECPrivateKeySpec(scalar, on.parameters()))
                            .getEncoded();
                }
                default -> {
                    byte[] open = parts.get(0);
                    if (!secret) {
                        yield EdwardsKeys.publicKey(family, open).getEncoded();
                    }
                    KeyPair pair = EdwardsKeys.pair(family, parts.get(1));
                    if (!Arrays.equals(EdwardsKeys.raw(pair.getPublic()), open)) {
                        throw new InvalidKeyException("the two halves do not belong together");
                    }
                    yield pair.getPrivate().getEncoded();
                }
            };
        } catch (GeneralSecurityException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new InvalidKeyException(String.valueOf(e.getMessage()));
        }
    }

    /** The numbers of a key's JWK, in the order of {@link #fromParts}. */
    static List<byte[]> parts(String family, String curve, boolean secret, byte[] encoded)
            throws GeneralSecurityException {
        if (!secret) {
            PublicKey key = publicKey(family, encoded);
            return switch (key) {
                case RSAPublicKey rsa -> List.of(minimal(rsa.getModulus()), minimal(rsa.getPublicExponent()));
                case ECPublicKey ec -> Curve.named(curve).coordinates(ec.getW());
                default -> List.of(EdwardsKeys.raw(key));
            };
        }
        PrivateKey key = privateKey(family, encoded);
        return switch (key) {
            case RSAPrivateCrtKey rsa ->
                List.of(
                        minimal(rsa.getModulus()),
                        minimal(rsa.getPublicExponent()),
                        minimal(rsa.getPrivateExponent()),
                        minimal(rsa.getPrimeP()),
                        minimal(rsa.getPrimeQ()),
                        minimal(rsa.getPrimeExponentP()),
                        minimal(rsa.getPrimeExponentQ()),
                        minimal(rsa.getCrtCoefficient()));
            case ECPrivateKey ec -> {
                Curve on = Curve.named(curve);
                List<byte[]> open = on.coordinates(on.multiple(ec.getS()));
                yield List.of(open.get(0), open.get(1), Ciphers.unsigned(ec.getS(), on.bytes()));
            }
            default -> {
                byte[] scalar = EdwardsKeys.scalar(key);
                yield List.of(EdwardsKeys.raw(EdwardsKeys.pair(family, scalar).getPublic()), scalar);
            }
        };
    }

    private static byte[] minimal(BigInteger value) {
        return Ciphers.unsigned(value, Math.max(1, (value.bitLength() + 7) / 8));
    }
}
