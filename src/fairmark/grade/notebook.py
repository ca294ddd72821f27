"""A notebook's bytes, read as leniently as Jupyter reads them and as strictly as a run needs."""

import codecs
import itertools
import json
import re
from typing import Any

import nbformat

from fairmark.grade.archive import printable
from fairmark.grade.submission import BadSubmission

MAX_PARTS = 2_000_000
"""Most lists and objects in a notebook's JSON: each takes a hundred bytes of memory."""
MAX_DEPTH = 100
MAX_CELLS = 10_000

_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_OTHER_KERNELS = re.compile(
    r"(ir|julia|octave|bash|matlab|sas|stata|scala|javascript|deno|xcpp|\.net)(?![a-z])", re.IGNORECASE
)
_NOTEBOOK_KEYS = {"kernelspec", "language_info", "orig_nbformat", "title", "authors"}
_CELL_KEYS = {"jupyter", "execution", "collapsed", "scrolled", "name", "tags", "format"}
_OTHER_CONTENTS = {
    b"PK\x03\x04": "a zip",
    b"%PDF": "a PDF",
    b"<": "a web page",
    b"\x1f\x8b": "a gzip archive",
}
_TRUNCATED = "{} is truncated (its end is missing): save the notebook and upload the whole file again."
_TOO_DEEP = "{} is nested too deeply: hand in the notebook as Jupyter saves it."


def parse_notebook(data: bytes, where: str) -> nbformat.NotebookNode:
    """The notebook as valid v4: sources joined, ids made whole, no outputs (a run starts without any).

    BadSubmission says in one sentence, which calls it ``where``, why it is none.
    """
    content = _checked(data, where)
    cells = content["cells"]
    kept = {cell["id"] for cell in cells if _is_cell_id(cell.get("id"))}
    fresh = (name for name in map("cell-{}".format, itertools.count()) if name not in kept)
    seen: set[str] = set()
    clean = []
    for cell in cells:
        old = cell.get("id")
        name = old if _is_cell_id(old) and old not in seen else next(fresh)
        seen.add(name)
        clean.append(_clean_cell(cell, name))
    frame = {"nbformat": 4, "nbformat_minor": 5, "metadata": content["metadata"], "cells": []}
    if not _is_valid(frame):
        frame["metadata"] = _without(content["metadata"], _NOTEBOOK_KEYS)
    return nbformat.from_dict(frame | {"cells": clean})


def _is_cell_id(name: object) -> bool:
    return isinstance(name, str) and _CELL_ID.fullmatch(name) is not None


def _clean_cell(cell: dict[str, Any], name: str) -> dict[str, Any]:
    kind = cell["cell_type"] if cell["cell_type"] in ("code", "markdown") else "raw"
    metadata = cell["metadata"] if isinstance(cell.get("metadata"), dict) else {}
    clean = {"id": name, "cell_type": kind, "metadata": metadata, "source": _joined(cell["source"])}
    clean |= {"execution_count": None, "outputs": []} if kind == "code" else {}
    whole = clean | ({"attachments": cell["attachments"]} if kind != "code" and "attachments" in cell else {})
    if whole == clean and not metadata:
        return clean
    return whole if _is_valid(whole, f"{kind}_cell") else clean | {"metadata": _without(metadata, _CELL_KEYS)}


def _is_valid(part: dict[str, Any], kind: str | None = None) -> bool:
    # nbformat.validate would repair and warn; this only looks.
    return next(iter(nbformat.validator.iter_validate(part, kind, 4, 5)), None) is None


def _without(metadata: dict[str, Any], keys: set[str]) -> dict[str, Any]:
    """Metadata without the keys that nbformat gives a meaning, one of which has a value it does not allow."""
    return {key: value for key, value in metadata.items() if key not in keys}


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _checked(data: bytes, where: str) -> dict[str, Any]:
    """The notebook's JSON in the shape of v4, as leniently as Jupyter reads it; else BadSubmission."""
    content = _json_of(data, where)
    if not isinstance(content, dict) or type(content.get("nbformat")) is not int:
        raise BadSubmission(f"{where} is JSON but not a notebook: hand in the .ipynb file that Jupyter saves.")
    version = content["nbformat"]
    if version not in (3, 4):
        raise BadSubmission(
            f"{where} is in notebook format {str(version)[:20]} and not 4: save it in a current Jupyter."
        )
    whole: dict[str, Any] = _upgraded(content) if version == 3 else content
    metadata, cells = whole.setdefault("metadata", {}), whole.get("cells")
    if not isinstance(metadata, dict) or not isinstance(cells, list):
        raise BadSubmission(f"{where} is no whole notebook (no cells): save it in Jupyter again.")
    if len(cells) > MAX_CELLS:
        raise BadSubmission(f"{where} has more than {MAX_CELLS:,} cells: hand in only your work.")
    for number, cell in enumerate(cells, 1):
        if not _is_cell(cell):
            raise BadSubmission(
                f"{where} is no whole notebook (cell {number} lacks type or source): save it in Jupyter."
            )
    if language := _other_language(metadata):
        raise BadSubmission(
            f"{where} is a notebook for {printable(language)[:40]} and not for Python: "
            "choose a Python kernel, save it and hand it in again."
        )
    return whole


