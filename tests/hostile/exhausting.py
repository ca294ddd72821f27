"""Notebooks that take all there is of something."""

from tests.hostile.hand_in import FULL, HandIn, alone, blank, then_honest

ENDED = r"the {} ended the run in cell 1; only what was checked before counts"

CUT = "(; what it printed beyond the limit of output was not kept)?"

BOMB = """
import os
while True:
    try: os.fork()
    except OSError: pass
"""

# Each child stays, and none is alone large enough to notice.
MANY_CHILDREN = """
import os, time
for _ in range(16):
    if os.fork() == 0:
        held = bytearray(100_000_000)
        time.sleep(60)
time.sleep(60)
"""

# Nobody's memory, as the system counts.
SOCKETS = """
import os, socket, time
for _ in range(5):
    if os.fork() == 0:
        held = [socket.socketpair() for _ in range(400)]
        time.sleep(60)
time.sleep(60)
"""

BUFFERS = """
import socket
one, other = socket.socketpair()
for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
    try: one.setsockopt(socket.SOL_SOCKET, option, 4_000_000)
    except PermissionError: print("DENIED")
one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
"""

BRIEF_CHILDREN = """
import subprocess
while True:
    subprocess.run(["sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"])
"""

DEEP = """
import os
os.chdir("/room/work")
for _ in range(1_500):
    os.mkdir("deeper"); os.chdir("deeper")
for number in range(20):
    with open(f"{number}", "wb") as file: file.write(bytes(15_000_000))
import time; time.sleep(60)
"""

UNLINKED = """
import os, time
held = []
for number in range(10):
    held.append(open(f"{number}", "wb"))
    held[-1].write(bytes(15_000_000)); held[-1].flush(); os.unlink(f"{number}")
time.sleep(60)
"""

SPARSE = """
import os, time
for number in range(30): os.truncate(os.open(f"{number}", os.O_CREAT | os.O_WRONLY), 15_000_000)
time.sleep(60)
"""

MANY_FILES = """
import os
for number in range(200_000): os.close(os.open(f"{number}", os.O_CREAT))
import time; time.sleep(60)
"""

STUBBORN = """
import signal
for number in range(1, 65):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True:
    try:
        while True: pass
    except BaseException: pass
"""

STOPPED = """
import os, signal, time
for child in range(3):
    if os.fork() == 0:
        os.setsid()
        os.kill(os.getpid(), signal.SIGSTOP)
        time.sleep(600)
os.kill(os.getpid(), signal.SIGSTOP)
while True: time.sleep(1)
"""

EXHAUSTING = {
    "never-ends": HandIn(
        alone(STOPPED), ENDED.format("time limit"), 0,
        why="the watchdog's clock is outside the notebook; stopped processes end as well",
    ),
    "ignores-signals": HandIn(
        alone(STUBBORN), ENDED.format("(limit of CPU time|time limit)"), 0,
        why="it is killed, not asked",
    ),
    "forks-without-end": HandIn(
        alone(BOMB), ENDED.format("(limit of CPU time|time limit|limit of processes|memory limit)"), 0,
        why="the system refuses the next process; what there is, is ended as a whole",
    ),
    "starts-threads-without-end": HandIn(
        alone("import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(60,)).start()"),
        r"graded; cell 1 raised RuntimeError: can't start new thread", 0, why="threads count as processes",
    ),
    "allocates-100-gb": HandIn(
        then_honest("import numpy as np\nblock = np.ones(12_500_000_000)"),
        r"graded; cell 3 raised (_ArrayMemoryError|MemoryError): .*", FULL, least=FULL,
        why="the system refuses, and the rest of the notebook counts",
    ),
    "allocates-bit-by-bit": HandIn(
        blank("held = []\nwhile True: held.append(b'x' * 10_000_000)"),
        r"the memory limit ended the run in cell \d+; only what was checked before counts.*", 0,
        why="touched memory is measured",
    ),
    "allocates-in-children": HandIn(
        alone(MANY_CHILDREN), ENDED.format("memory limit"), 0, why="memory is that of the whole tree",
    ),
    "opens-sockets-without-end": HandIn(
        alone(SOCKETS), ENDED.format("memory limit"), 0, why="what may wait in a socket counts as memory",
    ),
    "asks-for-larger-buffers": HandIn(
        then_honest(BUFFERS), "graded", FULL, least=FULL, says="DENIED\nDENIED",
        why="what waits in them is nobody's memory",
    ),
    "starts-brief-children": HandIn(
        alone(BRIEF_CHILDREN), ENDED.format("limit of CPU time"), 0,
        why="the time of a child that is gone is its parent's",
    ),
    "writes-10-gb": HandIn(
        then_honest("with open('big', 'wb') as file:\n    for _ in range(10_000): file.write(bytes(1_000_000))"),
        r"graded; cell 3 raised OSError: \[Errno 27\] File too large", FULL, least=FULL,
        why="the system refuses, and the rest of the notebook counts",
    ),
    "writes-many-files": HandIn(
        alone(MANY_FILES), ENDED.format("limit of disk space"), 0, why="names take space too",
    ),
    "writes-sparse-files": HandIn(
        alone(SPARSE), ENDED.format("limit of disk space"), 0, why="a file's size counts, holes included",
    ),
    "writes-out-of-sight": HandIn(
        alone(DEEP), ENDED.format("limit of disk space"), 0, why="deeper than a path is long nobody can look",
    ),
    "writes-and-unlinks": HandIn(
        alone(UNLINKED), ENDED.format("limit of disk space"), 0, why="files in no folder take space while open",
    ),
    "prints-1-gb": HandIn(
        alone("line = 'x' * 1_000_000\nfor _ in range(1_000): print(line)"),
        ENDED.format("(limit of output|memory limit)") + CUT, 0,
        why="output beyond the limit is dropped, ten times as much ends the run; what waits to be read, waits there",
    ),
    "prints-1-gb-at-once": HandIn(
        alone("print('x' * 150_000_000)\nwhile True: pass"),
        ENDED.format("(limit of output|memory limit|limit of CPU time)") + CUT, 0,
        why="a message of that size is not read at all",
    ),
    "prints-letter-by-letter": HandIn(
        alone("import sys\nfor _ in range(50_000):\n    sys.stdout.write('x'); sys.stdout.flush()"),
        "(graded|" + ENDED.format("(limit of output|time limit|limit of CPU time)") + ")" + CUT, 0,
        why="an output takes memory besides its text",
    ),
    "fills-every-memory": HandIn(
        then_honest("for place in ('/tmp/x', '/dev/shm/x'):\n  for n in range(100):\n    try: open(f'{place}{n}', 'wb')"
                    ".write(bytes(15_000_000))\n    except OSError: break\n"
                    "import glob, os\nfor path in glob.glob('/tmp/x*') + glob.glob('/dev/shm/x*'): os.unlink(path)"),
        "graded", FULL, least=FULL, why="folders in memory have a size",
    ),
}  # fmt: skip
