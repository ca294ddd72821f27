import csv
from pathlib import Path

from fairmark.examine.verdict import Verdict
from fairmark.report import write_misconceptions
from tests.report.report_samples import question, recognised, verdict


def written(folder: Path, *verdicts: Verdict) -> list[list[str]]:
    write_misconceptions(folder / "misconceptions.csv", verdicts)
    with (folder / "misconceptions.csv").open(encoding="utf8", newline="") as file:
        return list(csv.reader(file))


def test_most_frequent_first(tmp_path: Path) -> None:
    often, seldom = recognised("q3", "linear_output", "Use a sigmoid."), recognised("q1", "one_epoch", "=Go on.")
    assert written(tmp_path, verdict("ada", seldom, often), verdict("bob", often), verdict("cec", question("q1"))) == [
        ["question", "name", "advice", "students"],
        ["q3", "linear_output", "Use a sigmoid.", "2"],
        ["q1", "one_epoch", "'=Go on.", "1"],
    ]


def test_equally_frequent_ones_have_an_order(tmp_path: Path) -> None:
    verdicts = [verdict("ada", recognised("q2", "b"), recognised("q1", "c")), verdict("bob", recognised("q2", "a"))]
    lines = written(tmp_path, *verdicts)
    assert [line[:2] for line in lines[1:]] == [["q1", "c"], ["q2", "a"], ["q2", "b"]]
    assert written(tmp_path, *reversed(verdicts)) == lines


def test_nothing_recognised_replaces_what_was_there(tmp_path: Path) -> None:
    written(tmp_path, verdict("ada", recognised("q1", "a")))
    assert written(tmp_path, verdict("ada", question("q1"))) == [["question", "name", "advice", "students"]]
