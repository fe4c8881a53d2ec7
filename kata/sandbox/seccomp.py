"""A filter for system calls: what a stranger's code has no use for, and what a limit would not hold for.

Memory segments and queues that outlive a process, namespaces of its own, mounts, other processes' memory, the
kernel's more adventurous doors, and sockets other than Unix ones (the network namespace is empty anyway, but some
families know no namespaces). A forbidden call fails with EPERM, as it would for lack of rights.
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
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
}  # fmt: skip
_CLONE, _CLONE3, _SOCKET = (56, 220), 435, (41, 198)
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_NEW_NAMESPACE = 0x7E020000  # every CLONE_NEW* flag that clone takes
_AF_UNIX = 1

# BPF, as in linux/filter.h and linux/seccomp.h
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCH, _ARGUMENT = 0, 4, 16  # places in struct seccomp_data


def make_filter(machine: str | None = None) -> bytes | None:
    """Return the filter as bytes for bwrap's --seccomp; None on a machine whose system calls are not listed here."""
    machine = machine or platform.machine()
    if machine not in _AUDIT_ARCH:
        return None
    column = list(_AUDIT_ARCH).index(machine)
    refuse = (_RETURN, 0, 0, _ERRNO | errno.EPERM)
    lines = [(_LOAD, 0, 0, _ARCH), (_EQUAL, 1, 0, _AUDIT_ARCH[machine]), (_RETURN, 0, 0, _KILL)]
    lines += [(_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, 0x40000000), refuse]  # the x32 twins of x86_64's calls
    for numbers in _FORBIDDEN.values():
        lines += [(_EQUAL, 0, 1, numbers[column]), refuse]
    # ENOSYS: the C library then takes clone, whose flags can be seen here.
    lines += [(_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)]
    lines += [(_EQUAL, 0, 3, _CLONE[column]), (_LOAD, 0, 0, _ARGUMENT), (_ANY_BIT, 0, 5, _NEW_NAMESPACE), refuse]
    lines += [(_EQUAL, 0, 3, _SOCKET[column]), (_LOAD, 0, 0, _ARGUMENT), (_EQUAL, 1, 0, _AF_UNIX), refuse]
    lines += [(_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)
