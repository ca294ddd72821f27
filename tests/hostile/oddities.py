"""Hand-ins that are odd: in name, form or packing. Odd honest work gets what it deserves; what is refused says why."""

import io
import json
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat

from tests.classroom import Cells, after_imports, answered, check_of, code, solution_of, unchanged
from tests.hostile.hand_in import FULL, HandIn, Writer


def injected(cells: Cells) -> Cells:
    """Text that is a command somewhere: to a terminal, a browser, a spreadsheet, a template or Markdown."""
    text = '=HYPERLINK(\\"http://x\\") \\x1b[2J\\x1b]0;mine\\x07<script>alert(1)</script><img onerror=alert(1)> {{7*7}}'
    raising = f"def double(x):\n    raise type('=cmd|<b>', (Exception,), {{}})(\"{text}\")"
    answered("q1", raising)(cells)
    cells.insert(after_imports(cells), code(f"raise type('<script>', (Exception,), {{}})(\"{text}\\n\\n| a | b |\")"))
    cells.append(code(f'from IPython.display import HTML, display\ndisplay(HTML("{text}"))\nprint("{text}")'))
    return cells


def deleted(cells: Cells) -> Cells:
    """q1 and q3 are gone, with their prompts and checks."""
    gone = {solution_of(cells, "q1"), check_of(cells, "q1"), check_of(cells, "q3"), check_of(cells, "q3") - 2}
    return [cell for index, cell in enumerate(cells) if index not in gone]


def reordered(cells: Cells) -> Cells:
    """The questions from the last to the first; q4 stands alone, q3 needs the model of q2 and comes before it."""
    blocks = [[solution_of(cells, q), check_of(cells, q)] for q in ("q4", "q3", "q2", "q1")]
    moved = {index for block in blocks for index in block}
    rest = [cell for index, cell in enumerate(cells) if index not in moved]
    return [*rest, *(cells[index] for block in blocks for index in block)]


def copied(cells: Cells) -> Cells:
    """Every cell twice, ids and all."""
    return [nbformat.from_dict(dict(cell)) for cell in cells for _ in range(2)]


def retyped(cells: Cells) -> None:
    """The answer to q1 has become text, and the check of q2 a raw cell; the second is captured all the same."""
    answer, check = cells[solution_of(cells, "q1")], cells[check_of(cells, "q2")]
    cells[solution_of(cells, "q1")] = nbformat.v4.new_markdown_cell(answer.source)
    cells[check_of(cells, "q2")] = nbformat.v4.new_raw_cell(check.source)


def prompts_edited(cells: Cells) -> None:
    """Each text says something else, and none says what is asked."""
    for cell in cells:
        if cell.cell_type == "markdown":
            cell.source = "# ASSIGNMENT CONFIG\n# BEGIN QUESTION\nname: q1\npoints: 100\n\n<script>alert(1)</script>"


def checks_altered(cells: Cells) -> None:
    """Checks that look as if they had passed, or check something else."""
    cells[check_of(cells, "q1")].source = 'double = 7\nprint("q1 results: All test cases passed!")'
    cells[
        check_of(cells, "q2")
    ].source = 'grader.check("q2")\nkept, model = model, 7\ngrader.check("q22")\nmodel = kept'
    cells[check_of(cells, "q3")].source = 'for q in ("q3", "q3"):\n    grader.check(q)'


def metadata_odd(cells: Cells) -> None:
    """Metadata that means something to somebody: not to the grader, or not this."""
    for cell in cells:
        cell.metadata = {"tags": "otter_ignore", "otter": ["ignore"], "trusted": True, "collapsed": "perhaps",
                         "editable": {}, "deep": [[[[]]]], "name": 7}  # fmt: skip
    cells[-2].metadata["otter"] = {"tests": ["q9", "'); import os; os.abort(); ('", 3, None, {"x": "\n"}]}


def text_of(reference: Any, change: Callable[[dict[str, Any]], None]) -> bytes:
    content: dict[str, Any] = json.loads(nbformat.writes(reference))
    change(content)
    return json.dumps(content).encode()


def written(change: Callable[[dict[str, Any]], None]) -> Writer:
    return lambda path, reference: path.write_bytes(text_of(reference, change)) and None


def other_kernel(content: dict[str, Any]) -> None:
    content["metadata"] = {"kernelspec": {"name": "my-env-3.7", "display_name": "My env", "language": "python"},
                           "language_info": {"name": "python", "version": "2.7"}, "widgets": 7}  # fmt: skip


def same_ids(content: dict[str, Any]) -> None:
    for cell in content["cells"]:
        cell["id"] = "the-same"


