package dev.basalt.embedded.postgres;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One running server process and the thread that it lives and dies with.
 *
 * <p>The kernel's parent-death signal is tied to the thread that started a process, not to its JVM. So a thread of its
 * own starts the server, pumps its log and stays until it ends. Safe for use by any thread.
 */
final class ServerProcess {
    private final HostSystem host;
    private final Process process;
    private final CompletableFuture<Integer> exit;

    private ServerProcess(HostSystem host, Process process, CompletableFuture<Integer> exit) {
        this.host = host;
        this.process = process;
        this.exit = exit;
    }

    static ServerProcess start(HostSystem host, List<String> command, ServerLog log) throws InterruptedException {
        var started = new CompletableFuture<Process>();
        var exit = new CompletableFuture<Integer>();
        Thread.ofPlatform().name("embedded-postgres").daemon().start(() -> keep(command, log, started, exit));
        try {
            return new ServerProcess(host, started.get(), exit);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw HostSystem.failed("Cannot run " + command.getFirst(), cause);
            }
            throw new IllegalStateException(e);
        }
    }

    private static void keep(
            List<String> command, ServerLog log, CompletableFuture<Process> started, CompletableFuture<Integer> exit) {
        Process process;
        try {
            process = HostSystem.builder(command).start();
            process.getOutputStream().close();
        } catch (IOException | RuntimeException e) {
            started.completeExceptionally(e);
            return;
        }
        started.complete(process);
        log.pump(process.getInputStream());
        while (true) {
            try {
                exit.complete(process.waitFor());
                return;
            } catch (InterruptedException e) {
                // This thread's end would end the server: nothing but the server's own end may end it.
                Thread.onSpinWait();
            }
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Completes with the exit code when the process is gone. */
    CompletableFuture<Integer> exit() {
        return exit;
    }

    /**
     * Ends the server: fast (clients are disconnected, the data is checkpointed), after the grace immediately (the next
     * start recovers from the write-ahead log), and at last by force.
     */
    void stop(Duration grace) {
        if (stopped("INT", grace) || stopped("QUIT", Duration.ofSeconds(1))) {
            return;
        }
        stopped("KILL", Duration.ofSeconds(1));
    }

    private boolean stopped(String signal, Duration wait) {
        if (process.isAlive()) {
            host.signal(process.pid(), signal);
        }
        boolean interrupted = false;
        long deadline = System.nanoTime() + wait.toNanos();
        try {
            while (true) {
                try {
                    exit.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                    return true;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (TimeoutException | ExecutionException e) {
                    return !process.isAlive();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
