"""Untrusted zips and folders: what a hand-in holds, read in memory under limits, never unpacked to disk."""

import io
import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from fairmark.grade.submission import BadSubmission, HandIn

MB = 1_000_000
MAX_NOTEBOOK = 100 * MB
MAX_FILES_BESIDE = 100 * MB
MAX_UNPACKED = 500 * MB
MAX_MEMBERS = 2_000
MAX_RATIO = 200
RATIO_COUNTS_FROM = 10 * MB
STUDENT_INDEX = 4 * MB
CLASS_INDEX = 16 * MB
"""Most bytes of a zip's table of contents: ``zipfile`` turns each into some ten in memory."""

_CHUNK = 1 << 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_JUNK = {"__macosx", "__pycache__", "thumbs.db", "desktop.ini"}
_GRADER_MODULES = re.compile(r"otter(\.[^/]*)?|fairmark.*", re.IGNORECASE)
# Python or Jupyter would run these by themselves, before the first cell.
_RUN_UNASKED = {"sitecustomize", "usercustomize", "ipython_config", "ipython_kernel_config", "jupyter_config"}
_BREAKS = {"Cc", "Zl", "Zp"}
# Direction overrides would let one name pose as another in a gradebook.
_OVERRIDES = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


def printable(text: str) -> str:
    """``text`` without what breaks a line, a CSV file or UTF-8: such characters become spaces (or U+FFFD)."""
    kept = unicodedata.normalize("NFC", text).encode("utf-8", "replace").decode("utf-8")
    return "".join(" " if unicodedata.category(c) in _BREAKS or c in _OVERRIDES else c for c in kept)


def quoted(path: str | PurePosixPath | Path) -> str:
    """A student's file name for a sentence: on one line, in quotes, shortened in the middle."""
    text = printable(str(path))
    return f"'{text if len(text) <= 80 else text[:50] + '…' + text[-29:]}'"


@dataclass(frozen=True, eq=False)
class Member:
    """One file (or named folder) of a zip or folder; ``path`` is relative to it."""

    path: PurePosixPath
    size: int
    """As stated: a zip's index may lie, so reading has its own limit."""
    open: Callable[[], IO[bytes]]
    info: zipfile.ZipInfo | None = None
    file: Path | None = None
    """Where it lies on disk, if it does."""
    is_folder: bool = False
    is_link: bool = False
    """Is it a link, pipe or device? Such are never opened."""

    @property
    def suffix(self) -> str:
        """The ending of the name, in lower case."""
        return self.path.suffix.lower()

    def read(self, most: int) -> bytes | None:
        """The content, or None if it is more than ``most`` bytes; never holds more than that."""
        if self.size > most:
            return None
        content = bytearray()
        try:
            with self.open() as stream:
                while chunk := stream.read(_CHUNK):
                    content += chunk
                    if len(content) > most:
                        return None
        except _DAMAGED as error:
            raise BadSubmission(
                f"{quoted(self.path)} cannot be read ({_reason(error)}): hand in an undamaged copy."
            ) from error
        return bytes(content)


def is_junk(path: PurePosixPath) -> bool:
    """Is this something that a system, editor or interpreter left behind (or a hidden file)?"""
    return any(part.startswith(".") or part.lower() in _JUNK for part in path.parts)


@contextmanager
def opened_zip(source: Path | bytes, where: str, most_index: int = STUDENT_INDEX) -> Iterator[zipfile.ZipFile]:
    """The zip, its table of contents read; BadSubmission if that is damaged or above ``most_index`` bytes."""
    with _bounded(source, where, most_index) as stream:
        try:
            archive = zipfile.ZipFile(stream)
        except _DAMAGED as error:
            raise BadSubmission(
                f"{where} cannot be read as a zip ({_reason(error)}): make the zip again and hand that in."
            ) from error
        with archive:
            yield archive


def zip_members(archive: zipfile.ZipFile, where: str) -> list[Member]:
    """What the zip lists; BadSubmission if one path leads out of it."""
    return [member for info in archive.infolist() if (member := _zip_member(archive, info, where))]


