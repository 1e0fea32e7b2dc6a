package dev.basalt.kit.blob;

/**
 * What a store says of a blob that it has just taken in.
 *
 * @param key its name
 * @param length its length in bytes
 * @param md5 the MD5 of its content in lower-case hex, fit for an ETag
 * @param sha256 the SHA-256 of its content in lower-case hex
 */
public record StoredBlob(BlobKey key, long length, String md5, String sha256) {}
