"""What the TA named, as one submission a student; each submission, as a notebook and its files."""

import codecs
import hashlib
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from fairmark.grade.archive import (
    CLASS_INDEX,
    MAX_UNPACKED,
    MB,
    Member,
    check_members,
    file_member,
    folder_members,
    hand_in_of,
    is_junk,
    notebook_of,
    opened_zip,
    printable,
    quoted,
    zip_members,
)
from fairmark.grade.submission import BadSubmission, HandIn, Submission

__all__ = ["SourceError", "file_stem", "find_submissions", "open_hand_in"]

MAX_NAME = 120
MAX_STEM_BYTES = 100

_HAND_IN_SUFFIXES = {
    *(".ipynb", ".zip", ".txt", ".pdf", ".py", ".html", ".htm", ".doc", ".docx", ".odt", ".rtf", ".json"),
    *(".r", ".rmd", ".qmd", ".rar", ".7z", ".tar", ".gz", ".tgz"),
}
# Canvas: name, perhaps LATE, student id, file id, file name. Fewer digits would be 'cs_101_2024_alice'.
_CANVAS = re.compile(r"(?P<name>.+?)(?:_LATE)?_(?P<id>[0-9]{3,20})_[0-9]{5,20}_(?=.)", re.DOTALL)
_TAKEN_BY_GRADEBOOK = "points-possible"
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)", re.IGNORECASE)
_HASH_ENDING = re.compile(r"-[0-9a-f]{16}")
_MARKED = (".ipynb", ".zip")


class SourceError(ValueError):
    """What the TA named holds no submission; the message is one sentence for the terminal."""


@dataclass(frozen=True)
class _Found:
    """A submission before its student's name is settled."""

    path: Path
    container: Path | None
    name: str
    base: str
    canvas_id: str | None = None


def find_submissions(sources: Sequence[Path]) -> list[Submission]:
    """One submission a student, in the order of their names, from folders, zips and single files."""
    if not sources:
        raise SourceError("No submissions were named: give a folder, a zip or notebook files.")
    roots = list(dict.fromkeys(Path(os.path.abspath(source)) for source in sources))
    home = None if len(roots) == 1 else _common_folder(roots)
    found: dict[tuple[Path | None, Path], _Found] = {}
    for root in roots:
        rows = _found_in(root, _name_below(root, home) + "/" if home else "")
        if not rows:
            raise SourceError(
                f"No submission found in {quoted(root)}: expected notebooks, zips or one folder per student."
            )
        # A file may be named twice: by itself and by its folder.
        for row in rows:
            found.setdefault((row.container, row.path), row)
    ordered = sorted(found.values(), key=lambda row: (row.name.casefold(), row.name))
    named = zip(_unique_names(ordered), ordered, strict=True)
    return [Submission(student, row.name, row.path, row.container) for student, row in named]


def _common_folder(roots: list[Path]) -> Path:
    try:
        return Path(os.path.commonpath([root.parent for root in roots]))
    except ValueError:  # different drives on Windows
        return Path()


def _name_below(path: Path, home: Path) -> str:
    return (path.relative_to(home) if path.is_relative_to(home) else path).as_posix()


def _found_in(root: Path, prefix: str) -> list[_Found]:
    """The submissions of one source; ``prefix`` tells it from others in the names that the TA sees."""
    try:
        if root.is_dir():
            with os.scandir(root) as entries:
                children = {entry.name: entry.is_dir(follow_symlinks=False) for entry in entries}
            return [_found(root / n, None, prefix + n, children[n]) for n in _hand_ins(children)]
        if not root.is_file() and not root.is_symlink():
            raise SourceError(f"No such file or folder: {quoted(root)}, check where the submissions are.")
    except OSError as error:
        raise SourceError(f"{quoted(root)} cannot be read ({error.strerror}): check its permissions.") from error
    if not _hand_ins({root.name: False}):
        return []
    members = _class_members(root) if root.suffix.lower() == ".zip" else None
    if members is None:
        return [_found(root, None, prefix.rstrip("/") or root.name, False)]
    top, children = _class_folder(members)
    return [_found(Path(top / n), root, prefix + str(top / n), children[n]) for n in _hand_ins(children)]


