package dev.basalt.deploy.apart;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;

/** An S3 on a loopback port with its objects in a directory, for services that share no disk. */
final class SharedObjects implements AutoCloseable {
    private static final String ACCESS_KEY = "apart";
    private final S3Proxy proxy;
    private final String secretKey;

    private SharedObjects(S3Proxy proxy, String secretKey) {
        this.proxy = proxy;
        this.secretKey = secretKey;
    }

    static SharedObjects start(Path directory, String secretKey) throws IOException {
        var properties = new Properties();
        properties.setProperty(
                "jclouds.filesystem.basedir", Files.createDirectories(directory).toString());
        properties.setProperty("jclouds.identity", ACCESS_KEY);
        properties.setProperty("jclouds.credential", secretKey);
        try {
            var proxy = S3Proxy.builder()
                    .blobStore(BlobStores.create("filesystem-nio2", properties))
                    .endpoint(URI.create("http://127.0.0.1:0"))
                    .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, secretKey)
                    .build();
            proxy.start();
            return new SharedObjects(proxy, secretKey);
        } catch (Exception failed) {
            // The signature of start() says no more than that.
            throw new IOException("the S3 did not start", failed);
        }
    }

    /** The settings with which a service uses it. */
    Map<String, String> settings() {
        return Map.of(
                "BASALT_S3_ENDPOINT",
                "http://127.0.0.1:" + proxy.getPort(),
                "BASALT_S3_BUCKET",
                "basalt",
                "BASALT_S3_ACCESS_KEY",
                ACCESS_KEY,
                "BASALT_S3_SECRET_KEY",
                secretKey);
    }

    @Override
    public void close() {
        try {
            proxy.stop();
        } catch (Exception failed) {
            throw new IllegalStateException("the S3 did not stop", failed);
        }
    }
}
