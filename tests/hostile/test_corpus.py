"""The whole corpus in one batch: each gets its row, nothing leaks, nothing outside changes, nothing stays behind."""

import contextlib
import csv
import hashlib
import json
import os
import re
import shutil
import socket
import stat
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from fairmark.report.marks import ON_TWIN
from tests.classroom import after_imports, code
from tests.hostile.corpus import CORPUS, INNOCENT
from tests.hostile.hand_in import HandIn
from tests.machine import has_sandbox, processes_in

pytestmark = pytest.mark.skipif(not has_sandbox(), reason="this machine has no sandbox: nothing contains the corpus")

LIMITS = {
    "wall_seconds": 60, "cpu_seconds": 12, "memory_mb": 900, "processes": 64, "file_mb": 16, "disk_mb": 48,
    "output_mb": 1, "name_mb": 16, "evidence_mb": 32,
}  # fmt: skip
SECRETS = ("hidden", "course", "bar", "sibling", "environment", "home", "outside")
CANARY = re.compile(rf"canary-({'|'.join(SECRETS)})".encode())
MB = 1_000_000


@dataclass
class World:
    """What lies around the batch, and what came of it."""

    base: Path
    marker: str
    verdicts: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    """What the gradebook says of each."""
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    rings: list[str] = field(default_factory=list)
    processes: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    peak_mb: float = 0

    def place(self, name: str) -> Path:
        return self.base / name

    def evidence(self, name: str) -> list[Path]:
        return [self.place("out") / "evidence" / key for key in self.verdicts[name].evidence]

    def printed(self, name: str) -> str:
        cells = nbformat.read(self.evidence(name)[0] / "executed.ipynb", 4).cells
        outputs = [output for cell in cells for output in cell.get("outputs", [])]
        return "".join(output.text for output in outputs if output.output_type == "stream")


@pytest.fixture(scope="module")
def world(mini: Any, reference: Any, edited: Callable[..., Any]) -> Iterator[World]:
    # Not pytest's own folder: the paths of sockets are short, and whoever got out as nobody could read this.
    base = Path(tempfile.mkdtemp(prefix="h-"))
    base.chmod(0o755)
    world = World(base, f"fairmark-{os.urandom(8).hex()}")
    try:
        with pytest.MonkeyPatch.context() as patch, ears(world) as port:
            surround(world, mini, patch)
            write_all(world, reference, edited, port)
            world.before = snapshot(world)
            grade(world)
            world.after = snapshot(world)
            world.processes = processes_of(world)
            world.left = os.listdir(world.place("tmp"))
            yield world
    finally:
        shutil.rmtree(base)


def surround(world: World, mini: Any, patch: pytest.MonkeyPatch) -> None:
    """Lay out the grader's machine, a canary in each place; anyone may read it, and ``outside`` anyone may change."""
    for name in ("in", "tmp", "home", "outside/blobs"):
        world.place(name).mkdir(parents=True)
    shutil.copytree(mini.root, world.place("course"))
    for path, word in (("course/course.toml", "course"), ("course/graders/mini/thresholds.toml", "bar")):
        with world.place(path).open("a") as file:
            file.write(f"\n# canary-{word}-1\n")
    world.place("home/.secret").write_text("canary-home-1")
    world.place("outside/secret").write_text("canary-outside-1")
    secret = b"canary-outside-2"
    world.place(f"outside/blobs/{hashlib.sha256(secret).hexdigest()}").write_bytes(secret)
    # What would be believed, were it read, and hold a point.
    answer = '{"$": "dict", "items": [["one", 2], ["negative", -4], ["text", "abab"], ["canary-outside-3", 0]]}'
    pair = '{"$": "tuple", "items": [0, 2]}'
    record = f'{{"cell": 1, "names": {{}}, "probes": {{"doubles": {answer}, "probe_pair": {pair}}}}}'
    world.place("outside/q1.json").write_text(record)
    for number in range(1, 6):
        world.place(f"outside/k-{number}").write_text("not a socket")
    os.mkfifo(world.place("outside/pipe"))
    for folder, _, files in os.walk(world.base):
        os.chmod(folder, 0o777 if "outside" in folder else 0o755)
        for name in files:
            os.chmod(Path(folder, name), 0o666 if "outside" in folder else 0o644)
    patch.setattr(tempfile, "tempdir", str(world.place("tmp")))
    patch.setenv("HOME", str(world.place("home")))
    patch.setenv("FAIRMARK_TEST_TOKEN", "canary-environment-1")


