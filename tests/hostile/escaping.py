"""Notebooks that want out of the sandbox, or past the grader's own ears."""

from tests.hostile.hand_in import FULL, HandIn, alone, blank, honest_then, then_honest

MOUNTS = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
done = []
def attempt(what, call):
    try:
        if (result := call()) is None or result >= 0: done.append(what)
    except OSError: pass
for flag in (0x10000000, 0x20000, 0x20000000, 0x40000000, 0x10020000): attempt("unshare", lambda: libc.unshare(flag))
for target in ("/", "/usr", "/room", "/proc", "/tmp", "/dev"):
    attempt("remount " + target, lambda: libc.mount(b"none", target.encode(), b"", 32, b""))
    attempt("bind " + target, lambda: libc.mount(b"/room", target.encode(), b"", 4096, b""))
    attempt("tmpfs " + target, lambda: libc.mount(b"tmpfs", target.encode(), b"tmpfs", 0, b""))
    attempt("umount " + target, lambda: libc.umount2(target.encode(), 2))
attempt("umount rooms", lambda: libc.umount2(b"/rooms", 2))
attempt("umount ipc", lambda: libc.umount2(b"/room/ipc", 2))
attempt("chroot", lambda: os.chroot("/room"))
attempt("pivot", lambda: libc.syscall(155, b"/room", b"/room"))
attempt("fsopen", lambda: libc.syscall(430, b"tmpfs", 0))
attempt("open_tree", lambda: libc.syscall(428, -100, b"/", 1))
attempt("device", lambda: os.mknod("disk", 0o60666, os.makedev(254, 0)))
attempt("memory", lambda: os.mknod("mem", 0o20666, os.makedev(1, 1)))
attempt("root", lambda: os.setuid(0))
attempt("chown", lambda: os.chown("/room/work", 0, 0))
attempt("hostname", lambda: libc.sethostname(b"mine", 4))
attempt("clone", lambda: libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0))
for name in ("mnt", "user", "pid", "net"):
    attempt("setns " + name, lambda: libc.setns(os.open(f"/proc/self/ns/{name}", os.O_RDONLY), 0))
for path in ("/proc/sys/kernel/core_pattern", "/proc/sys/user/max_user_namespaces", "/proc/sysrq-trigger",
             "/proc/sys/kernel/hostname", "/proc/1/oom_score_adj", "/dev/null/x", "/usr/x", "/etc/passwd", "/x",
             "/data/x", "/rooms/x", "/room/ipc/x", "/ipc/x", "/dev/x", "/proc/self/uid_map", "/proc/self/setgroups"):
    attempt("write " + path, lambda: os.write(os.open(path, os.O_WRONLY | os.O_CREAT), b"0") and None)
print("DONE", done)
"""

SETUID = """
import glob, os, shutil, stat, subprocess
tried = ["su -c id", "sudo -n id", "sudo id", "pkexec id", "newgrp root", "mount -t tmpfs x /tmp", "passwd -d root"]
tried += [path for path in glob.glob("/usr/*bin/*") if os.access(path, os.X_OK)
          and os.stat(path).st_mode & (stat.S_ISUID | stat.S_ISGID)]
for words in tried:
    try: run = subprocess.run(words.split(), capture_output=True, timeout=2, stdin=subprocess.DEVNULL, text=True)
    except (OSError, subprocess.TimeoutExpired): continue
    if "uid=0" in run.stdout: print("DID", words)
shutil.copy("/usr/bin/id", "own"); os.chmod("own", 0o6777)
print(subprocess.run(["./own"], capture_output=True, text=True).stdout)
print("UID", os.getresuid(), [line.split()[1] for line in open("/proc/self/status") if line.startswith("CapEff")])
"""

OUTSIDE = """
import os, shutil
kept = []
for path in ("@outside@", "@course@/graders/mini/tests", "@course@", "@out@/evidence", "@home@", "/usr/lib", "/etc",
             "/data", "../..", "/rooms", os.path.dirname(os.__file__), os.path.dirname(shutil.__file__) + "/x"):
    for act in (lambda: open(path + "/written", "w").close(), lambda: os.symlink("/", path + "/linked"),
                lambda: os.mkdir(path + "/made"), lambda: shutil.move(path, path + "-moved"),
                lambda: os.chmod(path, 0o777), lambda: os.utime(path), lambda: os.remove(path + "/secret")):
        try:
            act()
            kept.append(path)
        except OSError:
            pass
