package dev.basalt.kit.blob;

import java.time.Instant;

/**
 * One entry of a listing.
 *
 * @param key its name
 * @param length its length in bytes
 * @param storedAt when it was stored, by the store's clock
 */
public record ListedBlob(BlobKey key, long length, Instant storedAt) {}
