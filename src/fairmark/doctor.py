"""What this machine can do for fairmark, in plain words, and how to get what is missing."""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

import psutil
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fairmark.course import Course, Limits, Topic
from fairmark.jobs import default_jobs
from fairmark.sandbox import KEEP_APART, SandboxUnavailable, in_sight

Mark = Literal["ok", "missing", "note"]
"""``missing``: no notebook can be graded in the sandbox without it. ``note``: good to know, and can stay so."""

_STYLES: dict[Mark, str] = {"ok": "green", "missing": "bold red", "note": "yellow"}
_PACKAGES = ("otter-grader", "keras", "tensorflow", "numpy")
_OTTER = 7
_BUBBLEWRAP = (0, 5)
"""The first version with ``--clearenv`` and ``--perms``."""
_RESULTS_MB = 2_000
"""Room that the results of a class take, with evidence of some MB a submission."""
_SETTINGS = Path("/proc/sys")
_IMAGE = "use the container image instead: see docs/sandbox.md"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what was found and, in one sentence, what to do about it."""

    mark: Mark
    what: str
    found: str
    remedy: str = ""


def examine_machine(course: Course | None = None) -> list[Finding]:
    """Look at this machine, with the limits and data sets of ``course`` if there is one. Fetches nothing."""
    limits = course.limits if course else Limits()
    jobs, memory = _memory(course)
    bubblewrap = _bubblewrap()
    return [
        Finding("ok", "Python", f"{platform.python_version()} in {sys.prefix}"),
        *map(_package, _PACKAGES),
        _backends(),
        _system(),
        bubblewrap,
        _sandbox(limits) if bubblewrap.mark == "ok" else Finding("missing", "sandbox", "not tried without bubblewrap"),
        *([_apart(course)] if course else []),
        _landlock(),
        _seccomp(),
        memory,
        _gpu(),
        *_data_sets(course),
        _disk("temporary files", Path(tempfile.gettempdir()), jobs * limits.disk_mb, "set TMPDIR to another folder"),
        _disk("results", Path.cwd(), _RESULTS_MB, "give `grade -o` a folder on another disk"),
    ]


def can_grade(findings: list[Finding]) -> bool:
    """Can notebooks be graded here, in the sandbox?"""
    return all(finding.mark != "missing" for finding in findings)


def print_findings(console: Console, findings: list[Finding]) -> None:
    """Print one row for each finding, and what follows from all of them."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        remedy = f"\n→ {finding.remedy}" if finding.remedy else ""
        table.add_row(Text(finding.mark, style=_STYLES[finding.mark]), finding.what, Text(finding.found + remedy))
    console.print(table)
    if can_grade(findings):
        console.print("\nNotebooks can be graded here, in the sandbox.")
    else:
        console.print("\nNotebooks can't be graded in the sandbox here: see what is missing.")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _package(name: str) -> Finding:
    found = _version(name)
    if found is None:
        return Finding("missing", name, "not installed", "install fairmark with what it needs: `make env`")
    if name == "otter-grader" and found.split(".")[0] != str(_OTTER):
        return Finding(
            "missing", name, f"{found}; fairmark works with {_OTTER}.x", f"`pip install 'otter-grader~={_OTTER}.0'`"
        )
    return Finding("ok", name, found)


def _backends() -> Finding:
    """Kernels run Keras on TensorFlow; what else is there is only told."""
    others = [f"{name} {found}" for name in ("jax", "torch") if (found := _version(name))]
    unused = f"; not used: {', '.join(others)}" if others else ""
    return Finding("ok", "backend", f"kernels run Keras on TensorFlow{unused}")


def _system() -> Finding:
    found = f"{platform.system()} {platform.release()}"
    if sys.platform != "linux":
        return Finding("missing", "system", f"{found}: forked kernels and the sandbox need Linux", _IMAGE)
    return Finding("ok", "system", f"{found}: kernels can be forked, and spoken to over ipc")


def _bubblewrap() -> Finding:
    path = shutil.which("bwrap")
    if path is None:
        return Finding("missing", "bubblewrap", "not found", "`apt install bubblewrap` (or dnf, pacman, zypper)")
    told = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout.split()
    found = told[-1] if told else "of an unknown version"
    if tuple(int(part) for part in found.split(".")[:2] if part.isdigit()) < _BUBBLEWRAP:
        least = ".".join(map(str, _BUBBLEWRAP))
        return Finding("missing", "bubblewrap", f"{found} in {path}; it must be {least} or newer", _IMAGE)
    return Finding("ok", "bubblewrap", f"{found} in {path}")


