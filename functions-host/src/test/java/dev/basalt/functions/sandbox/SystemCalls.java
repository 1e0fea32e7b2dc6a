package dev.basalt.functions.sandbox;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Collections;

/**
 * A program that makes the system calls it is told, each {@code number,argument,...}, and says for each one on a line what it
 * answered, an error's number below zero. {@code i386} makes getpid by the way of 32-bit programs.
 */
@SuppressWarnings("restricted")
final class SystemCalls {
    private static final int ARGUMENTS = 6;
    private static final StructLayout ERRORS = Linker.Option.captureStateLayout();

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle CALL = LINKER.downcallHandle(
            LINKER.defaultLookup().find("syscall").orElseThrow(),
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    Collections.nCopies(1 + ARGUMENTS, ValueLayout.JAVA_LONG).toArray(MemoryLayout[]::new)),
            Linker.Option.captureCallState("errno"),
            Linker.Option.firstVariadicArg(1));

    private SystemCalls() {}

    public static void main(String... calls) throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errors = arena.allocate(ERRORS);
            for (String call : calls) {
                System.out.println(call.equals("i386") ? i386(errors) : (int) call(errors, call.split(",", -1)));
            }
        }
    }

    private static long call(MemorySegment errors, String... words) throws Throwable {
        long[] all = new long[1 + ARGUMENTS];
        for (int word = 0; word < words.length; word++) {
            all[word] = Long.decode(words[word]);
        }
        long result = (long) CALL.invokeExact(errors, all[0], all[1], all[2], all[3], all[4], all[5], all[6]);
        return result == -1
                ? -(int) ERRORS.varHandle(MemoryLayout.PathElement.groupElement("errno"))
                        .get(errors, 0L)
                : result;
    }

    private static int i386(MemorySegment errors) throws Throwable {
        // mmap of a private page that can be written and run.
        byte[] code = {(byte) 0xB8, 20, 0, 0, 0, (byte) 0xCD, (byte) 0x80, (byte) 0xC3};
        MemorySegment page = MemorySegment.ofAddress(call(errors, "9", "0", "4096", "7", "0x22", "-1"))
                .reinterpret(4096);
        page.copyFrom(MemorySegment.ofArray(code));
        return (int) LINKER.downcallHandle(page, FunctionDescriptor.of(ValueLayout.JAVA_INT))
                .invokeExact();
    }
}