def check_members(members: Iterable[Member], where: str) -> None:
    """Refuse what may not be read: links, encryption, and sizes that fill a memory or a disk."""
    count = total = 0
    for member in members:
        count, total = count + 1, total + member.size
        if member.info is not None:
            _check_zip_member(member, member.info, where)
    if count > MAX_MEMBERS:
        raise BadSubmission(f"{where} holds more than {MAX_MEMBERS:,} files: hand in what the notebook needs.")
    if total > MAX_UNPACKED:
        raise BadSubmission(
            f"{where} unpacks to more than {MAX_UNPACKED // MB} MB: hand in the notebook without large files."
        )


def folder_members(root: Path, where: str) -> list[Member]:
    """The files below ``root``; links are listed as such and never followed, junk folders not entered."""
    members: list[Member] = []
    waiting, seen = [root], 0
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                path = PurePosixPath(Path(entry.path).relative_to(root).as_posix())
                if is_junk(path):
                    continue
                seen += 1
                if seen > MAX_MEMBERS:
                    raise BadSubmission(
                        f"{where} holds more than {MAX_MEMBERS:,} files: hand in what the notebook needs."
                    )
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                elif entry.is_symlink() or entry.is_file():
                    members.append(file_member(Path(entry.path), path))
    return sorted(members, key=lambda member: member.path)


def file_member(file: Path, path: PurePosixPath | None = None) -> Member:
    """A file on disk as a member; opening it fails if it is a link by then."""

    def opener() -> IO[bytes]:
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        return os.fdopen(os.open(file, flags), "rb")

    status = file.lstat()
    is_link = not stat.S_ISREG(status.st_mode)
    return Member(path or PurePosixPath(file.name), status.st_size, opener, file=file, is_link=is_link)


def notebook_of(member: Member, where: str) -> bytes:
    """The bytes of a notebook file, unexamined."""
    if member.is_link:
        raise BadSubmission(f"{where} is a link or device and not a file: hand in the notebook itself.")
    data = member.read(MAX_NOTEBOOK)
    if data is None:
        raise BadSubmission(f"{where} is larger than {MAX_NOTEBOOK // MB} MB: clear its outputs and hand it in again.")
    return data


def only_notebook(members: Iterable[Member], where: str) -> Member:
    """The one notebook among the files; BadSubmission if there is none or more than one."""
    named = [m for m in members if m.suffix == ".ipynb" and not m.is_folder and not is_junk(m.path)]
    found = [m for m in named if not m.is_link]
    if len(found) == 1:
        return found[0]
    if found:
        names = " and ".join(quoted(m.path) for m in found[:2]) + (", …" if len(found) > 2 else "")
        count = "two" if len(found) == 2 else f"{len(found):,}"
        raise BadSubmission(f"{where} holds {count} notebooks ({names}): hand in only the one to be marked.")
    if named:
        return named[0]
    raise BadSubmission(f"{where} holds no notebook: hand in the .ipynb file.")


def hand_in_of(members: list[Member], where: str, kind: str) -> HandIn:
    """The notebook and the files beside it; ``kind`` ('zip' or 'folder') is what holds them."""
    members = [member for member in members if not member.is_folder]
    notebook = only_notebook(members, where)
    data = notebook_of(notebook, quoted(notebook.path))
    home = notebook.path.parent
    beside = {
        member: member.path.relative_to(home)
        for member in members
        if member is not notebook and not member.is_link and member.path.is_relative_to(home)
    }
    wanted = {member: path for member, path in beside.items() if not _is_unwanted(path)}
    usable = {member: path for member, path in wanted.items() if _is_usable(path)}
    files = _read_files(usable, where)
    notes = [f"the notebook was inside the folder {quoted(f'{home}/')} of the {kind}"] if home.parts else []
    if left_out := len(wanted) - len(usable):
        notes.append(f"{left_out} file(s) with names that no disk takes were left out")
    return HandIn(data, files, "; ".join(notes) or None)


def _read_files(paths: dict[Member, PurePosixPath], where: str) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    left = MAX_FILES_BESIDE
    for member, path in paths.items():
        content = member.read(left)
        if content is None:
            raise BadSubmission(
                f"The files beside the notebook in {where} add up to more than {MAX_FILES_BESIDE // MB} MB: "
                "hand in only those it needs."
            )
        if str(path) in files:
            raise BadSubmission(f"{where} holds {quoted(member.path)} twice: hand it in once.")
        files[str(path)] = content
        left -= len(content)
    for name in files:
        if any(str(parent) in files for parent in PurePosixPath(name).parents):
            raise BadSubmission(f"{where} holds {quoted(name)} below a file: make it again from a real folder.")
    return files


