"""The grades on the terminal."""

from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fairmark.examine.verdict import Verdict
from fairmark.report.marks import Row, rows
from fairmark.report.misconceptions import counted
from fairmark.report.text import one_line, percent_text, points_text

_UNDECIDED = ("?", "bold magenta")
_MOST_FREQUENT = 5
LONGEST = 500
"""Rows that a terminal shows; the gradebook has all."""


def grade_table(verdicts: Sequence[Verdict], questions: Mapping[str, float], topic: str) -> Table:
    """The gradebook's rows in colour: green full marks, yellow a part, red nothing, magenta for the TA.

    Below it, what the whole class should hear about: the known mistakes that most students made.
    """
    table = Table(
        title=Text(one_line(topic), style="bold"),
        title_justify="left",
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    table.add_column("student", overflow="fold", min_width=8)
    for name, possible in questions.items():
        header = Text.assemble(one_line(name), "\n", (f"/{points_text(possible)}", "dim"))
        table.add_column(header, justify="right", no_wrap=True)
    total = points_text(sum(questions.values()))
    table.add_column(Text.assemble("total\n", (f"/{total}", "dim")), justify="right", no_wrap=True)
    table.add_column("%", justify="right", no_wrap=True)
    table.add_column("status", overflow="fold", min_width=12, ratio=1)
    problems = undecided = 0
    for row in rows(verdicts, questions):
        problems += row.problem
        undecided += row.total is None
        if table.row_count < LONGEST:
            table.add_row(*_cells(row, questions))
    table.caption = Text("\n").join([_caption(len(verdicts), problems, undecided), *_notes(verdicts)])
    return table


def print_table(console: Console, verdicts: Sequence[Verdict], questions: Mapping[str, float], topic: str) -> None:
    """Print ``grade_table`` on ``console``."""
    console.print(grade_table(verdicts, questions, topic))


def _cells(row: Row, questions: Mapping[str, float]) -> list[Text]:
    percent = Text(*_UNDECIDED) if row.percent is None else Text(percent_text(row.percent))
    return [
        Text(one_line(row.student)),
        *(_mark(mark, questions[name]) for name, mark in row.points.items()),
        _mark(row.total, row.possible),
        percent,
        Text(one_line(row.status), style=_status_style(row)),
    ]


def _mark(mark: float | None, possible: float) -> Text:
    if mark is None:
        return Text(*_UNDECIDED)
    text = points_text(mark)
    if text == points_text(possible):
        return Text(text, style="green")
    return Text(text, style="red" if text == "0" else "yellow")


def _status_style(row: Row) -> str:
    if row.total is None:
        return "magenta"
    return "red" if row.problem else ""


def _caption(submissions: int, problems: int, undecided: int) -> Text:
    parts = [f"{submissions} {'submission' if submissions == 1 else 'submissions'}"]
    if submissions > LONGEST:
        parts.append(f"the first {LONGEST} are shown")
    if problems:
        parts.append(f"{problems} could not be graded")
    if undecided:
        parts.append(f"{undecided} {'needs' if undecided == 1 else 'need'} the TA (?)")
    return Text(" · ".join(parts), style="dim")


def _notes(verdicts: Sequence[Verdict]) -> list[Text]:
    manual = sorted({question.name for verdict in verdicts for question in verdict.manual})
    by_hand = [Text(f"to be marked by hand: {', '.join(map(one_line, manual))}")] if manual else []
    slips = [
        Text(f"{count} {'student' if count == 1 else 'students'}: {one_line(name).replace('_', ' ')} ({question})")
        for (question, name, _), count in counted(verdicts)[:_MOST_FREQUENT]
    ]
    return [*by_hand, *slips]
