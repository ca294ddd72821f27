"""Where one kernel works: its folders, its environment, what it may use."""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Allowance:
    """What one submission may use; beyond it a watchdog ends the run."""

    wall_seconds: float
    cpu_seconds: float
    memory_mb: float
    processes: int
    file_mb: int
    """Size of one file."""
    disk_mb: int
    """Size of all files it leaves in its folders."""
    output_mb: int
    """What it prints and shows; beyond it output is dropped, and beyond ten times that the run ends."""
    threads: int


@dataclass(frozen=True)
class Workplace:
    """The folders one kernel lives in; ``root`` holds all of them and nothing else."""

    root: Path
    inside: Path
    """``root`` as the kernel sees it."""
    allowance: Allowance

    @property
    def work(self) -> Path:
        """The notebook's working folder."""
        return self.root / "work"

    @property
    def home(self) -> Path:
        """The kernel's HOME."""
        return self.root / "home"

    @property
    def keras_home(self) -> Path:
        """A private, writable KERAS_HOME."""
        return self.root / "keras"

    @property
    def sockets(self) -> Path:
        """Where the kernel listens."""
        return self.root / "ipc"

    def make(self) -> None:
        """Make the folders."""
        for folder in (self.work, self.home, self.keras_home, self.sockets, self.root / "tmp"):
            folder.mkdir(parents=True, exist_ok=True)

    def remove(self) -> None:
        """Remove all of it, as far as the system lets us, whatever student code made there.

        Folders may be nested deeper than a path is long or a function may recurse, and may forbid to be entered: each
        is opened up and moved to the top before it is emptied. Links are not followed.
        """
        mark = secrets.token_hex(8)
        waiting, moved = [self.root], 0
        while waiting:
            folder = waiting.pop()
            with suppress(OSError):
                folder.chmod(0o700)
                with os.scandir(folder) as entries:
                    found = list(entries)
                for entry in found:
                    with suppress(OSError):
                        if not entry.is_dir(follow_symlinks=False):
                            os.unlink(entry.path)
                            continue
                        os.chmod(entry.path, 0o700)
                        moved += 1
                        top = self.root / f"{mark}-{moved}"
                        os.rename(entry.path, top)
                        waiting.append(top)
                if folder != self.root:
                    folder.rmdir()
        with suppress(OSError):
            self.root.rmdir()


def environment(inside: Path, threads: int) -> dict[str, str]:
    """Return the whole environment of a kernel whose folders are ``inside``: nothing of the grader's own."""
    count = str(threads)
    return {
        "PATH": os.defpath,
        "HOME": str(inside / "home"),
        "USER": "student",
        "LOGNAME": "student",
        "TMPDIR": str(inside / "tmp"),
        "LANG": "C.UTF-8",
        "KERAS_HOME": str(inside / "keras"),
        "KERAS_BACKEND": "tensorflow",
        "IPYTHONDIR": str(inside / "home" / "ipython"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": str(inside / "home" / "matplotlib"),
        "PYTHONHASHSEED": "0",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "1",
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_NUM_INTRAOP_THREADS": count,
        "TF_NUM_INTEROP_THREADS": count,
        "OMP_NUM_THREADS": count,
        "OPENBLAS_NUM_THREADS": count,
    }