def _is_unwanted(path: PurePosixPath) -> bool:
    """Is this no file for the notebook to use, or one that would stand in for the grader's own modules?"""
    first = path.parts[0]
    name = path.name.lower()
    if is_junk(path) or name.endswith((".otter", ".pdf")) or name in ("__zip_filename__", "otter.py"):
        return True
    return _GRADER_MODULES.fullmatch(first) is not None or first.lower().split(".")[0] in _RUN_UNASKED


def _is_usable(path: PurePosixPath) -> bool:
    """Can a file of this name be written on the systems we run on?"""
    try:
        return all(len(part.encode("utf-8")) <= 255 for part in path.parts) and len(str(path)) <= 1_000
    except UnicodeEncodeError:
        return False


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str) -> Member | None:
    # Some Windows tools write backslashes; on Windows they would traverse, so they are separators here.
    name = info.filename.replace("\\", "/")
    parts = [part for part in name.split("/") if part not in ("", ".")]
    # Windows also drops dots and spaces at a name's end, so that '.. ' is '..' there.
    climbs = any(not part.strip(". ") for part in parts)
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or climbs:
        raise BadSubmission(
            f"{where} holds the path {quoted(info.filename)}, which leads out of the zip, and was refused "
            "as a whole: make the zip again from the notebook's folder."
        )
    if not parts:
        return None
    kind = stat.S_IFMT(info.external_attr >> 16)
    return Member(
        PurePosixPath(*parts),
        info.file_size,
        lambda: archive.open(info),
        info=info,
        is_folder=name.endswith("/"),
        is_link=kind not in (0, stat.S_IFREG, stat.S_IFDIR),
    )


def _check_zip_member(member: Member, info: zipfile.ZipInfo, where: str) -> None:
    name = quoted(member.path)
    if member.is_link:
        raise BadSubmission(f"{where} holds the link {name} and was refused: make the zip of plain files.")
    if info.flag_bits & 0x1:
        raise BadSubmission(f"{where} is encrypted ({name}): hand in a zip without a password.")
    if info.compress_type not in _METHODS and not member.is_folder:
        # bzip2 and LZMA unpack a whole chunk at once, whatever limit the reader asks for.
        raise BadSubmission(f"{where} packs {name} in an unusual way: make an ordinary zip (deflate).")
    if member.size > RATIO_COUNTS_FROM and member.size > MAX_RATIO * info.compress_size:
        raise BadSubmission(
            f"{where} was refused because {name} unpacks to more than {MAX_RATIO} times its size "
            f"({member.size:,} bytes): leave that file out."
        )


class _BoundedReader(io.BufferedReader):
    """A stream that refuses to read much at once; ``zipfile`` would take a whole index of any size."""

    most = STUDENT_INDEX

    def read(self, size: int | None = -1, /) -> bytes:
        """At most ``most`` bytes; more is an error."""
        if size is None or not 0 <= size <= self.most:
            data = super().read(self.most + 1)
            if len(data) > self.most:
                raise zipfile.BadZipFile("its table of contents is too large")
            return data
        return super().read(size)


@contextmanager
def _bounded(source: Path | bytes, where: str, most: int) -> Iterator[io.BufferedReader]:
    raw: io.RawIOBase
    if isinstance(source, bytes):
        raw = io.BytesIO(source)  # type: ignore[assignment]  # all that BufferedReader needs of a raw stream
    else:
        try:
            raw = io.FileIO(source)
        except OSError as error:
            raise BadSubmission(
                f"{where} cannot be opened ({_reason(error)}): see to its permissions and grade again."
            ) from error
    with _BoundedReader(raw) as stream:
        stream.most = most
        yield stream


def _reason(error: BaseException) -> str:
    text = (error.strerror if isinstance(error, OSError) else str(error)) or type(error).__name__
    return printable(text[:1].lower() + text[1:]).rstrip(".")[:120]