def _sandbox(limits: Limits) -> Finding:
    """Shut a process in, as grading would: what forbids that shows only then."""
    from fairmark.kernel.choice import kernels

    try:
        with kernels("", limits, sandboxed=True):
            return Finding("ok", "sandbox", "a trial process shut itself in, in namespaces within namespaces")
    except (SandboxUnavailable, OSError) as error:
        return Finding("missing", "sandbox", str(error), _way_to_namespaces())


def _apart(course: Course) -> Finding:
    if seen := in_sight(course.root):
        return Finding("missing", "course", seen, KEEP_APART)
    return Finding("ok", "course", f"students' code in the sandbox sees nothing of {course.root}")


def _way_to_namespaces() -> str:
    """Say what most likely keeps user namespaces from working, and what to do."""
    if any(Path(name).exists() for name in ("/.dockerenv", "/run/.containerenv")):
        return "start the container with the options that docs/sandbox.md lists"
    if _setting("kernel/apparmor_restrict_unprivileged_userns") == "1":
        return "AppArmor restricts user namespaces: give bubblewrap the profile in docs/sandbox.md"
    if _setting("kernel/unprivileged_userns_clone") == "0":
        return "as root, `sysctl kernel.unprivileged_userns_clone=1`"
    if _setting("user/max_user_namespaces") == "0":
        return "as root, `sysctl user.max_user_namespaces=10000`"
    return "see docs/sandbox.md"


def _setting(name: str) -> str | None:
    path = _SETTINGS / name
    return path.read_text().strip() if path.is_file() else None


def _landlock() -> Finding:
    from fairmark.kernel import landlock

    if sys.platform == "linux" and (spoken := landlock.version()):
        return Finding("ok", "Landlock", f"version {spoken}")
    return Finding("note", "Landlock", "none: read-only mounts alone keep files from being written")


def _seccomp() -> Finding:
    from fairmark.kernel import seccomp

    machine = platform.machine()
    if sys.platform == "linux" and seccomp.is_known(machine):
        return Finding("ok", "seccomp", f"calls that no notebook needs are denied ({machine})")
    return Finding(
        "note", "seccomp", f"no filter of system calls for {machine}: namespaces alone keep students' code in"
    )


def _memory(course: Course | None) -> tuple[int, Finding]:
    """Return the notebooks that may run at once, and what that follows from."""
    topics = course.topics.values() if course else [Topic(title="", data="imdb")]
    needed = max(topic.memory_gb for topic in topics)
    jobs = default_jobs(needed)
    free = psutil.virtual_memory().available / 1e9
    at_once = "1 notebook" if jobs == 1 else f"{jobs} notebooks"
    found = f"{free:.0f} GB free, {os.cpu_count()} cores: {at_once} of {needed:g} GB at once"
    if free < needed:
        return jobs, Finding("note", "memory", found, f"close other programs: one notebook may need {needed:g} GB")
    return jobs, Finding("ok", "memory", found)


def _gpu() -> Finding:
    command = shutil.which("nvidia-smi")
    query = [command or "", "--query-gpu=name", "--format=csv,noheader"]
    names = ""
    if command:
        names = subprocess.run(query, capture_output=True, text=True, timeout=60, check=False).stdout.strip()
    found = ", ".join(names.splitlines()) or "none"
    return Finding("note", "GPU", f"{found}; kernels compute on the CPU, which gives the same weights each time")


def _data_sets(course: Course | None) -> Iterator[Finding]:
    from fairmark.data.choice import DATA_SETS

    used = {topic.data for topic in course.topics.values()} if course else set(DATA_SETS)
    return (_data(name) for name in sorted(used))


def _data(name: str) -> Finding:
    from fairmark.data.choice import DATA_SETS
    from fairmark.data.fetch import DataUnavailable, at_hand, keras_home

    what = f"data {name}"
    if os.environ.get("FAIRMARK_DATA") == "twin":
        return Finding("ok", what, "the offline twin, as FAIRMARK_DATA says")
    files = DATA_SETS[name].files
    try:
        paths = [at_hand(file) for file in files]
    except DataUnavailable as error:
        return Finding("note", what, f"the offline twin: {error}", "delete that file, so that Keras's own is fetched")
    if all(paths):
        return Finding(
            "ok", what, f"the real files, in {', '.join(sorted({str(path.parent) for path in paths if path}))}"
        )
    wanted = ", ".join(file.name for file in files)
    return Finding(
        "note", what, "the real files are not here: fetched when first needed; else grading needs --twin",
        f"offline, put {wanted} into {keras_home() / 'datasets'}",
    )  # fmt: skip


def _disk(what: str, folder: Path, needed_mb: int, remedy: str) -> Finding:
    free = shutil.disk_usage(folder).free / 1e6
    found = f"{free / 1e3:.0f} GB free in {folder}"
    if free < needed_mb:
        return Finding("note", what, f"{found}, of {needed_mb / 1e3:.1f} GB that may be needed", remedy)
    return Finding("ok", what, found)
