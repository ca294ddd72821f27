"""``course.toml``: what it may say, and what it gets for saying something else."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from fairmark.cli import app
from fairmark.course import CourseError, read_course

GOOD = """\
title = "A course"

[limits]
wall_seconds = 60

[topics.first]
title = "The first"
data = "imdb"
"""


def write(folder: Path, text: str) -> Path:
    (folder / "course.toml").write_text(text, encoding="utf8")
    return folder


def test_a_course(tmp_path: Path) -> None:
    course = read_course(write(tmp_path, GOOD))
    assert (course.title, course.root) == ("A course", tmp_path.resolve())
    assert (course.limits.wall_seconds, course.limits.threads, course.calibration.seeds) == (60, 1, 500)
    assert course.topic("first").name == "first"
    assert course.solutions("first") == tmp_path.resolve() / "solutions" / "first"
    assert course.assignments("first") == tmp_path.resolve() / "assignments" / "first"
    assert course.graders("first") == tmp_path.resolve() / "graders" / "first"


def test_the_courses_of_this_repository(root: Path) -> None:
    assert "binary_classification" in read_course(root).topics
    assert "mini" in read_course(root / "tests" / "mini").topics


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "A course"', "", "title: missing; write it"),
        ('data = "imdb"', "", "topics.first.data: missing; write it"),
        ('title = "A course"', 'titel = ""\ntitle = ""', "titel: unknown key; allowed here: calibration, limits, "),
        ("wall_seconds", "wall_second", "limits.wall_second: unknown key; allowed here: cpu_seconds, disk_mb, "),
        ("[limits]\nwall_seconds", "[calibration]\nseed", "calibration.seed: unknown key; allowed here: alpha, "),
        ("data =", 'colour = "red"\ndata =', "topics.first.colour: unknown key; allowed here: data, memory_gb"),
        ("data =", 'name = "second"\ndata =', "topics.first.name: unknown key; the heading [topics.first] names it"),
        ('title = "A course"', "title = 3", "title: found 3; Input should be a valid string"),
        ("60", "0", "limits.wall_seconds: found 0; Input should be greater than or equal to 1"),
        ("60", '"60"', "limits.wall_seconds: found '60'; Input should be a valid integer"),
        ("60", "true", "limits.wall_seconds: found True; Input should be a valid integer"),
        ("60", "1.5", "limits.wall_seconds: found 1.5; Input should be a valid integer"),
        ('"imdb"', '"imbd"', "topics.first.data: found 'imbd'; Input should be 'imdb'"),
        ("[topics.first]", "[[topics]]", "topics: found [{'title': 'The first', 'data': 'imdb'}]; Input should be"),
        ("[limits]\nwall_seconds = 60", "limits = 3", "limits: found 3; Input should be a valid dictionary"),
        ("[topics.first]", "[topics.first", "Expected ']' at the end of a table declaration (at line 6, column 14)"),
        ("60", "", "Invalid value (at line 4, column 16)"),
        ("title", "title = 1\ntitle", "Cannot overwrite a value (at line 2, column 19)"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, message: str
) -> None:
    assert old in GOOD
    write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(CourseError) as caught:
        read_course(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'course.toml'}: {message}")

    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["build"])
    assert (result.exit_code, result.stdout) == (2, "")
    [line] = result.stderr.splitlines()
    assert line.startswith("fairmark: ")
    assert line.endswith(str(caught.value).removeprefix(str(tmp_path)))


def test_every_mistake_is_listed(tmp_path: Path) -> None:
    with pytest.raises(CourseError) as caught:
        read_course(write(tmp_path, GOOD.replace("60", "0").replace('"imdb"', '"x"')))
    assert [line.split(": ")[1] for line in str(caught.value).splitlines()] == [
        "limits.wall_seconds",
        "topics.first.data",
    ]


def test_no_course(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"no course\.toml in .*: run fairmark in the course's folder"):
        read_course(tmp_path)


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_bytes(b'title = "\xff"')
    with pytest.raises(CourseError, match=r"course\.toml: 'utf-?8' codec can't decode byte 0xff"):
        read_course(tmp_path)


def test_unknown_topic(tmp_path: Path) -> None:
    course = read_course(write(tmp_path, GOOD))
    with pytest.raises(CourseError, match=r"no topic 'second' in .*course\.toml: choose from first"):
        course.topic("second")
