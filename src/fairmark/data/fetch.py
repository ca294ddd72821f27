"""Where the real files of a data set are: in Keras's folder, in fairmark's own, or to be fetched."""

import hashlib
import os
import shutil
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

PATIENCE = 4.0
"""Seconds without a single new byte after which a fetch is given up."""

LIMIT = 180.0
"""Seconds after which a fetch is given up however it is going."""


class DataUnavailable(Exception):
    """The data that is asked for can't be had; the message is one sentence that says why."""


@dataclass(frozen=True)
class RealFile:
    """One file as Keras publishes it: its name in ``$KERAS_HOME/datasets``, origin and hash."""

    name: str
    url: str
    sha256: str


@dataclass
class _Fetch:
    """A fetch under way in another thread: how far it is and how it ended."""

    received: int = 0
    error: Exception | None = None
    done: threading.Event = field(default_factory=threading.Event)


def keras_home() -> Path:
    """Keras's folder, resolved as Keras does when it is imported."""
    if "KERAS_HOME" in os.environ:
        return Path(os.environ["KERAS_HOME"]).expanduser()
    home = Path.home()
    return (home if os.access(home, os.W_OK) else Path("/tmp")) / ".keras"


def cache_folder() -> Path:
    """fairmark's own folder for data; it need not exist."""
    return Path(platformdirs.user_cache_dir("fairmark", appauthor=False)) / "datasets"


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def obtain(files: tuple[RealFile, ...]) -> dict[str, Path]:
    """Path of each real file by its name, each with the right hash.

    Files at hand are used where they lie; others are fetched into ``$KERAS_HOME/datasets``, or into
    fairmark's own folder if nothing can be written there. A file with a wrong hash is left as it is.

    Raises:
        DataUnavailable: a file has a wrong hash, can't be read, or can't be fetched (known within
            `PATIENCE` seconds of the last byte that arrived).
    """
    # All are looked up before any is fetched: a wrong one should not cost a download first.
    found = {file: at_hand(file) for file in files}
    return {file.name: path or _fetched(file) for file, path in found.items()}


def at_hand(file: RealFile) -> Path | None:
    """Where the file lies already, None if nowhere. Nothing is fetched.

    Raises:
        DataUnavailable: what lies there has a wrong hash or can't be read.
    """
    for path in (keras_home() / "datasets" / file.name, cache_folder() / file.name):
        try:
            if not path.exists():
                continue
            if sha256_of(path) == file.sha256:
                return path
        except OSError as error:
            raise DataUnavailable(f"{path} can't be read ({error.strerror})") from error
        raise DataUnavailable(f"{path} is not the file that Keras publishes (its sha256 differs)")
    return None


def _fetched(file: RealFile) -> Path:
    """Fetch the file and put it where it will be found next time."""
    # What is abandoned half-way can only touch this folder: nothing incomplete ever has the file's own name.
    staging = Path(tempfile.mkdtemp(prefix="fairmark-fetch-"))
    try:
        part = staging / file.name
        _download(file, part)
        if sha256_of(part) != file.sha256:
            raise DataUnavailable(f"what {file.url} sent is not what Keras publishes (its sha256 differs)")
        return _put(part, file.name)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _put(part: Path, name: str) -> Path:
    """Move a complete file to Keras's folder, or to fairmark's own if the former can't be written."""
    try:
        return install(part, keras_home() / "datasets" / name)
    except OSError:
        try:
            return install(part, cache_folder() / name)
        except OSError as error:
            raise DataUnavailable(f"{name} was fetched but can't be kept ({error})") from error


def install(source: Path, target: Path) -> Path:
    """Copy ``source`` to ``target`` so that ``target`` is never seen half-written; OSError if it can't be."""
    target.parent.mkdir(parents=True, exist_ok=True)
    # Not a file of `tempfile`, which only its owner may read: a kernel can run as another user.
    temporary = target.with_name(f".{target.name}-{uuid.uuid4().hex}")
    try:
        shutil.copyfile(source, temporary)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
    return target


def _download(file: RealFile, part: Path) -> None:
    """Stream the file to ``part``, or raise DataUnavailable soon after the stream stalls.

    A thread does it because a name lookup that hangs obeys no socket timeout; it is a daemon so that
    it can be left behind.
    """
    fetch = _Fetch()
    threading.Thread(target=_stream, args=(file.url, part, fetch), daemon=True).start()
    started = heard = time.monotonic()
    received = 0
    while not fetch.done.wait(0.05):
        now = time.monotonic()
        if fetch.received > received:
            received, heard = fetch.received, now
        if now - heard > PATIENCE:
            raise DataUnavailable(f"{file.url} can't be fetched (nothing came for {PATIENCE:g} s)")
        if now - started > LIMIT:
            raise DataUnavailable(f"{file.url} can't be fetched (not complete after {LIMIT:g} s)")
    if fetch.error is not None:
        reason = " ".join(str(fetch.error).split())
        raise DataUnavailable(f"{file.url} can't be fetched ({reason})") from fetch.error


def _stream(url: str, part: Path, fetch: _Fetch) -> None:
    """Copy what ``url`` sends to ``part``, counting the bytes (runs in a thread of its own)."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as response, part.open("wb") as stream:
            while chunk := response.read1(1 << 16):
                stream.write(chunk)
                fetch.received += len(chunk)
    except urllib.error.HTTPError as error:
        error.close()  # it holds the connection
        fetch.error = error
    except Exception as error:  # whatever it is, it is the waiting thread that reports it
        fetch.error = error
    finally:
        fetch.done.set()
