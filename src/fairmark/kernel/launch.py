"""Becomes a plain kernel that ends with the process that started it, even with one that was killed.

ipykernel looks after its parent too, but from a Python thread: a cell that never lets go of the interpreter would
run for ever.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def end_with(parent: int) -> None:
    """Have Linux kill this process when the thread that started it ends; elsewhere ipykernel's own way must do."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended meanwhile
        os._exit(1)


if __name__ == "__main__":
    end_with(int(os.environ["JPY_PARENT_PID"]))
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()
