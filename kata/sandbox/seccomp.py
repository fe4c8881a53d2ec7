"""A filter for system calls: what a stranger's code has no use for, and what a limit would not hold for.

Memory segments and queues that outlive a process, namespaces of its own, mounts, other processes' memory, the
kernel's more adventurous doors, and sockets other than Unix ones (the network namespace is empty anyway, but some
families know no namespaces). A forbidden call fails with EPERM, as it would for lack of rights.

A process has threads, and no other processes: the limit of its memory is one of each process. To fork fails with
ENOENT, which `subprocess` says, too, where there is no such program; none is in sight. Nor is there memory that it
could share with other processes: for that limit, it is no data of its own.

Two sandboxes that run at the same time see the same files, read-only, and the same devices. What one could do to a
file so that the other one notices is forbidden, too: locks, leases, watches, futexes in shared memory, and asking
whether its content is in memory, or how full its disk is. So is what a process learns of all others of its user, or
of the machine, such as how many processes there have been. (Pipes and sockets are counted, too, and have to be there:
asyncio begins with a pair. SECURITY.md says so.)
"""

import errno
import platform
import struct

# name: (x86_64, aarch64), from the kernel's tables
_FORBIDDEN = {
    "shmget": (29, 194), "shmat": (30, 196), "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180),
    "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "mount_setattr": (442, 442), "open_by_handle_at": (304, 265), "swapon": (167, 224), "quotactl": (179, 60),
    "acct": (163, 89), "reboot": (169, 142), "syslog": (103, 116),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "kexec_load": (246, 104),
    "init_module": (175, 105), "finit_module": (313, 273),
    "inotify_init": (253, None), "inotify_init1": (294, 26), "inotify_add_watch": (254, 27),
    "fanotify_init": (300, 262), "fanotify_mark": (301, 263), "name_to_handle_at": (303, 264), "kcmp": (312, 272),
    "fadvise64": (221, 223), "readahead": (187, 213), "mincore": (27, 232), "cachestat": (451, 451),
    "statfs": (137, 43), "fstatfs": (138, 44), "ustat": (136, None), "pidfd_open": (434, 434),
    "preadv2": (327, 286), "pwritev2": (328, 287), "sync": (162, 81), "syncfs": (306, 267), "sysinfo": (99, 179),
    "sendmsg": (46, 211), "sendmmsg": (307, 269), "pidfd_getfd": (438, 438), "process_madvise": (440, 440),
    "futex_waitv": (449, 449), "futex_wake": (454, 454), "futex_wait": (455, 455), "futex_requeue": (456, 456),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
}  # fmt: skip
_FORKS = {"fork": (57, None), "vfork": (58, None)}
_CLONE, _CLONE3, _SOCKET, _MMAP = (56, 220), 435, (41, 198), (9, 222)
# They do nothing, and say that they did: anybody may set the times of /dev/null, which all sandboxes see.
_TIMES = {"utimensat": (280, 88), "utime": (132, None), "utimes": (235, None), "futimesat": (261, None)}
_FLOCK, _FCNTL, _FUTEX = (73, 32), (72, 25), (202, 98)
# F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC: no locks, no leases, no hints, no sizes of pipes
_OF_DESCRIPTORS = (0, 1, 2, 3, 4, 1030)
# FUTEX_WAIT_BITSET: as the C library waits for a thread, which the kernel wakes, and nobody else.
# FUTEX_WAIT: as the C++ library waits for a constant that another thread makes just then. That one may not wake it,
# since sandboxes could talk so: the waiting one is told that there is nothing to wait for, and looks again.
_WAIT, _WAIT_BITSET, _PRIVATE = 0, 9, 128
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_NEW_NAMESPACE = 0x7E020000  # every CLONE_NEW* flag that clone takes
_THREAD = 0x00010000  # CLONE_THREAD
_AF_UNIX = 1
_SHARED_MEMORY = 0x01 | 0x20  # MAP_SHARED and MAP_ANONYMOUS: no file's

# BPF, as in linux/filter.h and linux/seccomp.h
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
# Places in struct seccomp_data; of arguments, their lower halves.
_NUMBER, _ARCH, _FIRST, _SECOND, _FOURTH = 0, 4, 16, 24, 40


def make_filter(machine: str | None = None) -> bytes | None:
    """Return the filter as bytes for bwrap's --seccomp; None on a machine whose system calls are not listed here."""
    machine = machine or platform.machine()
    if machine not in _AUDIT_ARCH:
        return None
    column = list(_AUDIT_ARCH).index(machine)
    allow, refuse = (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _ERRNO | errno.EPERM)
    missing = (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)
    lines = [(_LOAD, 0, 0, _ARCH), (_EQUAL, 1, 0, _AUDIT_ARCH[machine]), (_RETURN, 0, 0, _KILL)]
    lines += [(_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, 0x40000000), refuse]  # the x32 twins of x86_64's calls
    for numbers in _FORBIDDEN.values():
        if (number := numbers[column]) is not None:
            lines += [(_EQUAL, 0, 1, number), refuse]
    for numbers in _TIMES.values():
        if (number := numbers[column]) is not None:
            lines += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERRNO)]
    # ENOSYS: the C library then takes clone, whose flags can be seen here; and HDF5 does without locks.
    lines += [(_EQUAL, 0, 1, _CLONE3), missing, (_EQUAL, 0, 1, _FLOCK[column]), missing]
    none = (_RETURN, 0, 0, _ERRNO | errno.ENOENT)
    for numbers in _FORKS.values():
        if (number := numbers[column]) is not None:
            lines += [(_EQUAL, 0, 1, number), none]
    flags = [(_LOAD, 0, 0, _FIRST), (_ANY_BIT, 0, 1, _NEW_NAMESPACE), refuse, (_ANY_BIT, 0, 1, _THREAD), allow, none]
    lines += _of_call(_CLONE[column], flags)
    lines += _of_call(_SOCKET[column], [(_LOAD, 0, 0, _FIRST), (_EQUAL, 1, 0, _AF_UNIX), refuse, allow])
    shared = [(_LOAD, 0, 0, _FOURTH), (_AND, 0, 0, _SHARED_MEMORY), (_EQUAL, 0, 1, _SHARED_MEMORY), refuse, allow]
    lines += _of_call(_MMAP[column], shared)
    commands = [line for command in _OF_DESCRIPTORS for line in ((_EQUAL, 0, 1, command), allow)]
    lines += _of_call(_FCNTL[column], [(_LOAD, 0, 0, _SECOND), *commands, missing])
    private = [(_LOAD, 0, 0, _SECOND), (_ANY_BIT, 0, 1, _PRIVATE), allow, (_AND, 0, 0, _PRIVATE - 1)]
    again = (_RETURN, 0, 0, _ERRNO | errno.EAGAIN)
    shared = [(_EQUAL, 0, 1, _WAIT_BITSET), allow, (_EQUAL, 0, 1, _WAIT), again]
    lines += _of_call(_FUTEX[column], [*private, *shared, refuse])
    return b"".join(struct.pack("=HBBI", *line) for line in [*lines, allow])


_Line = tuple[int, int, int, int]


def _of_call(number: int, lines: list[_Line]) -> list[_Line]:
    """Lines for one system call, each way through which ends with a return."""
    return [(_EQUAL, 0, len(lines), number), *lines]
