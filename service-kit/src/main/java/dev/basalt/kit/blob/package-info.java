/**
 * Where the bytes of stored objects are: a port for opaque blobs, on local files or on any S3.
 *
 * <p>May use Vert.x, the MinIO client and Micrometer; knows nothing of buckets, object names, projects or HTTP dialects.
 */
@NullMarked
package dev.basalt.kit.blob;

import org.jspecify.annotations.NullMarked;