@contextlib.contextmanager
def ears(world: World) -> Iterator[int]:
    """Listen on loopback, on a socket in ``outside`` and on an abstract one; note who calls."""
    world.place("outside").mkdir()
    address = str(world.place("outside"))
    lines = [socket.socket(), socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)]
    for line, where in zip(lines, (("127.0.0.1", 0), f"{address}/listener", f"\0{address}"), strict=True):
        line.bind(where)  # type: ignore[arg-type]
        line.listen()
        threading.Thread(target=answer, args=(line, str(where), world.rings), daemon=True).start()
    try:
        yield lines[0].getsockname()[1]
    finally:
        for line in lines:
            line.shutdown(socket.SHUT_RDWR)
            line.close()


def answer(line: socket.socket, where: str, rings: list[str]) -> None:
    with contextlib.suppress(OSError):
        while True:
            line.accept()[0].close()
            rings.append(where)


def write_all(world: World, reference: Any, edited: Callable[..., Any], port: int) -> None:
    places = {f"@{name}@": str(world.place(name)) for name in ("outside", "course", "out", "in", "home")}
    tokens = {**places, "@port@": str(port), "@marker@": world.marker}
    for name, entry in CORPUS.items():
        path = world.place("in") / (entry.file or f"{name}.ipynb")
        if entry.writer:
            entry.writer(path, reference)
            continue
        assert entry.what is not None
        notebook = edited(entry.what)
        if name == INNOCENT:
            notebook.cells.insert(after_imports(notebook.cells), code("mine = 'canary-sibling-1'"))
        for cell in notebook.cells:
            for token, value in tokens.items():
                cell.source = cell.source.replace(token, value)
        path.write_text(json.dumps(notebook), encoding="utf8")  # nbformat would repair what is odd