def _is_cell(cell: object) -> bool:
    return isinstance(cell, dict) and isinstance(cell.get("cell_type"), str) and _is_source(cell.get("source"))


def _is_source(source: object) -> bool:
    lines = source if isinstance(source, list) else [source]
    return all(isinstance(line, str) for line in lines)


def _upgraded(content: dict[str, Any]) -> dict[str, Any]:
    """A v3 notebook in v4's shape: nbformat's own upgrade logs to stderr and draws random ids."""
    sheets = content.get("worksheets")
    cells: list[Any] = []
    for sheet in sheets if isinstance(sheets, list) else [None]:
        inner = sheet.get("cells") if isinstance(sheet, dict) else None
        if not isinstance(inner, list):
            return {}
        cells += inner
    for cell in (cell for cell in cells if isinstance(cell, dict)):
        if cell.get("cell_type") == "code":
            cell["source"] = cell.pop("input", None)
        elif cell.get("cell_type") == "heading" and _is_source(cell.get("source")):
            level = cell.get("level")
            marks = "#" * (level if isinstance(level, int) and 1 <= level <= 6 else 1)
            title = " ".join(_joined(cell["source"]).splitlines())
            cell |= {"cell_type": "markdown", "source": f"{marks} {title}"}
        elif cell.get("cell_type") == "html":
            cell["cell_type"] = "markdown"
    return {"metadata": content.get("metadata", {}), "cells": cells}


def _other_language(metadata: dict[str, Any]) -> str | None:
    """The language that the notebook's kernel speaks, where it is not Python."""
    kernel, language, running = (
        table[key] if isinstance(table := metadata.get(name), dict) and isinstance(table.get(key), str) else ""
        for name, key in (("kernelspec", "name"), ("kernelspec", "language"), ("language_info", "name"))
    )
    # The kernel chosen last is in kernelspec; language_info may be left over from the one before.
    if not language:
        language = kernel if _OTHER_KERNELS.match(kernel) else running
    return None if not language or "python" in language.lower() else {"ir": "R"}.get(language, language)


def _json_of(data: bytes, where: str) -> Any:
    text = _text_of(data.removeprefix(codecs.BOM_UTF8), where)
    if text.count("{") + text.count("[") > MAX_PARTS:
        raise BadSubmission(f"{where} has more than {MAX_PARTS:,} parts: clear its outputs and hand it in again.")
    try:
        content = json.loads(text)
        if "\\ud" in text.lower():
            # Half a character, which JSON may hold and no UTF-8 file can: it would stop whoever writes it.
            content = json.loads(json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"))
    except json.JSONDecodeError as error:
        raise BadSubmission(_json_complaint(text, error, where)) from error
    except RecursionError as error:
        raise BadSubmission(_TOO_DEEP.format(where)) from error
    except ValueError as error:
        raise BadSubmission(f"{where} holds a number of too many digits: save it in Jupyter again.") from error
    level, depth = [part for part in [content] if isinstance(part, dict | list)], 0
    while level:
        if (depth := depth + 1) > MAX_DEPTH:
            raise BadSubmission(_TOO_DEEP.format(where))
        nested = (part.values() if isinstance(part, dict) else part for part in level)
        level = [part for parts in nested for part in parts if isinstance(part, dict | list)]
    return content


def _text_of(data: bytes, where: str) -> str:
    if not data or data.isspace():
        raise BadSubmission(f"{where} is empty: save the notebook and hand it in again.")
    for start, kind in _OTHER_CONTENTS.items():
        if data[:64].lstrip().startswith(start):
            raise BadSubmission(f"{where} is {kind} and not a notebook: hand in the .ipynb file.")
    encoding: str = json.detect_encoding(data)
    try:
        if encoding == "utf-8":
            return data.decode()
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            raise BadSubmission(_TRUNCATED.format(where)) from error
        encoding = "not utf-8"
    raise BadSubmission(
        f"{where} is in the wrong encoding ({encoding.upper()}): save it as UTF-8 and hand it in again."
    )


def _json_complaint(text: str, error: json.JSONDecodeError, where: str) -> str:
    rest = text[error.pos :].strip()
    in_escape = error.msg.startswith("Invalid") and len(rest) < 6
    in_word = any(word.startswith(rest) for word in ("true", "false", "null", "-", ".", "e+", "e-"))
    cut = in_escape or in_word or error.msg.startswith("Unterminated string")
    if text.lstrip()[:1] == "{" and cut:
        return _TRUNCATED.format(where)
    return f"{where} is not a notebook (no JSON at line {error.lineno}): hand in the file that Jupyter saves."
