package dev.basalt.functions.sandbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The program by which the kernel answers the system calls of a caged process (seccomp, in classic BPF). {@link RefusedCall}s
 * fail with EPERM, and so do arguments that make namespaces, put words into a terminal or change the execution domain. Sockets
 * are local, internet or routing ones. io_uring, clone3, whose arguments can't be looked at, and what is newer than {@link
 * #NEWEST} fail with ENOSYS, at which C libraries fall back. A program of another architecture, whose calls have other numbers,
 * is killed. All else is allowed.
 */
final class SystemCallFilter {
    /** One that there is a filter for: what the kernel calls it, and the calls whose arguments are looked at. */
    enum Architecture {
        X86_64(0xC000003E, 56, 16, 135, 41, 53),
        AARCH64(0xC00000B7, 220, 29, 92, 198, 199);

        private final int audit;
        private final int clone;
        private final int ioctl;
        private final int personality;
        private final int socket;
        private final int socketpair;

        Architecture(int audit, int clone, int ioctl, int personality, int socket, int socketpair) {
            this.audit = audit;
            this.clone = clone;
            this.ioctl = ioctl;
            this.personality = personality;
            this.socket = socket;
            this.socketpair = socketpair;
        }

        /** This machine's. */
        static Architecture here() throws IOException {
            String name = System.getProperty("os.arch");
            return switch (name) {
                case "amd64" -> X86_64;
                case "aarch64" -> AARCH64;
                default -> throw new IOException("there is none for " + name);
            };
        }
    }

    private static final int IO_URING_SETUP = 425;
    private static final int IO_URING_REGISTER = 427;
    private static final int CLONE3 = 435;
    /** futex_requeue; above are calls that no C library needs, and the numbers of x86-64's second ABI, x32. */
    private static final int NEWEST = 456;

    private static final int EPERM = 1;
    private static final int ENOSYS = 38;
    private static final int EPROTONOSUPPORT = 93;
    private static final int EAFNOSUPPORT = 97;

    /** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
    private static final int NEW_NAMESPACES = 0x7E020000;

    private static final int[] TIOCSTI_TIOCLINUX = {0x5412, 0x541C};
    /** Linux' own, and the question which it is. */
    private static final int[] PERSONALITIES = {0, -1};

    private static final int AF_UNIX = 1;
    private static final int AF_NETLINK = 16;
    private static final int[] AF_INET_INET6 = {2, 10};
    /** The default, TCP, UDP. */
    private static final int[] INTERNET_PROTOCOLS = {0, 6, 17};

    private static final int NETLINK_ROUTE = 0;

    private static final int LOAD = 0x20;
    private static final int IF_EQUAL = 0x15;
    private static final int IF_NOT_BELOW = 0x35;
    private static final int IF_ANY_BIT = 0x45;
    private static final int RETURN = 0x06;

    // Where a call is described: int number, int architecture, long address, long[6] arguments; little endian.
    private static final int NUMBER_AT = 0;
    private static final int ARCHITECTURE_AT = 4;
    private static final int ARGUMENTS_AT = 16;

    private static final List<Instruction> ALLOW = List.of(new Instruction(RETURN, 0, 0x7FFF0000));
    private static final List<Instruction> KILL = List.of(new Instruction(RETURN, 0, 0x80000000));

    /** One of the machine's; {@code skip} is how many it jumps over where its condition holds. */
    private record Instruction(int code, int skip, int operand) {
        static final int BYTES = 8;

        Instruction {
            if (skip > 0xFF) {
                throw new IllegalArgumentException("a jump over " + skip + " instructions");
            }
        }
    }

    private SystemCallFilter() {}

