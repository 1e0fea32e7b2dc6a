package dev.basalt.functions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.basalt.kit.schema.ProjectFactory.NewProject;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Calls a function that answers with what it gets. */
public final class Echo {
    private Echo() {}

    /** Sends the second half of a request when the first has come back, and expects it back as well. */
    public static void flowsBothWays(NewProject project, String function) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            out.write(("POST /functions/v1/" + function + " HTTP/1.1\r\nhost: x\r\napikey: " + project.publishableKey()
                            + "\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(until(in, "first")).contains("HTTP/1.1 200");
            out.write("5\r\nlater\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            until(in, "later");
            until(in, "\r\n0\r\n\r\n");
        }
    }

    private static String until(InputStream in, String end) throws IOException {
        StringBuilder got = new StringBuilder();
        while (!got.toString().endsWith(end)) {
            int next = in.read();
            assertThat(next).as("what came: %s", got).isNotNegative();
            got.append((char) next);
        }
        return got.toString();
    }
}
