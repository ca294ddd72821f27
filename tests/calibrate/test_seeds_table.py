import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairmark.calibrate.seeds_table import SeedValue, read_seeds, write_seeds
from fairmark.course import CourseError

NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20)
ROWS = st.lists(
    st.builds(
        SeedValue,
        threshold=NAMES,
        sample=NAMES,
        kind=st.sampled_from(["reference", "alternative", "misconception"]),
        engine=st.sampled_from(["rerun", "replay"]),
        seed=st.integers(0, 2**63),
        value=st.floats(allow_nan=False) | st.integers(-(2**53), 2**53).map(float),
    ),
    max_size=8,
)
ROW = SeedValue("test_accuracy", "reference", "reference", "rerun", 1, 21723.0)


@settings(deadline=None)
@given(ROWS)
def test_what_is_written_reads_back_exactly(tmp_path_factory: pytest.TempPathFactory, rows: list[SeedValue]) -> None:
    path = tmp_path_factory.mktemp("table") / "seeds.csv"
    write_seeds(path, rows)
    assert read_seeds(path) == rows


def test_the_table_is_one_that_people_read(tmp_path: Path) -> None:
    path = tmp_path / "calibration" / "imdb.csv"
    write_seeds(path, [ROW, replace(ROW, threshold="test_mae", sample="no, never", seed=2, value=0.1 + 0.2)])
    assert path.read_bytes().decode() == (
        "threshold,sample,kind,engine,seed,value\n"
        "test_accuracy,reference,reference,rerun,1,21723\n"
        'test_mae,"no, never",reference,rerun,2,0.30000000000000004\n'
    )
    assert [entry.name for entry in path.parent.iterdir()] == ["imdb.csv"]


def test_a_run_that_diverged_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "seeds.csv"
    write_seeds(path, [replace(ROW, value=math.nan), replace(ROW, value=-math.inf)])
    nan, infinite = read_seeds(path)
    assert math.isnan(nan.value)
    assert infinite.value == -math.inf


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "first line must be threshold,sample,kind,engine,seed,value"),
        ("seed,value\n1,2\n", "first line must be threshold,sample,kind,engine,seed,value"),
        ("{head}\na,b,reference,rerun,1\n", "line 2: found 5 columns, not 6"),
        ("{head}\n{row}\na,b,friend,rerun,1,2\n", "line 3: kind: found 'friend'"),
        ("{head}\na,b,reference,rerun,1,high\n", "line 2: value: found 'high'"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "seeds.csv"
    path.write_text(
        text.format(head="threshold,sample,kind,engine,seed,value", row="a,b,reference,rerun,1,2"), encoding="utf8"
    )
    with pytest.raises(CourseError) as refusal:
        read_seeds(path)
    assert str(path) in str(refusal.value)
    assert said in str(refusal.value)