    /**
     * Writes this machine's program into a directory.
     *
     * @throws IOException where there is none for this architecture, or it can't be written
     */
    static Path layOut(Path directory) throws IOException {
        byte[] program = program(Architecture.here());
        Files.createDirectories(directory);
        Path written = Files.createTempFile(directory, ".system-calls-", "");
        try {
            Files.write(written, program);
            return Files.move(written, directory.resolve("system-calls.bpf"), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    /** The program, as the kernel takes it. */
    static byte[] program(Architecture architecture) {
        List<Instruction> code = load(
                ARCHITECTURE_AT,
                choose(IF_EQUAL, architecture.audit, load(NUMBER_AT, byNumber(answers(architecture))), KILL));
        ByteBuffer bytes = ByteBuffer.allocate(code.size() * Instruction.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        code.forEach(instruction -> bytes.putShort((short) instruction.code)
                .put((byte) instruction.skip)
                .put((byte) 0)
                .putInt(instruction.operand));
        return bytes.array();
    }

    /** What answers a call: the entry of the greatest number that is not above its own. */
    private static List<Map.Entry<Integer, List<Instruction>>> answers(Architecture architecture) {
        TreeMap<Integer, List<Instruction>> answers = new TreeMap<>();
        answers.put(0, ALLOW);
        for (RefusedCall call : RefusedCall.values()) {
            if (call.number(architecture) >= 0) {
                answer(answers, call.number(architecture), fail(EPERM));
            }
        }
        for (int call = IO_URING_SETUP; call <= IO_URING_REGISTER; call++) {
            answer(answers, call, fail(ENOSYS));
        }
        answer(answers, CLONE3, fail(ENOSYS));
        answer(answers, architecture.clone, argument(0, choose(IF_ANY_BIT, NEW_NAMESPACES, fail(EPERM), ALLOW)));
        answer(answers, architecture.ioctl, argument(1, oneOf(TIOCSTI_TIOCLINUX, fail(EPERM), ALLOW)));
        answer(answers, architecture.personality, argument(0, oneOf(PERSONALITIES, ALLOW, fail(EPERM))));
        answer(answers, architecture.socket, socket());
        answer(answers, architecture.socketpair, socket());
        answers.put(NEWEST + 1, fail(ENOSYS));
        return List.copyOf(answers.entrySet());
    }

    private static void answer(Map<Integer, List<Instruction>> answers, int call, List<Instruction> code) {
        answers.put(call, code);
        answers.putIfAbsent(call + 1, ALLOW);
    }

    private static List<Instruction> socket() {
        List<Instruction> internet = argument(2, oneOf(INTERNET_PROTOCOLS, ALLOW, fail(EPROTONOSUPPORT)));
        List<Instruction> netlink = argument(2, choose(IF_EQUAL, NETLINK_ROUTE, ALLOW, fail(EPROTONOSUPPORT)));
        return argument(
                0,
                choose(
                        IF_EQUAL,
                        AF_UNIX,
                        ALLOW,
                        oneOf(AF_INET_INET6, internet, choose(IF_EQUAL, AF_NETLINK, netlink, fail(EAFNOSUPPORT)))));
    }

    /** A binary search: seven comparisons for any call, where one after the other would be a hundred. */
    private static List<Instruction> byNumber(List<Map.Entry<Integer, List<Instruction>>> answers) {
        if (answers.size() == 1) {
            return answers.getFirst().getValue();
        }
        int middle = answers.size() / 2;
        return choose(
                IF_NOT_BELOW,
                answers.get(middle).getKey(),
                byNumber(answers.subList(middle, answers.size())),
                byNumber(answers.subList(0, middle)));
    }

    /** Arguments are looked at by their lower half, which is all that the kernel takes of these. */
    private static List<Instruction> argument(int index, List<Instruction> then) {
        return load(ARGUMENTS_AT + 8 * index, then);
    }

    private static List<Instruction> load(int offset, List<Instruction> then) {
        return join(List.of(new Instruction(LOAD, 0, offset)), then);
    }

    private static List<Instruction> oneOf(int[] values, List<Instruction> then, List<Instruction> otherwise) {
        List<Instruction> code = otherwise;
        for (int value : values) {
            code = choose(IF_EQUAL, value, then, code);
        }
        return code;
    }

    private static List<Instruction> choose(
            int condition, int operand, List<Instruction> then, List<Instruction> otherwise) {
        return join(List.of(new Instruction(condition, otherwise.size(), operand)), join(otherwise, then));
    }

    private static List<Instruction> join(List<Instruction> first, List<Instruction> second) {
        List<Instruction> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }

    private static List<Instruction> fail(int error) {
        return List.of(new Instruction(RETURN, 0, 0x00050000 | error));
    }
}