print("CHANGED", kept)
"""

SOCKETS = """
import os, pathlib, shutil, socket, threading, time
kernel = get_ipython().kernel
for path in list(pathlib.Path("/ipc").iterdir()):
    path.unlink()
    for way in (lambda: path.symlink_to("@outside@/listener"), lambda: os.link("/room/told.json", path)):
        try: way()
        except OSError as error: print("REFUSED", type(error).__name__)
for path in ("/room/ipc", "/ipc"):
    for way in (lambda: os.rename(path, path + "2"), lambda: os.rmdir(path), lambda: shutil.rmtree(path)):
        try: way()
        except OSError as error: print("REFUSED", type(error).__name__)
"""

HANGS_UP = (
    SOCKETS
    + """
for number in range(3, 1024):
    try: os.close(number)
    except OSError: pass
while True: pass
"""
)

# Straight onto the socket: what nbclient reads of a kernel, and of whoever speaks for it.
SENDER = """
import json
kernel = get_ipython().kernel
session, line = kernel.session, kernel.iopub_socket
parent = kernel.get_parent()
def send(kind, content, **kwargs):
    session.send(line, kind, content=content, parent=parent, **kwargs)
"""

MESSAGES = (
    SENDER
    + """
nested = {}
for _ in range(400): nested = {"x": nested}
for kind in ("stream", "display_data", "execute_result", "update_display_data", "error", "status", "clear_output",
             "execute_input", "comm_open", "comm_msg", "comm_close", "input_request", "shutdown_reply", "", "pickle"):
    for content in ({}, {"text": 1, "name": {}}, {"data": [], "metadata": 7, "transient": "x"}, {"execution_state": []},
                    {"ename": {}, "evalue": nested, "traceback": 9}, {"execution_count": "x" * 100_000},
                    {"data": {"application/json": nested, "text/plain": 3}, "metadata": {}},
                    {"comm_id": [], "data": {"state": nested}, "target_name": "jupyter.widget"}):
        send(kind, content)
"""
)

WIDGETS = (
    SENDER
    + """
state = {"_model_module": "@jupyter-widgets/output", "_model_name": "OutputModel", "msg_id": parent["header"]["msg_id"],
         "text": "x" * 200_000}
for number in range(1_000):
    send("comm_open", {"comm_id": str(number), "target_name": "jupyter.widget", "data": {"state": state}})
"""
)

AMPLIFIES = (
    SENDER
    + """
import time
for _ in range(300):
    time.sleep(0.01)
    send("display_data", {"data": {"text/plain": ""}, "metadata": {}, "transient": {"display_id": "one"}})
send("update_display_data", {"data": {"text/plain": "x" * 300_000}, "metadata": {}, "transient": {"display_id": "one"}})
"""
)

ERRORS = (
    SENDER
    + """
for _ in range(2_000):
    send("error", {"ename": "E", "evalue": "x" * 50_000, "traceback": ["x" * 50_000]})
raise ValueError("the last one")
"""
)

UNREAD = (
    SENDER
    + """
import zmq
to, sent = kernel._parent_ident["shell"], 0
try:
    for sent in range(800): kernel.stdin_socket.send_multipart([*to, b"x" * 900_000], zmq.NOBLOCK)
except zmq.ZMQError: pass
print("SENT", sent)
"""
)

GARBLES = """
import zmq
kernel = get_ipython().kernel
topic, end = b"stream", b"<IDS|MSG>"
header = b'{"msg_type": "stream", "msg_id": "1", "date": "never"}'
for parts in ([topic, end, b"wrong", header, b"{}", b"{}", b"{}"], [topic], [end], [topic, end, b"", b"["]):
    kernel.iopub_socket.send_multipart(parts)
"""

MUTE = """
import threading
kernel = get_ipython().kernel
kernel.session.send = lambda *args, **kwargs: None  # heartbeats go on: they are another thread's
kernel.shell_streams = []
kernel.msg_queue = None
def busy():
    while True: pass
threading.Thread(target=busy).start()
"""

TWICE = (
    SENDER
    + """
for _ in range(5): send("status", {"execution_state": "idle"})
print("printed after it said that it was done")
"""
)

DAEMON = """
import os, subprocess, sys
program = '''
import itertools, os, signal, sys, time
for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT): signal.signal(number, signal.SIG_IGN)
for count in itertools.count():
    for path in ("/room/work/daemon", "@outside@/daemon", "/tmp/daemon"):
        try: open(path, "w").write(str(count))
        except OSError: pass
    time.sleep(0.05)
'''
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, "-c", program, "@marker@"])
    os._exit(0)