def grade(world: World) -> None:
    from fairmark.course import Limits, read_course
    from fairmark.grade.batch import Grader
    from fairmark.grade.intake import find_submissions

    course = read_course(world.place("course"))
    students = {submission.path.name: submission.student for submission in find_submissions([world.place("in")])}
    with memory_of_the_grader(world):
        grader = Grader(course, "mini", world.place("out"), Limits(**LIMITS), 0)
        verdicts = {v.student: v for v in grader.grade([world.place("in")], 2, lambda *_: None)}
    assert len(verdicts) == len(CORPUS)
    for name, entry in CORPUS.items():
        world.verdicts[name] = verdicts[students[entry.file or f"{name}.ipynb"]]
    with (world.place("out") / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        statuses = {row["student"].removeprefix("'"): row["status"] for row in csv.DictReader(file)}
    world.rows = {name: statuses[verdict.student] for name, verdict in world.verdicts.items()}


@contextlib.contextmanager
def memory_of_the_grader(world: World) -> Iterator[None]:
    """Note how much this process grows meanwhile: it reads what students' kernels send."""
    process, done = psutil.Process(), threading.Event()
    start = process.memory_info().rss

    def look() -> None:
        while not done.wait(0.1):
            world.peak_mb = max(world.peak_mb, (process.memory_info().rss - start) / MB)

    thread = threading.Thread(target=look)
    thread.start()
    yield
    done.set()
    thread.join()


def snapshot(world: World) -> dict[str, Any]:
    """What is where around the batch: kind, permissions, owner and content of every path."""
    found = {}
    for top in ("course", "outside", "home/.secret", "in"):  # Keras and matplotlib keep their own files in a home
        for path in (world.place(top), *world.place(top).rglob("*")):
            status = path.lstat()
            content = hashlib.sha256(path.read_bytes()).hexdigest() if stat.S_ISREG(status.st_mode) else ""
            found[str(path)] = (stat.filemode(status.st_mode), status.st_uid, status.st_mtime_ns, content)
    return found


def processes_of(world: World) -> list[str]:
    """Every process that still sees the batch's rooms, or was named by a notebook of it, some time after its end.

    One that was killed with hundreds of megabytes takes a moment to go.
    """
    deadline = time.monotonic() + 20
    while (found := list(processes_in(world.place("tmp"), world.marker))) and time.monotonic() < deadline:
        time.sleep(0.1)
    return [str(process) for process in found]


def entries(chosen: Callable[[HandIn], bool] = lambda entry: True) -> list[str]:
    return [name for name, entry in CORPUS.items() if chosen(entry)]


def test_there_are_enough_of_them() -> None:
    assert len(CORPUS) >= 30
    assert all(entry.why for entry in CORPUS.values())


@pytest.mark.parametrize("name", entries())
def test_the_row_says_what_happened(world: World, name: str) -> None:
    row, told = CORPUS[name].row, CORPUS[name].told
    pattern = f"(?:{row}) {re.escape(ON_TWIN)}{re.escape(told)}"
    assert re.fullmatch(pattern, world.rows[name]), world.rows[name]


@pytest.mark.parametrize("name", entries())
def test_points_are_what_was_worked_for(world: World, name: str) -> None:
    entry, verdict = CORPUS[name], world.verdicts[name]
    assert entry.least <= verdict.total <= entry.most, [(q.name, q.earned) for q in verdict.questions]
    assert verdict.decided or "needs the TA" in world.rows[name]


@pytest.mark.parametrize("name", entries(lambda entry: bool(entry.says)))
def test_the_attack_took_place_and_came_to_nothing(world: World, name: str) -> None:
    printed = world.printed(name)
    assert re.search(CORPUS[name].says, printed), printed


def test_nothing_leaks(world: World) -> None:
    own = world.evidence(INNOCENT)
    files = [p for folder in ("evidence", "feedback") for p in world.place("out").joinpath(folder).rglob("*")]
    leaks = [str(path) for path in files if path.is_file() and CANARY.search(path.read_bytes())]
    assert len(files) > len(CORPUS)
    assert leaks == [str(path / "executed.ipynb") for path in own]


def test_the_canaries_are_where_they_were_put(world: World) -> None:
    found = [CANARY.search(path.read_bytes()) for path in world.base.rglob("*") if path.is_file()]
    words = {match[1].decode() for match in found if match}
    assert words == set(SECRETS) - {"environment"}
    assert os.environ["FAIRMARK_TEST_TOKEN"].startswith("canary-environment")


def test_nothing_outside_changed(world: World) -> None:
    assert world.before
    assert world.after == world.before


def test_nobody_was_called(world: World) -> None:
    assert world.rings == []


def test_the_ears_hear(world: World) -> None:
    with ears(World(Path(tempfile.mkdtemp(dir=world.base)), "")) as port, socket.socket() as line:
        line.connect(("127.0.0.1", port))
        assert line.recv(1) == b""


def test_no_process_is_left(world: World) -> None:
    assert world.processes == []


def test_no_room_is_left(world: World) -> None:
    assert world.left == []


def test_evidence_stays_small(world: World) -> None:
    files = [path for path in world.place("out").rglob("*") if path.is_file()]
    assert [(path, path.stat().st_size) for path in files if path.stat().st_size > 20 * MB] == []
    assert [path for path in files if path.is_symlink() or path.stat().st_nlink > 1] == []


def test_the_grader_stays_small(world: World) -> None:
    assert world.peak_mb < 500


def test_the_gradebook_is_a_table_of_plain_text(world: World) -> None:
    with (world.place("out") / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == len(CORPUS) + 2
    assert {len(row) for row in rows} == {len(rows[0])}
    cells = [cell for row in rows for cell in row]
    assert [
        cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t") and not re.fullmatch(r"-?[\d.]+", cell)
    ] == []
    assert [
        cell for cell in cells if any(ord(character) < 32 or character in "\x7f\x9b\u202e" for character in cell)
    ] == []


def test_pages_run_nothing(world: World) -> None:
    pages = [path.read_text(encoding="utf8") for path in (world.place("out") / "feedback").glob("*.html")]
    assert len(pages) == len(CORPUS)
    assert any("&lt;script&gt;" in page for page in pages)
    assert [page for page in pages if "<script" in page or "<img" in page or "\x1b" in page] == []


def test_the_next_kernel_is_sound(world: World) -> None:
    """The last ones to be graded came after all that: the same answers get the same marks to the end."""
    names = [name for name in CORPUS if name.startswith("name-")]
    assert {world.verdicts[name].total for name in names} == {10}
