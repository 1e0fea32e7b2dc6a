package dev.basalt.kit.signature;

import dev.basalt.kit.error.ApiException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the {@code Authorization} header of AWS Signature Version 4 says, and whether it holds for a request whose body is known.
 * Canonical paths are encoded once more than they were sent, as every service but S3 has it. Immutable.
 *
 * @param date of the scope, {@code yyyyMMdd}
 * @param signedHeaders names in lower case, in order
 */
record SignedRequest(
        String accessKeyId, String date, String region, String service, List<String> signedHeaders, String signature) {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final Pattern HEADER = Pattern.compile(ALGORITHM
            + " +Credential=([0-9A-Za-z]{1,128})/([0-9]{8})/([a-z0-9-]{1,40})/([a-z0-9-]{1,40})/aws4_request *,"
            + " *SignedHeaders=([a-z0-9;_-]{1,2000}) *, *Signature=([0-9a-f]{64})");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Duration MAX_SKEW = Duration.ofMinutes(5);
    private static final String DATE_HEADER = "x-amz-date";
    private static final String DIGEST_HEADER = "x-amz-content-sha256";
    private static final Pattern SPACES = Pattern.compile(" +");

    /** Whether a header is of this scheme at all. */
    static boolean isOne(String authorization) {
        return authorization.startsWith(ALGORITHM);
    }

    /**
     * Reads the header.
     *
     * @throws ApiException {@link SignatureError#INCOMPLETE_SIGNATURE}
     */
    static SignedRequest parse(String authorization) {
        var matcher = HEADER.matcher(authorization);
        if (!matcher.matches()) {
            throw ApiException.of(SignatureError.INCOMPLETE_SIGNATURE);
        }
        var headers = List.of(matcher.group(5).split(";", -1));
        if (!headers.contains("host") || !headers.contains(DATE_HEADER)) {
            throw ApiException.of(SignatureError.INCOMPLETE_SIGNATURE, "host and x-amz-date must be signed");
        }
        return new SignedRequest(
                matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4), headers, matcher.group(6));
    }

    /**
     * Checks the signature.
     *
     * @param path as it was sent
     * @param query as it was sent, without the question mark
     * @throws ApiException {@link SignatureError#SIGNATURE_EXPIRED} or {@link SignatureError#SIGNATURE_MISMATCH}, in this order
     */
    void check(String secret, String method, String path, String query, MultiMap headers, Buffer body, Instant now) {
        var time = String.valueOf(headers.get(DATE_HEADER));
        try {
            var skew = Duration.between(TIME.parse(time, Instant::from), now).abs();
            if (skew.compareTo(MAX_SKEW) > 0 || !time.startsWith(date)) {
                throw ApiException.of(SignatureError.SIGNATURE_EXPIRED);
            }
        } catch (DateTimeException malformed) {
            throw ApiException.of(SignatureError.INCOMPLETE_SIGNATURE, "x-amz-date must be like 20260131T000000Z");
        }
        var digest = hex(sha256(body.getBytes()));
        var claimed = headers.get(DIGEST_HEADER);
        var canonical = String.join(
                "\n",
                method,
                canonicalPath(path),
                canonicalQuery(query),
                canonicalHeaders(headers),
                String.join(";", signedHeaders),
                digest);
        var scope = String.join("/", date, region, service, "aws4_request");
        var text = String.join("\n", ALGORITHM, time, scope, hex(sha256(canonical.getBytes(StandardCharsets.UTF_8))));
        var key = hmac(
                hmac(hmac(hmac(("AWS4" + secret).getBytes(StandardCharsets.UTF_8), date), region), service),
                "aws4_request");
        var holds = MessageDigest.isEqual(hmac(key, text), HexFormat.of().parseHex(signature));
        if (!holds || (claimed != null && !claimed.equals(digest))) {
            throw ApiException.of(SignatureError.SIGNATURE_MISMATCH);
        }
    }

    private static String canonicalPath(String path) {
        return Arrays.stream(path.split("/", -1)).map(SignedRequest::encode).collect(Collectors.joining("/"));
    }

    private static String canonicalQuery(String query) {
        if (query.isEmpty()) {
            return "";
        }
        var pairs = new ArrayList<String>();
        for (var pair : query.split("&", -1)) {
            var equals = pair.indexOf('=');
            var name = equals < 0 ? pair : pair.substring(0, equals);
            var value = equals < 0 ? "" : pair.substring(equals + 1);
            pairs.add(encode(decode(name)) + "=" + encode(decode(value)));
        }
        return pairs.stream().sorted().collect(Collectors.joining("&"));
    }

    private String canonicalHeaders(MultiMap headers) {
        return signedHeaders.stream()
                .map(name -> name + ":"
                        + headers.getAll(name).stream()
                                .map(value -> SPACES.matcher(value.strip()).replaceAll(" "))
                                .collect(Collectors.joining(","))
                        + "\n")
                .collect(Collectors.joining());
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw ApiException.of(SignatureError.SIGNATURE_MISMATCH);
        }
    }

    /** Percent-encodes all but RFC 3986's unreserved characters. */
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has HmacSHA256", e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
