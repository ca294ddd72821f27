"""A folder of results: verdicts are read from their files, by student, as often as they are asked for."""

from pathlib import Path

import pytest

from fairmark.grade.results import Batch, Verdicts, chosen_seed, write_batch, write_verdict
from tests.report.report_samples import manual, question, verdict

STUDENTS = ["bob", "Ada", "Zoë 👩‍💻", "a/b"]


def test_verdicts_come_back_by_student(tmp_path: Path) -> None:
    written = {name: verdict(name, question("q1"), manual=(manual("q8", 4, "Because."),)) for name in STUDENTS}
    for one in written.values():
        write_verdict(tmp_path, one, "A topic")
    verdicts = Verdicts(tmp_path, STUDENTS)
    assert [one.student for one in verdicts] == sorted(STUDENTS)
    assert list(verdicts) == list(verdicts) == [written[name] for name in sorted(STUDENTS)]
    assert list(verdicts[1:3]) == list(verdicts)[1:3]
    assert (len(verdicts), verdicts[-1].student) == (4, "bob")
    with pytest.raises(IndexError):
        verdicts[4]


def test_a_seed_is_drawn_once_for_a_folder(tmp_path: Path) -> None:
    drawn = {chosen_seed(tmp_path, None) for _ in range(20)}
    assert len(drawn) == 20
    assert all(0 <= seed < 2**31 for seed in drawn)
    write_batch(tmp_path, Batch(topic="t", data="d", seed=11))
    assert (chosen_seed(tmp_path, None), chosen_seed(tmp_path, 7)) == (11, 7)
