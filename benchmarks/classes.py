"""What is graded: a class of notebooks no two of which leave the same evidence, and a store of many results."""

import hashlib
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import numpy as np

from fairmark.build.builder import build_topic, write_built
from fairmark.course import Course, read_course
from fairmark.examine.verdict import Verdict
from fairmark.grade.results import read_batch


def course_in(folder: Path, root: Path, topic: str) -> Course:
    """Copy a course with one of its topics into ``folder`` and build it, ``autograder.zip`` included."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(root / "course.toml", folder)
    for part in ("solutions", "graders"):
        if (root / part / topic).is_dir():
            shutil.copytree(root / part / topic, folder / part / topic)
    course = read_course(folder)
    write_built(course, topic, build_topic(course, topic))
    return course


def write_class(course: Course, topic: str, count: int) -> list[Path]:
    """Write the reference under ``count`` seeds of its own: other weights, so every one is really examined."""
    folder = course.root / "submissions"
    folder.mkdir()
    paths = []
    for number in range(count):
        notebook = nbformat.read(course.graders(topic) / "reference.ipynb", as_version=4)
        imports = next(cell for cell in notebook.cells if "import keras" in cell.source)
        imports.source += f"\nkeras.utils.set_random_seed({number})"
        paths.append(folder / f"student{number:03}.ipynb")
        nbformat.write(notebook, paths[-1])
    return paths


def copy_results(graded: Path, target: Path, count: int) -> None:
    """Make of the results in ``graded`` those of ``count`` submissions, each with models of its own.

    A copy's vectors of weights differ in their last digits, and so do their hashes: nothing that was worked out for
    one copy is of use to another.
    """
    shutil.rmtree(target, ignore_errors=True)
    (target / "verdicts").mkdir(parents=True)
    names = tuple(f"copy{number:03}" for number in range(count))
    batch = read_batch(graded).model_copy(update={"students": names})
    (target / "batch.json").write_text(batch.model_dump_json())
    originals = [Verdict.model_validate_json(path.read_bytes()) for path in sorted((graded / "verdicts").glob("*"))]
    for number, name in enumerate(names):
        original = originals[number % len(originals)]
        keys = tuple(_copied(graded / "evidence" / key, target / "evidence", number) for key in original.evidence)
        verdict = original.model_copy(update={"student": name, "submission": f"{name}.ipynb", "evidence": keys})
        (target / "verdicts" / f"{name}.json").write_text(verdict.model_dump_json())


def _copied(evidence: Path, store: Path, number: int) -> str:
    """Copy one folder of evidence, changed a little; return its new key."""
    key = hashlib.sha256(f"{evidence.name} {number}".encode()).hexdigest()[:32]
    folder = store / key
    (folder / "blobs").mkdir(parents=True)
    text = (evidence / "manifest.json").read_text()
    for old, new, content in _blobs(evidence / "blobs", number):
        (folder / "blobs" / new).write_bytes(content)
        text = text.replace(old, new)
    (folder / "manifest.json").write_text(json.dumps({**json.loads(text), "key": key}, indent=1))
    return key


def _blobs(folder: Path, number: int) -> Iterator[tuple[str, str, bytes]]:
    """Yield each blob's name, its new name and its new content."""
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        if content.startswith(b"\x93NUMPY"):
            array = np.load(io.BytesIO(content), allow_pickle=False)
            if array.dtype == np.float32 and array.ndim == 1:
                buffer = io.BytesIO()
                np.save(buffer, array * np.float32(1 + number * 2e-7), allow_pickle=False)
                content = buffer.getvalue()
        yield path.name, hashlib.sha256(content).hexdigest(), content
