"""``graders/<topic>/calibration/<data fingerprint>.csv``: what every seed gave, behind the thresholds."""

import csv
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from fairmark.calibrate.found import Engine, Kind
from fairmark.calibrate.numerals import exact_text
from fairmark.course import CourseError


@dataclass(frozen=True)
class SeedValue:
    """What one notebook reached at one threshold under one seed. Names have no line ends in them."""

    threshold: str
    sample: str
    kind: Kind
    engine: Engine
    seed: int
    value: float


COLUMNS = [field.name for field in fields(SeedValue)]
_ROW = TypeAdapter(SeedValue)


def write_seeds(path: Path, rows: Iterable[SeedValue]) -> None:
    """Write the table in one step. Values read back exactly; whole ones stand without a point."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({**asdict(row), "value": exact_text(row.value)} for row in rows)
    part.replace(path)


def read_seeds(path: Path) -> list[SeedValue]:
    """Read the table back, in its order. Raises CourseError that names the line at fault."""
    with path.open(encoding="utf8", newline="") as file:
        reader = csv.reader(file)
        if next(reader, None) != COLUMNS:
            raise CourseError(f"{path}: not written by calibrate: its first line must be {','.join(COLUMNS)}")
        return [_read(row, path, reader.line_num) for row in reader]


def _read(row: list[str], path: Path, line: int) -> SeedValue:
    if len(row) != len(COLUMNS):
        raise CourseError(f"{path}: line {line}: found {len(row)} columns, not {len(COLUMNS)}: calibrate again")
    try:
        return _ROW.validate_python(dict(zip(COLUMNS, row, strict=True)))
    except ValidationError as error:
        problem = error.errors()[0]
        raise CourseError(
            f"{path}: line {line}: {problem['loc'][0]}: found {problem['input']!r}: calibrate again"
        ) from error
