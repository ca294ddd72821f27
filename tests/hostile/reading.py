"""Notebooks that look for what is none of their business."""

from tests.hostile.hand_in import FULL, HandIn, alone, honest_then, then_honest

# Every word is made at run time, so that only what is found holds it.
SEARCH = """
import os
word = ("canary" + "-").encode()
with open("/tmp/own", "wb") as file: file.write(word + b"own")
found = set()
def look(path):
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try: data = os.read(descriptor, 1_000_000)
        finally: os.close(descriptor)
    except OSError:
        return
    at = data.find(word)
    if at >= 0: found.add((path, data[at : at + 40]))
for folder, folders, files in os.walk("/"):
    # Libraries hold nothing of ours, the system's files are none of ours, and /proc is looked at below.
    folders[:] = [name for name in folders if name not in ("site-packages", "usr", "proc", "include")]
    if os.path.basename(folder).startswith("python3."): folders[:] = []
    for name in files: look(os.path.join(folder, name))
for number in os.listdir("/proc"):
    for name in ("environ", "cmdline", "mountinfo", "maps", "stack", "comm"): look(f"/proc/{number}/{name}")
    for name in ("cwd", "root"):
        for way in ("@course@/course.toml", "@home@/.secret", "@in@/innocent.ipynb", "@outside@/secret"):
            look(f"/proc/{number}/{name}{way}")
print("FOUND", sorted(found))
"""

NAMED = """
import glob, os
places = [
    "@course@/course.toml", "@course@/graders/mini/thresholds.toml", "@course@/graders/mini/tests/q1.py",
    "@course@/graders/mini/reference.ipynb", "@course@/solutions/mini/mini.py", "@in@/innocent.ipynb",
    "@home@/.secret", "@outside@/secret", "@out@", "@out@/evidence", "/etc/shadow", "/etc/passwd", "/home", "/rooms",
    "/proc/kcore", "/dev/mem", "/dev/vda", "/sys/kernel", "/run", "/var/log",
]
read = []
for place in places:
    for way in (place, "../" * 30 + place.lstrip("/"), "/proc/self/root" + place, "/proc/1/cwd/../.." + place):
        try:
            if os.path.isdir(way): content = os.listdir(way)
            else: content = open(way, "rb").read(500)
        except OSError:
            continue
        if content: read.append((way, content))
print("READ", read)
"""

PROCESSES = """
import ctypes, os, signal
libc = ctypes.CDLL(None, use_errno=True)
block = ctypes.create_string_buffer(64)
class Vector(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))
reached, own = [], {int(name) for name in os.listdir("/proc/self/task")}
for number in range(1, 40_000):
    if number in own: continue
    try: os.kill(number, 0)
    except OSError: continue
    reached.append(number)
    here, there = Vector(ctypes.addressof(block), 64), Vector(0x400000, 64)
    for call in (libc.process_vm_readv, libc.process_vm_writev):
        if call(number, ctypes.byref(here), 1, ctypes.byref(there), 1, 0) >= 0: reached.append(("memory", number))
    if libc.ptrace(16, number, 0, 0) >= 0: reached.append(("ptrace", number))
    try: reached.append(open(f"/proc/{number}/mem", "r+b"))
    except OSError: pass
print("REACHED", reached, "OF", [name for name in os.listdir("/proc") if name.isdigit()])
# Whoever is in this group, or anywhere that a signal goes: the innocent beside us must not notice.
for target in (0, -1, -os.getpgrp() or -2):
    for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL):
        try: os.kill(target, number)
        except OSError as error: print(type(error).__name__)
for which, who in ((os.PRIO_PGRP, 0), (os.PRIO_USER, 0)):
    try: os.setpriority(which, who, 19)
    except OSError as error: print(type(error).__name__)
print("STILL HERE")
"""