def _found(path: Path, container: Path | None, name: str, is_folder: bool) -> _Found:
    canvas = None if is_folder else _CANVAS.match(path.name)
    base = canvas["name"] if canvas else path.name if is_folder else _stem(path.name)
    return _Found(path, container, printable(name), _student_name(base), canvas["id"] if canvas else None)


def _hand_ins(children: dict[str, bool]) -> list[str]:
    """Which names (mapped to: is it a folder?) are submissions, and not grade lists or what systems leave."""
    chosen = []
    for name, is_folder in children.items():
        known = _suffix(name) in _HAND_IN_SUFFIXES or not _suffix(name) or _CANVAS.match(name) is not None
        if not is_junk(PurePosixPath(name)) and (is_folder or known):
            chosen.append(name)
    # A student who sent a notebook through Canvas needs no second row for the picture sent with it.
    files = [name for name in chosen if not children[name]]
    canvas = {name: match.group("name", "id") for name in files if (match := _CANVAS.match(name))}
    marked = {student for name, student in canvas.items() if _suffix(name) in _MARKED}
    return [name for name in chosen if canvas.get(name) not in marked or _suffix(name) in _MARKED]


def _class_members(file: Path) -> list[Member] | None:
    """What a zip of a class holds; None if the zip is one hand-in (or nothing that can be read)."""
    where = quoted(file.name)
    try:
        if file.is_symlink():
            return None
        with opened_zip(file, where, CLASS_INDEX) as archive:
            members = zip_members(archive, where)
    except BadSubmission:
        return None  # open_hand_in says why, in that row
    if any(member.path.name == "__zip_filename__" for member in members):
        return None
    members = [member for member in members if not is_junk(member.path)]
    notebooks = [member for member in members if member.suffix == ".ipynb" and not member.is_folder]
    return None if len(notebooks) == 1 and not _others(members, notebooks[0]) else members


def _others(members: Iterable[Member], notebook: Member) -> bool:
    """Does anything beside a zip's only notebook look like another student's submission?"""
    top = notebook.path.parts[0]
    for member in members:
        if member.is_folder:
            continue
        path = member.path
        if member.suffix == ".zip" or (len(path.parts) == 1 and _CANVAS.match(path.name)):
            return True
        in_other_folder = len(notebook.path.parts) > 1 and len(path.parts) > 1 and path.parts[0] != top
        if in_other_folder and _suffix(path.name) in _HAND_IN_SUFFIXES:
            return True
    return False


def _class_folder(members: Iterable[Member]) -> tuple[PurePosixPath, dict[str, bool]]:
    """Where in a class zip the submissions lie (its top, or the folder all are in), and what is there."""
    top = PurePosixPath()
    members = list(members)
    while True:
        depth = len(top.parts)
        children: dict[str, bool] = {}
        for path, is_folder in ((m.path, m.is_folder) for m in members):
            if len(path.parts) > depth:
                name = path.parts[depth]
                children[name] = is_folder or len(path.parts) > depth + 1 or children.get(name, False)
        if len(children) != 1 or not all(children.values()) or depth > 3:
            return top, children
        top /= next(iter(children))


def _suffix(name: str) -> str:
    """The file type that a name ends with, in lower case; '' for none ('J. Doe', 'hw 1.2')."""
    match = re.search(r"\.(?=[a-z0-9]*[a-z])[a-z0-9]{1,10}$", name.lower())
    return match[0] if match else ""


def _stem(name: str) -> str:
    while _suffix(name) in _HAND_IN_SUFFIXES:
        name = name[: -len(_suffix(name))]
    return name


def _student_name(base: str) -> str:
    return printable(base).strip()[:MAX_NAME].strip() or "student"


