"""A file is there whole, or as it was before."""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path, PurePosixPath, PureWindowsPath


def write_atomically(path: Path, text: str | Iterable[str]) -> None:
    """Write a text, whole or in parts, as UTF-8, line ends as they are; a failure leaves ``path`` untouched."""
    temporary = path.parent / f".{secrets.token_hex(8)}.tmp"
    try:
        with temporary.open("x", encoding="utf-8", newline="") as file:
            file.writelines([text] if isinstance(text, str) else text)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_page(folder: Path, stem: str, html: str | Iterable[str]) -> Path:
    """Write ``html`` at once as ``folder/<stem>.html``; ``stem`` must be a plain file name."""
    if stem in ("", "..") or not stem == PurePosixPath(stem).name == PureWindowsPath(stem).name:
        raise ValueError(f"Not a plain file name: {stem!r}")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{stem}.html"
    write_atomically(path, html)
    return path
