package dev.basalt.kit.signature;

import dev.basalt.api.ErrorCode;

/** What is wrong with a signed request; the codes are AWS' own. */
public enum SignatureError implements ErrorCode {
    INCOMPLETE_SIGNATURE(
            403, "IncompleteSignatureException", "The Authorization header is not one of AWS Signature Version 4"),
    UNKNOWN_ACCESS_KEY(403, "UnrecognizedClientException", "The access key is not one of this project"),
    SIGNATURE_MISMATCH(
            403,
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided"),
    SIGNATURE_EXPIRED(403, "InvalidSignatureException", "Signature expired: its time is not within 5 minutes of now");

    private final int status;
    private final String code;
    private final String title;

    SignatureError(int status, String code, String title) {
        this.status = status;
        this.code = code;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String code() {
        return code;
    }

    @Override
    public String title() {
        return title;
    }
}
