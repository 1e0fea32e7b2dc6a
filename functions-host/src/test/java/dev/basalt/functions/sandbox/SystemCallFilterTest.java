package dev.basalt.functions.sandbox;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.basalt.functions.runtime.Isolation;
import dev.basalt.functions.sandbox.SystemCallFilter.Architecture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** System calls that are really made in a sandbox, with the filter and, to see that it is the filter that refuses, without. */
class SystemCallFilterTest {
    private static final int EPERM = -1;
    private static final int ENOTTY = -25;
    private static final int EINVAL = -22;
    private static final int ENOSYS = -38;
    private static final int EPROTONOSUPPORT = -93;
    private static final int EAFNOSUPPORT = -97;
    private static final Path CLASSES = Path.of("/classes");

    /** A program's end and what it said. */
    private record Ended(int exit, List<String> lines) {}

    @TempDir
    private static Path home;

    private static Path bwrap = Path.of("");
    private static Path filter = Path.of("");

    @BeforeAll
    static void needsASandbox() throws IOException {
        List<String> missing = new ArrayList<>();
        Path found = Sandbox.bubblewrap(missing);
        if (found == null || !"amd64".equals(System.getProperty("os.arch"))) {
            System.err.println("SKIPPED: no system call is tried without bubblewrap on x86-64: " + missing);
            abort("there is no bubblewrap on x86-64");
        } else {
            bwrap = found;
            filter = SystemCallFilter.layOut(home);
        }
    }

