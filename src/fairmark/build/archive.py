"""``autograder.zip``: otter's own, with fairmark's wheel, this course's thresholds and nothing random."""

import io
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import libcst as cst

import fairmark
from fairmark.course import CourseError

_DATE = (2020, 1, 1, 0, 0, 0)
_EXECUTABLE = {"run_autograder", "setup.sh"}


def autograder_zip(
    otters: bytes, tests: Mapping[str, bytes], single: Mapping[str, Mapping[str, Mapping[str, object]]]
) -> bytes:
    """Return otter's zip made reproducible, with fairmark and our ``tests`` (by file name) inside.

    ``single`` holds the bars for places that run once, by threshold name and data fingerprint: they
    are written into the hidden tests that ask for them, for nothing of graders/ is at hand there.
    """
    name, wheel = _wheel()
    with zipfile.ZipFile(io.BytesIO(otters)) as archive:
        entries = {entry: archive.read(entry) for entry in archive.namelist()}
    for file, source in tests.items():
        entries[f"tests/{file}"] = _with_thresholds(file, source.decode("utf8"), single).encode()
    install = (
        f"\n# fairmark's checks, for the hidden tests\nmamba run -n otter-env pip install /autograder/source/{name}\n"
    )
    entries["setup.sh"] += install.encode()
    entries[name] = wheel
    return write_zip(entries)


def write_zip(entries: Mapping[str, bytes]) -> bytes:
    """Return a zip of ``entries`` that depends on nothing else: order, dates and modes are fixed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in sorted(entries):
            info = zipfile.ZipInfo(entry, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = (0o100755 if entry in _EXECUTABLE else 0o100644) << 16
            archive.writestr(info, entries[entry])
    return buffer.getvalue()


class _ThresholdWriter(cst.CSTTransformer):
    """Adds ``single={…}`` to every call ``threshold("name")`` or ``checks.threshold("name")``."""

    def __init__(self, file: str, single: Mapping[str, object]) -> None:
        super().__init__()
        self._file = file
        self._single = single

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:  # noqa: N802 (libcst's name)
        """Complete one call."""
        called = updated_node.func.attr if isinstance(updated_node.func, cst.Attribute) else updated_node.func
        if not isinstance(called, cst.Name) or called.value != "threshold":
            return updated_node
        match updated_node.args:
            case [cst.Arg(value=cst.SimpleString() as name, keyword=None)]:
                table = repr(self._single.get(str(name.evaluated_value), {}))
            case _:
                text = cst.Module([]).code_for_node(original_node)
                raise CourseError(f'{self._file}: {text}: write the name alone, as in `threshold("loss")`')
        single = cst.Arg(cst.parse_expression(table), keyword=cst.Name("single"))
        return updated_node.with_changes(args=[*updated_node.args, single])


def _with_thresholds(file: str, source: str, single: Mapping[str, object]) -> str:
    return cst.parse_module(source).visit(_ThresholdWriter(file, single)).code


def _wheel() -> tuple[str, bytes]:
    """Build fairmark's wheel from the checkout it runs from (hatchling's wheels are reproducible)."""
    from hatchling.builders.wheel import WheelBuilder

    root = Path(fairmark.__file__).parents[2]
    if not (root / "pyproject.toml").is_file():
        raise CourseError(
            f"autograder.zip needs fairmark's source: {root} is no checkout; install it with `pip install -e`"
        )
    with tempfile.TemporaryDirectory(prefix="fm-") as folder:
        path = Path(next(iter(WheelBuilder(str(root)).build(directory=folder, versions=["standard"]))))
        return path.name, path.read_bytes()
