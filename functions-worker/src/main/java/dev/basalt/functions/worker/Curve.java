package dev.basalt.functions.worker;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.util.List;

/** One of the NIST curves, with the arithmetic on it that the JDK keeps to itself. Immutable. */
record Curve(String javaName, int bytes, ECParameterSpec parameters) {
    private static final Curve P256 = of("secp256r1", 32);
    private static final Curve P384 = of("secp384r1", 48);
    private static final Curve P521 = of("secp521r1", 66);
    private static final BigInteger THREE = BigInteger.valueOf(3);
    private static final byte UNCOMPRESSED = 4;

    static Curve named(String name) {
        return switch (name) {
            case "P-256" -> P256;
            case "P-384" -> P384;
            case "P-521" -> P521;
            default -> throw new UnsupportedOperationException(name);
        };
    }

    private static Curve of(String javaName, int bytes) {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(javaName));
            return new Curve(javaName, bytes, parameters.getParameterSpec(ECParameterSpec.class));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean is(ECParameterSpec other) {
        return parameters.getCurve().equals(other.getCurve())
                && parameters.getGenerator().equals(other.getGenerator());
    }

    /** Reads an uncompressed or compressed point (SEC 1, section 2.3.4). */
    ECPoint point(byte[] encoded) throws KeyMaterial.InvalidKeyException {
        if (encoded.length == 2 * bytes + 1 && encoded[0] == UNCOMPRESSED) {
            return checked(
                    new ECPoint(new BigInteger(1, encoded, 1, bytes), new BigInteger(1, encoded, 1 + bytes, bytes)));
        }
        if (encoded.length == bytes + 1 && (encoded[0] == 2 || encoded[0] == 3)) {
            BigInteger x = new BigInteger(1, encoded, 1, bytes);
            // All three primes are 3 modulo 4, where a root is a power.
            BigInteger y = right(x).modPow(prime().add(BigInteger.ONE).shiftRight(2), prime());
            return checked(new ECPoint(x, y.testBit(0) == (encoded[0] == 3) ? y : prime().subtract(y)));
        }
        throw new KeyMaterial.InvalidKeyException("this is no point");
    }

    /** The point, if it is on the curve: one that is not would give a private key away. */
    ECPoint checked(ECPoint point) throws KeyMaterial.InvalidKeyException {
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        if (x.compareTo(prime()) >= 0
                || y.compareTo(prime()) >= 0
                || !y.multiply(y).mod(prime()).equals(right(x))) {
            throw new KeyMaterial.InvalidKeyException("the point is not on the curve");
        }
        return point;
    }

    byte[] bytes(ECPoint point) {
        byte[] encoded = new byte[2 * bytes + 1];
        encoded[0] = UNCOMPRESSED;
        List<byte[]> both = coordinates(point);
        System.arraycopy(both.get(0), 0, encoded, 1, bytes);
        System.arraycopy(both.get(1), 0, encoded, 1 + bytes, bytes);
        return encoded;
    }

    List<byte[]> coordinates(ECPoint point) {
        return List.of(Ciphers.unsigned(point.getAffineX(), bytes), Ciphers.unsigned(point.getAffineY(), bytes));
    }

    /** The public point of a private scalar; some milliseconds. */
    ECPoint multiple(BigInteger scalar) {
        if (scalar.signum() <= 0 || scalar.compareTo(parameters.getOrder()) >= 0) {
            throw new IllegalArgumentException("this is no private key");
        }
        ECPoint sum = ECPoint.POINT_INFINITY;
        for (int bit = scalar.bitLength() - 1; bit >= 0; bit--) {
            sum = add(sum, sum);
            if (scalar.testBit(bit)) {
                sum = add(sum, parameters.getGenerator());
            }
        }
        return sum;
    }

    private ECPoint add(ECPoint a, ECPoint b) {
        if (a.equals(ECPoint.POINT_INFINITY)) {
            return b;
        }
        if (b.equals(ECPoint.POINT_INFINITY)) {
            return a;
        }
        BigInteger p = prime();
        BigInteger x = a.getAffineX();
        BigInteger y = a.getAffineY();
        BigInteger slope;
        if (x.equals(b.getAffineX())) {
            if (y.add(b.getAffineY()).mod(p).signum() == 0) {
                return ECPoint.POINT_INFINITY;
            }
            slope = THREE.multiply(x)
                    .multiply(x)
                    .add(parameters.getCurve().getA())
                    .multiply(y.shiftLeft(1).modInverse(p));
        } else {
            slope = b.getAffineY()
                    .subtract(y)
                    .multiply(b.getAffineX().subtract(x).modInverse(p));
        }
        BigInteger sumX =
                slope.multiply(slope).subtract(x).subtract(b.getAffineX()).mod(p);
        return new ECPoint(sumX, slope.multiply(x.subtract(sumX)).subtract(y).mod(p));
    }

    private BigInteger right(BigInteger x) {
        return x.multiply(x)
                .add(parameters.getCurve().getA())
                .multiply(x)
                .add(parameters.getCurve().getB())
                .mod(prime());
    }

    private BigInteger prime() {
        return ((ECFieldFp) parameters.getCurve().getField()).getP();
    }
}