    private static Ended run(@Nullable Path filter, List<String> program) throws IOException, InterruptedException {
        Path classes = Path.of(System.getProperty("user.dir"), "target", "test-classes");
        Cage cage = new Cage(
                List.of(new Cage.Mount(classes, CLASSES)), Path.of("/"), 1 << 20, Map.of("A", "b"), seen -> program);
        Process process = Sandbox.wrapped(bwrap, filter, List.of(), cage).start(builder -> builder);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), said.lines().toList());
    }

    private static Ended call(@Nullable Path filter, String... calls) throws IOException, InterruptedException {
        List<String> program = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                CLASSES.toString(),
                SystemCalls.class.getName()));
        program.addAll(List.of(calls));
        return run(filter, program);
    }

    private static Map<String, Integer> answers(@Nullable Path filter, String... calls)
            throws IOException, InterruptedException {
        Ended ended = call(filter, calls);
        assertThat(ended.lines()).as("exit %d", ended.exit()).hasSameSizeAs(calls);
        Map<String, Integer> answers = new HashMap<>();
        for (int call = 0; call < calls.length; call++) {
            answers.put(calls[call], Integer.valueOf(ended.lines().get(call)));
        }
        return answers;
    }

    @Test
    void refusedCallsFailAndMostOfThemOnlyForTheFilter() throws IOException, InterruptedException {
        Map<String, RefusedCall> refused = Arrays.stream(RefusedCall.values())
                .collect(toMap(call -> call.number(Architecture.X86_64) + ",-1,-1,-1,-1,-1,-1", Function.identity()));
        String[] calls = refused.keySet().toArray(String[]::new);
        assertThat(answers(filter, calls).values()).containsOnly(EPERM);
        Map<String, Integer> open = answers(null, calls);
        assertThat(refused.entrySet().stream()
                        .filter(call -> !Integer.valueOf(EPERM).equals(open.get(call.getKey())))
                        .map(Map.Entry::getValue))
                .contains(
                        RefusedCall.MOUNT,
                        RefusedCall.UNSHARE,
                        RefusedCall.SETNS,
                        RefusedCall.PTRACE,
                        RefusedCall.PROCESS_VM_READV,
                        RefusedCall.KEYCTL,
                        RefusedCall.BPF,
                        RefusedCall.PERF_EVENT_OPEN,
                        RefusedCall.MBIND)
                .hasSizeGreaterThan(30);
    }

    @Test
    void callsThatLibrariesFallBackFromAreNotThere() throws IOException, InterruptedException {
        // io_uring_setup, _enter, _register, clone3; x32's getpid; statmount, mseal and what is to come.
        String[] common = {"425,8,0", "426,-1", "427,-1", "435,0,0", "0x40000027", "457", "462", "100000", "-1"};
        assertThat(answers(filter, common).values()).containsOnly(ENOSYS);
        assertThat(answers(null, "435,0,0").values()).doesNotContain(ENOSYS);
    }

    @Test
    void argumentsAreLookedAt() throws IOException, InterruptedException {
        // Each call, what it answers with the filter, and what without: null where that is the machine's to say.
        Map<String, List<@Nullable Integer>> calls = new HashMap<>();
        calls.put(
                "56,0x10000200",
                Arrays.asList(EPERM, EINVAL)); // clone of CLONE_NEWUSER and, so that it fails, CLONE_FS
        calls.put("56,0x00020200", Arrays.asList(EPERM, EINVAL)); // CLONE_NEWNS
        calls.put("16,0,0x5412,0", Arrays.asList(EPERM, ENOTTY)); // ioctl of TIOCSTI
        calls.put("16,0,0x100005412,0", Arrays.asList(EPERM, ENOTTY));
        calls.put("16,0,0x541C,0", Arrays.asList(EPERM, ENOTTY)); // TIOCLINUX
        calls.put("16,0,0x5401,0", Arrays.asList(ENOTTY, ENOTTY)); // TCGETS
        calls.put("135,0x0040000", Arrays.asList(EPERM, 0)); // personality of ADDR_NO_RANDOMIZE
        calls.put("41,40,1,0", Arrays.asList(EAFNOSUPPORT, null)); // sockets: vsock
        calls.put("41,38,5,0", Arrays.asList(EAFNOSUPPORT, null)); // the kernel's cryptography
        calls.put("41,17,3,0", Arrays.asList(EAFNOSUPPORT, null)); // packets
        calls.put("53,30,1,0,0", Arrays.asList(EAFNOSUPPORT, null)); // socketpair of TIPC
        calls.put("41,16,3,12", Arrays.asList(EPROTONOSUPPORT, null)); // netfilter
        calls.put("41,2,1,132", Arrays.asList(EPROTONOSUPPORT, null)); // SCTP
        calls.put("41,10,3,255", Arrays.asList(EPROTONOSUPPORT, null)); // raw
        Map<String, Integer> filtered = answers(filter, calls.keySet().toArray(String[]::new));
        Map<String, Integer> open = answers(null, calls.keySet().toArray(String[]::new));
        calls.forEach((call, expected) -> {
            assertThat(filtered.get(call)).as("%s with the filter", call).isEqualTo(expected.getFirst());
            if (expected.getLast() != null) {
                assertThat(open.get(call)).as("%s without", call).isEqualTo(expected.getLast());
            }
        });
    }

    @Test
    void whatRuntimesNeedIsAllowed() throws IOException, InterruptedException {
        // Sockets: local, TCP, UDP of both versions, routing; a pair; getpid; personality's question; memfd_create;
        // pidfd_open.
        assertThat(answers(
                                filter,
                                "41,1,1,0",
                                "41,2,1,0",
                                "41,2,1,6",
                                "41,2,2,17",
                                "41,10,1,0",
                                "41,16,3,0",
                                "39",
                                "135,0xffffffff",
                                "135,0")
                        .values())
                .allSatisfy(answer -> assertThat(answer).isNotNegative());
        assertThat(run(filter, List.of("/bin/sh", "-c", "(echo a; echo b) | tail -1 & wait; test ! -e /proc/$$/fd/4")))
                .isEqualTo(new Ended(0, List.of("b")));
    }

    @Test
    void a32BitCallEndsTheProcess() throws IOException, InterruptedException {
        int signal = 31;
        Ended filtered = call(filter, "i386");
        if (call(null, "i386").exit() != 0) {
            assertThat(filtered.exit()).isNotZero();
            System.err.println("SKIPPED: this kernel takes no calls of 32-bit programs, so none was there to filter");
            abort("this kernel takes no calls of 32-bit programs");
        }
        assertThat(filtered).isEqualTo(new Ended(128 + signal, List.of()));
    }

    @Test
    void withoutTheFilterTheSandboxIsNotFullAndSaysWhy() {
        Sandbox sandbox = Sandbox.detect(true, true, Path.of("/proc/nothing"));
        try {
            assertThat(sandbox.isolation().level()).isEqualTo(Isolation.Level.SANDBOX);
            assertThat(sandbox.isolation().reason()).contains("no filter of system calls");
            assertThat(Sandbox.detect(true, false, home).isolation().reason()).doesNotContain("filter");
        } finally {
            if (sandbox.cgroups() != null) {
                sandbox.cgroups().close();
            }
        }
    }

    @Test
    void numbersAreThoseOfTheKernelsHeaders() throws IOException {
        Map<Architecture, Path> headers = Map.of(
                Architecture.X86_64, Path.of("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
                Architecture.AARCH64, Path.of("/usr/include/asm-generic/unistd.h"));
        for (var header : headers.entrySet()) {
            if (!Files.exists(header.getValue())) {
                System.err.println("SKIPPED: no kernel headers to compare numbers with: " + header.getValue());
                abort("there are no kernel headers");
            }
            Map<String, Integer> numbers;
            try (Stream<String> lines = Files.lines(header.getValue())) {
                Pattern define = Pattern.compile("#define __NR(?:3264)?_(\\w+)\\s+(\\d+)");
                numbers = lines.map(define::matcher)
                        .filter(matcher -> matcher.matches())
                        .collect(toMap(
                                matcher -> matcher.group(1),
                                matcher -> Integer.valueOf(matcher.group(2)),
                                (a, b) -> a));
            }
            for (RefusedCall call : RefusedCall.values()) {
                assertThat(call.number(header.getKey()))
                        .as("%s on %s", call, header.getKey())
                        .isEqualTo(numbers.getOrDefault(call.name().toLowerCase(Locale.ROOT), -1));
            }
        }
    }
}