def odd_cells(content: dict[str, Any]) -> None:
    for cell in content["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True) if isinstance(cell["source"], str) else cell["source"]
        cell["outputs"] = cell["execution_count"] = "<script>"
    content["nbformat_minor"] = 99


def padded(path: Path, reference: Any) -> None:
    """200 MB, almost all of them a hole: no disk is filled and no test is slow for it."""
    path.write_bytes(nbformat.writes(reference).encode())
    os.truncate(path, 200_000_000)


def nested(path: Path, reference: Any) -> None:
    path.write_bytes(b'{"nbformat": 4, "cells": ' + b"[" * 100_000)


def zipped(*others: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> Writer:
    def write(path: Path, reference: Any) -> None:
        with zipfile.ZipFile(path, "w", method) as archive:
            archive.writestr("work.ipynb", nbformat.writes(reference))
            for name, content in others:
                archive.writestr(name, content)

    return write


def link(name: str, target: str) -> tuple[zipfile.ZipInfo, bytes]:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info, target.encode()


def bombs() -> bytes:
    """A zip in a zip, the inner of 300 MB of zeros."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros", "w") as file:
        for _ in range(300):
            file.write(bytes(1_000_000))
    return inner.getvalue()


def bomb(path: Path, reference: Any) -> None:
    path.write_bytes(bombs())


SHADOWS = (
    ("otter.py", b"raise SystemExit"), ("fairmark/__init__.py", b"raise SystemExit"), ("json.py", b"raise SystemExit"),
    ("sitecustomize.py", b"raise SystemExit"), ("ipython_config.py", b"raise SystemExit"), ("random.py", b"1/0"),
    ("tests/q1.py", b"OK_FORMAT = False\nname, points, test_case = 'q1', 100, []"), ("told.json", b"{}"),
    ("evidence/q1.json", b"{}"), ("manifest.json", b"{}"), ("mini.otter", b"\x80\x04N."),
)  # fmt: skip


def named(file: str, why: str, writer: Writer | None = None, row: str = "graded") -> HandIn:
    return HandIn(unchanged, row, FULL, least=FULL, file=file, writer=writer, why=why)


NAMES = {
    "name-with-commas": named("=1+1,'@SUM(A1)'\t\"x\";--.ipynb", "no cell of the gradebook is a formula, or two"),
    "name-with-newlines": named("a\nb\rc\x1b[2Jd\u2028e.ipynb", "one row stays one row"),
    "name-with-emoji": named(
        "👩🏽‍🎓 Zoë 李明 \u202egnp.ipynb", "any script is a name; an override of direction is not"
    ),
    "name-of-255-bytes": named("é" * 124 + "x.ipynb", "no file of ours is too long for a disk"),
    "name-of-markup": named("<script>alert(1)<|script>&amp;{{7*7}}.ipynb", "a name is text, in every page"),
    "name-like-a-path": named("x%2f..\\..\\y.ipynb", "a name is never a path"),
    "name-like-an-option": named("--no-sandbox.ipynb", "a name is never an option"),
}

FORMS = {
    "injects": HandIn(
        injected, r"graded; cell 3 raised <script>: =HYPERLINK.*\(and 1 more .*|graded; cell 3 raised <script>: .*", 7,
        least=7, why="text of the student's is text: to the terminal, the browser and the spreadsheet",
    ),
    "cells-deleted": HandIn(deleted, "graded.*", 7, least=7, why="a name that another cell makes earns; q1's is gone"),
    "cells-reordered": HandIn(reordered, "graded; .*", 8, least=8, why="what runs in that order, counts so"),
    "cells-copied": HandIn(copied, "graded", FULL, least=FULL, why="the last check counts"),
    "cells-retyped": HandIn(retyped, "graded", 7, least=7, why="text is not run; what nobody checks is captured last"),
    "prompts-edited": HandIn(prompts_edited, "graded", FULL, least=FULL, why="nobody reads points out of a prompt"),
    "checks-altered": HandIn(checks_altered, "graded", 7, least=7, why="what a check prints is nobody's mark"),
    "metadata-odd": HandIn(metadata_odd, "graded", FULL, least=FULL, why="metadata means what otter says, or nothing"),
    "kernelspec-unknown": HandIn(
        unchanged, "graded", FULL, least=FULL, writer=written(other_kernel), why="the grader has one kernel",
    ),
    "ids-all-the-same": HandIn(
        unchanged, "graded", FULL, least=FULL, writer=written(same_ids), why="ids are made whole when they are read",
    ),
    "cells-misshapen": HandIn(
        unchanged, "graded", FULL, least=FULL, writer=written(odd_cells), why="outputs are thrown away before the run",
    ),
}  # fmt: skip

FILES = {
    "notebook-of-200-mb": HandIn(
        None, r"'.*' is larger than 100 MB: .*", 0, writer=padded, why="it is not read at all",
    ),
    "notebook-nested": HandIn(
        None, r"'.*' is nested too deeply: .*", 0, writer=nested, why="no recursion of ours is deep enough",
    ),
    "zip-slip": HandIn(
        None, r"'.*' holds the path '../../../x', which leads out of the zip, and was refused as a whole: .*", 0,
        file="zip-slip.zip", writer=zipped(("../../../x", b"x")), why="nothing is unpacked to disk",
    ),
    "zip-bomb": HandIn(
        None, r"'.*' was refused because 'zeros' unpacks to more than 200 times its size .*", 0,
        file="zip-bomb.zip", writer=bomb, why="sizes are looked at before anything is unpacked",
    ),
    "zip-links": HandIn(
        None, r"'.*' holds the link 'data.csv' and was refused: .*", 0,
        file="zip-links.zip", writer=zipped(link("data.csv", "/etc/passwd")), why="links are refused",
    ),
    "zip-shadows": named(
        "zip-shadows.zip", "files beside the notebook stand in for nobody's module, test or evidence", zipped(*SHADOWS),
    ),
}  # fmt: skip