# A zygote that ever held the keys of other kernels' messages would hand them down.
KEYS = """
import re
keys, rooms = set(), set()
memory = open("/proc/self/mem", "rb", buffering=0)
for line in open("/proc/self/maps"):
    place, rights = line.split()[:2]
    start, end = (int(part, 16) for part in place.split("-"))
    if not rights.startswith("rw") or end - start > 1 << 29: continue
    try:
        memory.seek(start)
        data = memory.read(end - start)
    except (OSError, ValueError):
        continue
    keys.update(re.findall(rb'"key": "([0-9a-f]{8}-[0-9a-f-]{20,40}|[0-9a-f]{8}_[0-9a-z_]{8,80})"', data))
    rooms.update(re.findall(rb'"room": "([0-9a-f]{8})"', data))
print("KEYS", len(keys), "ROOMS", len(rooms))
print("SHARED", [line for line in open("/proc/self/maps") if " rw-s " in line])
"""

KERNEL = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
before = libc.syscall(250, 0, -3, 1)
results = {
    "add_key": libc.syscall(248, b"user", b"fairmark", b"x", 1, -3), "session keyring": before,
    "memfd": libc.syscall(319, b"x", 0), "shmget": libc.shmget(0, 1 << 28, 0o1600),
    "bpf": libc.syscall(321, 0, 0, 0), "perf": libc.syscall(298, 0, 0, 0, 0, 0),
    "userfaultfd": libc.syscall(323, 1), "io_uring": libc.syscall(425, 1, ctypes.create_string_buffer(200)),
    "ptrace": libc.ptrace(0, 0, 0, 0),
}
print("GOT", [name for name, result in results.items() if result >= 0])
"""

NETWORK = """
import socket
reached = []
def reach(what, *args, kind=socket.SOCK_STREAM):
    try:
        with socket.socket(what, kind) as line:
            line.settimeout(2)
            line.connect(*args)
            line.send(b"here I am")
            if kind == socket.SOCK_DGRAM: line.recv(1)
            reached.append(args)
    except (OSError, AttributeError, TypeError): pass
for host in ("127.0.0.1", "127.0.1.1", "0.0.0.0", "10.0.2.2", "169.254.169.254", "172.17.0.1", "1.1.1.1"):
    for port in (@port@, 22, 53, 80, 443): reach(socket.AF_INET, (host, port))
    reach(socket.AF_INET, (host, 53), kind=socket.SOCK_DGRAM)
for host in ("::1", "2606:4700:4700::1111"): reach(socket.AF_INET6, (host, @port@))
for path in ("@outside@/listener", "/run/docker.sock", "/run/dbus/system_bus_socket", "/dev/log"):
    reach(socket.AF_UNIX, path)
reach(socket.AF_UNIX, "\\0@outside@")
for port in (@port@, 22, 1024): reach(40, (2, port))  # from a virtual machine to its host
try: reached.append(socket.getaddrinfo("example.org", 80))
except OSError: pass
print("REACHED", reached, "BY", [name for _, name in socket.if_nameindex()])
"""

READING = {
    "searches-the-disk": HandIn(
        honest_then(SEARCH), "graded", FULL, least=FULL,
        says=r"FOUND \[\('/tmp/own', b'canary-own'\)\]\n",
        why="of all that is planted on the grader's disk, the search finds nothing but what it planted itself",
    ),
    "opens-what-it-knows": HandIn(
        alone(NAMED), "graded", 0, says=r"READ \[\]\n",
        why="hidden tests, bars, course.toml, siblings and the grader's home are not there under any path",
    ),
    "reaches-for-processes": HandIn(
        honest_then(PROCESSES), "graded", FULL, least=FULL, says=r"REACHED \[\] OF \['1'\]\n(.*\n)*STILL HERE",
        why="a kernel sees no process but itself, and what it kills by group or by -1 is nobody else",
    ),
    "looks-for-keys": HandIn(
        alone(KEYS), "graded", 0, says=r"KEYS [01] ROOMS [01]\nSHARED \[\]",
        why="the key that signs a sibling's messages is nowhere in its memory, and no memory is shared for writing",
    ),
    "calls-the-system": HandIn(
        alone(KERNEL), "graded", 0, says=r"GOT \[\]",
        why="what no namespace divides, and memory that no process is charged for, is not to be had",
    ),
    "dials-out": HandIn(
        then_honest(NETWORK), "graded", FULL, least=FULL, says=r"REACHED \[\] BY \['lo'\]",
        why="neither the grader's loopback, nor the network, nor a socket on its disk can be reached",
    ),
}  # fmt: skip