subprocess.Popen([sys.executable, "-c", program, "@marker@"], start_new_session=True)
"""

AFTERWARDS = """
import atexit, os, signal, sys, threading, time
def act(*args):
    for path in ("/room/work/after", "@outside@/after", "../evidence/q1.json"):
        try: open(path, "w").write("after")
        except OSError: pass
    print("after")
    time.sleep(600)
atexit.register(act)
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(number, act)
threading.Thread(target=lambda: (time.sleep(1), act()), daemon=False).start()
sys.excepthook = sys.exitfunc = act
"""

DISGUISE = """
import ctypes, os
libc = ctypes.CDLL(None)
libc.prctl(15, b") Z 1 1 (\\n", 0, 0, 0)  # its name, as ps reads it
libc.prctl(4, 0, 0, 0, 0)  # not to be looked at
libc.prctl(1, 9, 0, 0, 0)
held = []
while True: held.append(bytearray(20_000_000))
"""

ESCAPING = {
    "mounts-and-unshares": HandIn(
        honest_then(MOUNTS), "graded", FULL, least=FULL, says=r"DONE \[('write /proc/1/oom_score_adj')?\]\n",
        why="no mount, namespace, device or system setting can be made or changed",
    ),
    "runs-setuid-programs": HandIn(
        alone(SETUID), "graded", 0, says=r"UID \((?!0)(\d+), \1, \1\) \['0000000000000000'\]",
        why="no program of /usr gives a right that its caller has not",
    ),
    "writes-elsewhere": HandIn(
        honest_then(OUTSIDE), "graded", FULL, least=FULL, says=r"CHANGED \[\]\n",
        why="outside its room all is read-only or not there",
    ),
    "redirects-its-sockets": HandIn(
        then_honest(SOCKETS), "graded", FULL, least=FULL, says="REFUSED",
        why="the grader would follow a link to a socket of its own machine",
    ),
    "hangs-up": HandIn(
        alone(HANGS_UP), r"the (limit of CPU time ended the run|kernel ended) in cell 1; only what .*", 0,
        why="a kernel without descriptors or sockets says nothing more, and is ended",
    ),
    "sends-odd-messages": HandIn(
        then_honest(MESSAGES), "graded", FULL, least=FULL,
        why="a message that is not as it should be shows nothing, and changes nothing",
    ),
    "keeps-widgets": HandIn(
        blank(WIDGETS), "graded", 0, why="what widgets keep in the grader's memory has no limit: not kept",
    ),
    "amplifies-a-display": HandIn(
        blank(AMPLIFIES), "graded", 0, why="one update of a display shown 300 times would write 90 MB to disk",
    ),
    "raises-without-end": HandIn(
        blank(ERRORS), r"graded; cell \d+ raised \w+: .*", 0, why="one error a cell is kept, shortened",
    ),
    "sends-to-deaf-ears": HandIn(
        alone(UNREAD), "(graded|the memory limit ended .*)", 0, says=r"SENT \d\d+",
        why="what nobody reads must not wait in the grader's memory",
    ),
    "garbles-messages": HandIn(
        honest_then(GARBLES),
        r"(graded|(the kernel sent what no kernel sends|the time limit ended).*; only what was .*)", FULL, least=FULL,
        why="the row says that it was no kernel's message, or that no answer came: the socket is shared with the "
        "kernel's own thread and may break; what was checked before counts",
    ),
    "falls-mute": HandIn(
        alone(MUTE, "print('never answered')"), r"the (limit of CPU time|time limit) ended the run in cell [12]; .*", 0,
        why="a kernel whose heart beats and which never answers is ended by the watchdog",
    ),
    "says-done-too-early": HandIn(
        then_honest(TWICE), "graded", FULL, least=FULL, why="the next cell waits for the kernel all the same",
    ),
    "detaches-a-daemon": HandIn(
        then_honest(DAEMON), "graded", FULL, least=FULL, why="all its processes end with it, whatever their session",
    ),
    "acts-afterwards": HandIn(
        then_honest(AFTERWARDS), "graded", FULL, least=7,
        why="after the last cell nothing runs, whoever asked; before, a thread may spoil its own q1",
    ),
    "disguises-itself": HandIn(
        alone(DISGUISE), r"the memory limit ended the run in cell 1; only what was checked before counts", 0,
        why="neither its name nor being undumpable hides it from the watchdog",
    ),
}  # fmt: skip
