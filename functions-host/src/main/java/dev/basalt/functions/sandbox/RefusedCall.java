package dev.basalt.functions.sandbox;

/**
 * The system calls that are refused whatever their arguments: none that a runtime or a function needs, and each one a way to the
 * kernel, its devices or other processes. Most also need a capability that a caged process lacks; the filter holds where that
 * check has a hole.
 */
enum RefusedCall {
    // Other file systems.
    MOUNT(165, 40),
    UMOUNT2(166, 39),
    PIVOT_ROOT(155, 41),
    CHROOT(161, 51),
    OPEN_TREE(428),
    MOVE_MOUNT(429),
    FSOPEN(430),
    FSCONFIG(431),
    FSMOUNT(432),
    FSPICK(433),
    MOUNT_SETATTR(442),
    NAME_TO_HANDLE_AT(303, 264),
    OPEN_BY_HANDLE_AT(304, 265),
    FANOTIFY_INIT(300, 262),
    QUOTACTL(179, 60),
    QUOTACTL_FD(443),
    // Other namespaces and processes.
    UNSHARE(272, 97),
    SETNS(308, 268),
    PTRACE(101, 117),
    PROCESS_VM_READV(310, 270),
    PROCESS_VM_WRITEV(311, 271),
    PROCESS_MADVISE(440),
    KCMP(312, 272),
    PIDFD_GETFD(438),
    // Parts of the kernel that are reached without a capability and had holes.
    ADD_KEY(248, 217),
    REQUEST_KEY(249, 218),
    KEYCTL(250, 219),
    BPF(321, 280),
    PERF_EVENT_OPEN(298, 241),
    USERFAULTFD(323, 282),
    MODIFY_LDT(154),
    USELIB(134),
    // Where memory is.
    MBIND(237, 235),
    GET_MEMPOLICY(239, 236),
    SET_MEMPOLICY(238, 237),
    SET_MEMPOLICY_HOME_NODE(450),
    MIGRATE_PAGES(256, 238),
    MOVE_PAGES(279, 239),
    // The machine.
    INIT_MODULE(175, 105),
    FINIT_MODULE(313, 273),
    DELETE_MODULE(176, 106),
    KEXEC_LOAD(246, 104),
    KEXEC_FILE_LOAD(320, 294),
    REBOOT(169, 142),
    SWAPON(167, 224),
    SWAPOFF(168, 225),
    ACCT(163, 89),
    SYSLOG(103, 116),
    VHANGUP(153, 58),
    IOPL(172),
    IOPERM(173),
    SETTIMEOFDAY(164, 170),
    CLOCK_SETTIME(227, 112),
    ADJTIMEX(159, 171),
    CLOCK_ADJTIME(305, 266);

    /** From here on all architectures have the same numbers. */
    private static final int COMMON = 424;

    private final int x86;
    private final int arm;

    /** @param arm -1 where that architecture has no such call */
    RefusedCall(int x86, int arm) {
        this.x86 = x86;
        this.arm = arm;
    }

    /** One of a number that is the same everywhere, or one of x86-64 alone. */
    RefusedCall(int number) {
        this(number, number < COMMON ? -1 : number);
    }

    /** The number on an architecture; -1 where it has no such call. */
    int number(SystemCallFilter.Architecture architecture) {
        return switch (architecture) {
            case X86_64 -> x86;
            case AARCH64 -> arm;
        };
    }
}