def _same(name: str) -> str:
    """What macOS and Windows see of a name when they compare two."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())


def _with_ending(name: str, ending: str) -> str:
    return name[: MAX_NAME - len(ending)].rstrip() + ending


def _unique_names(found: Sequence[_Found]) -> list[str]:
    """A name for each, none equal to another in any case of letters; the first of equals keeps its own."""
    counts = Counter(_same(row.base) for row in found)
    bases = [
        _with_ending(row.base, f"-{row.canvas_id}") if row.canvas_id and counts[_same(row.base)] > 1 else row.base
        for row in found
    ]
    natural = {_same(base) for base in bases}
    taken = {_TAKEN_BY_GRADEBOOK}
    numbers: Counter[str] = Counter()
    names = []
    for base in bases:
        name = base
        while _same(name) in taken or (name != base and _same(name) in natural):
            numbers[_same(base)] += 1
            name = _with_ending(base, f"-{numbers[_same(base)] + 1}")
        taken.add(_same(name))
        names.append(name)
    return names


def file_stem(student: str) -> str:
    """A file name (without its ending) for a student: safe on every system, and no other student's."""
    normal = unicodedata.normalize("NFC", student)
    stem = "".join(c if c.isalpha() or (c.isascii() and (c.isdigit() or c in "._-")) else "_" for c in normal)
    if stem[:1] == "." or _RESERVED.fullmatch(stem.partition(".")[0]):
        stem = "_" + stem.lstrip(".")
    if stem[-1:] == ".":
        stem = stem[:-1] + "_"
    # A name that only looks as if it had been changed is hashed too: it may be chosen to be another's.
    looks_changed = _HASH_ENDING.fullmatch(stem[-17:]) is not None
    if stem and stem == student and not looks_changed and len(stem.encode()) <= MAX_STEM_BYTES:
        return stem
    ending = "-" + hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return stem.encode()[: MAX_STEM_BYTES - len(ending)].decode("utf-8", "ignore") + ending


def open_hand_in(submission: Submission) -> HandIn:
    """The notebook, unexamined, and its files, read under limits; BadSubmission says in one sentence what is wrong."""
    path, where = submission.path, quoted(submission.path.name)
    try:
        if submission.container is None:
            if not path.is_symlink() and path.is_dir():
                hand_in = _from_folder(folder_members(path, where), where)
            else:
                hand_in = _from_file(file_member(path), where)
        else:
            hand_in = _from_class(submission.container, PurePosixPath(path.as_posix()), where)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise BadSubmission(f"{where} cannot be read ({reason}): see to the file, grade again.") from error
    return HandIn(hand_in.notebook.removeprefix(codecs.BOM_UTF8), hand_in.files, hand_in.note, where)


def _from_class(container: Path, path: PurePosixPath, where: str) -> HandIn:
    with opened_zip(container, quoted(container.name), CLASS_INDEX) as archive:
        members = zip_members(archive, quoted(container.name))
        inside = [m for m in members if m.path.is_relative_to(path)]
        check_members(inside, where)
        if len(inside) == 1 and inside[0].path == path and not inside[0].is_folder:
            return _from_file(inside[0], where)
        if any(m.path == path and not m.is_folder for m in inside):
            raise BadSubmission(f"{where} is in {quoted(container.name)} twice: hand in one of them.")
        below = [replace(m, path=m.path.relative_to(path)) for m in inside if m.path != path]
        return _from_folder(below, where)


def _from_file(member: Member, where: str) -> HandIn:
    if member.is_link or member.suffix == ".ipynb":
        return HandIn(notebook_of(member, where))
    if member.suffix != ".zip":
        raise BadSubmission(f"{where} is not a notebook: hand in the .ipynb file.")
    source = member.file or member.read(MAX_UNPACKED)
    if source is None:
        raise BadSubmission(f"{where} is larger than {MAX_UNPACKED // MB} MB: hand in a smaller zip.")
    with opened_zip(source, where) as archive:
        members = zip_members(archive, where)
        check_members(members, where)
        for inner in members:
            if inner.suffix == ".zip" and not inner.is_folder and not is_junk(inner.path):
                raise BadSubmission(f"{where} holds another zip ({quoted(inner.path)}): hand in one zip only.")
        return hand_in_of(members, where, "zip")


def _from_folder(members: list[Member], where: str) -> HandIn:
    """A student's folder: a notebook and its files or, as some systems deliver them, one zip of these."""
    files = [m for m in members if not m.is_folder and not m.is_link and not is_junk(m.path)]
    zips = [m for m in files if m.suffix == ".zip"]
    if len(zips) == 1 and all(m.suffix != ".ipynb" for m in files):
        return _from_file(zips[0], quoted(zips[0].path))
    return hand_in_of(members, where, "folder")
