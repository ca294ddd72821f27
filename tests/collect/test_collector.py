"""Same key, same evidence; and a kernel that died may have been killed from outside: what happens twice is believed."""

from pathlib import Path
from typing import Any

import nbformat
import pytest

from fairmark.collect.collector import Collector
from fairmark.collect.run import Run
from fairmark.evidence.manifest import Ending
from fairmark.evidence.store import EvidenceStore
from fairmark.plan import Plan
from tests.machine import plain_kernels
from tests.simulated import simulated_course

DIED, FINISHED = Ending(kind="kernel_died", cell=2), Ending(kind="finished")
OUT_OF_TIME = Ending(kind="time_limit", cell=2)


def a_collector(folder: Path) -> Collector:
    course = simulated_course(folder / "course")
    plan = Plan.read(course.graders("mini") / "plan.json")
    return Collector("mini", "imdb", plan, course.limits, EvidenceStore(folder / "evidence"), plain_kernels())


@pytest.mark.parametrize(
    ("endings", "stored"),
    [
        ([FINISHED], FINISHED),
        ([DIED, FINISHED], FINISHED),
        ([DIED, DIED], DIED),
        ([OUT_OF_TIME], OUT_OF_TIME),
    ],
    ids=["finished", "died once", "died twice", "out of time"],
)
def test_a_death_is_believed_when_it_happens_again(
    endings: list[Ending], stored: Ending, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = list(endings)

    async def run_notebook(notebook: Any, *_: object) -> Run:
        assert notebook.cells[0].source == "x = 1"
        notebook.cells[0].source = "changed by a run"
        return Run(left.pop(0), (), False, 1, 0.0, 0.0, 0.0)

    monkeypatch.setattr("fairmark.collect.collector.run_notebook", run_notebook)
    collector = a_collector(tmp_path)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1")])
    key = collector.collect(notebook, {}, 0)
    assert left == []
    assert collector.store.manifest(key).ending == stored


@pytest.mark.parametrize(
    ("metadata", "alike"),
    [
        ({"tags": ["otter_ignore"]}, False),
        ({"tags": ["skip-execution"]}, False),
        ({"otter": {"ignore": True}}, False),
        ({"otter": {"tests": ["q1"]}}, False),
        ({"tags": ["raises-exception", "remove-input"], "collapsed": True, "name": "skip-execution"}, True),
    ],
)
def test_what_changes_a_run_changes_its_key(metadata: dict[str, Any], alike: bool, tmp_path: Path) -> None:
    """Else a copy whose cells are left out would leave its empty evidence to the original."""
    collector = a_collector(tmp_path)
    original, copy = (
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1", metadata=given)]) for given in ({}, metadata)
    )
    assert (collector.key(original, {}, 0) == collector.key(copy, {}, 0)) == alike
