package dev.basalt.deploy.apart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The command {@code deploy/apart}: starts {@link Apart}, prints its description as JSON on standard output,
 * and ends with standard input, at SIGTERM, or when one of its parts does.
 *
 * <p>Arguments: the root of the source tree. {@code BASALT_PORT} is the port of the one address, a free one by default;
 * {@code BASALT_DATA} the directory of data and logs, by default one that is removed at the end. Exit codes: 0 asked to
 * end, 1 a part did not start or ended.
 */
public final class ApartMain {
    private ApartMain() {}

    public static void main(String[] arguments) throws Exception {
        var root = Path.of(arguments.length > 0 ? arguments[0] : ".");
        var port = System.getenv("BASALT_PORT");
        var data = System.getenv("BASALT_DATA");
        var directory = data == null ? Files.createTempDirectory("basalt-apart") : Path.of(data);
        var end = new CountDownLatch(1);
        var ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            end.countDown();
            awaitQuietly(ended);
        }));
        var exit = 1;
        try (var apart = Apart.start(root, directory, port == null ? 0 : Integer.parseInt(port))) {
            System.out.println(apart.describe().encodePrettily());
            System.out.flush();
            endWithStandardInput(end);
            exit = run(apart, end);
        } catch (IOException | IllegalStateException failed) {
            System.err.println("apart: " + failed.getMessage());
        } finally {
            if (data == null) {
                remove(directory);
            }
            ended.countDown();
        }
        System.exit(exit);
    }

    private static int run(Apart apart, CountDownLatch end) throws InterruptedException {
        while (!end.await(500, TimeUnit.MILLISECONDS)) {
            var failed = apart.failed();
            if (failed.isPresent()) {
                System.err.println("apart: " + failed.get());
                return 1;
            }
        }
        return 0;
    }

    private static void endWithStandardInput(CountDownLatch end) {
        var reader = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // Whatever comes is no command.
                        }
                    } catch (IOException closed) {
                        // Closed is closed.
                    }
                    end.countDown();
                },
                "standard input");
        reader.setDaemon(true);
        reader.start();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void remove(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
