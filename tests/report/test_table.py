import io

from rich.console import Console
from rich.text import Text

from fairmark.examine.verdict import Verdict
from fairmark.report import grade_table, print_table
from tests.report.report_samples import case, manual, question, recognised, verdict

QUESTIONS = {"q1": 1.0, "q2": 2.0}


def printed(*verdicts: Verdict, width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    print_table(console, verdicts, QUESTIONS, "Binary classification")
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def styles(*verdicts: Verdict) -> list[tuple[str, str]]:
    """The text and colour of the first row's marks."""
    table = grade_table(verdicts, QUESTIONS, "topic")
    cells = [next(iter(column.cells)) for column in table.columns[1:4]]
    assert all(isinstance(cell, Text) for cell in cells)
    return [(cell.plain, str(cell.style)) for cell in cells if isinstance(cell, Text)]


def test_row_shows_marks_and_status() -> None:
    shown = printed(verdict("ada", question("q1"), question("q2", case(), case("q2 - 2", "failed"))))
    row = next(line for line in shown.splitlines() if "ada" in line)
    assert row.split() == ["ada", "1", "1", "2", "66.67", "graded"]
    assert "Binary classification" in shown
    assert "1 submission" in shown


def test_colours_tell_full_part_and_none() -> None:
    half = question("q2", case(), case("q2 - 2", "failed"))
    assert styles(verdict("ada", question("q1"), half)) == [("1", "green"), ("1", "yellow"), ("2", "yellow")]
    none = question("q1", case(outcome="failed"))
    assert styles(verdict("ada", none, half))[0] == ("0", "red")


def test_not_examined_is_a_question_mark() -> None:
    undecided = verdict("ada", question("q1"), question("q2", case(), case("q2 - 2", "not_examined")))
    assert styles(undecided) == [("1", "green"), ("?", "bold magenta"), ("?", "bold magenta")]
    shown = printed(undecided)
    assert "needs the TA: q2" in shown
    assert "1 needs the TA (?)" in shown


def test_student_text_is_no_markup_and_no_terminal_command() -> None:
    shown = printed(verdict("[red]eve[/red]\x1b[2J", status="[link=x]odd\x07", problem=True))
    assert "[red]eve[/red]" in shown
    assert "[link=x]odd" in shown
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_unbalanced_markup_does_not_break_the_table() -> None:
    assert "[/]" in printed(verdict("[/]", problem=True))


def test_long_status_is_folded_not_lost() -> None:
    status = "cell 7 raised ValueError: " + "abcdefghij" * 12
    shown = printed(verdict("ada", status=status, problem=True), width=60)
    assert all(len(line) <= 60 for line in shown.splitlines())
    assert "".join(status.split()) in "".join(shown.split())


def test_the_most_frequent_mistakes_are_named() -> None:
    everybody = [verdict(f"s{n}", recognised("q1", "averaged_over_epochs")) for n in range(31)]
    rare = [verdict(f"r{n}", recognised("q1", f"rare_{n}")) for n in range(7)]
    lines = [line.strip() for line in printed(*rare, *everybody, verdict("ada", question("q1"))).splitlines()]
    named = [line for line in lines if line.endswith("(q1)")]
    assert named == [
        "31 students: averaged over epochs (q1)",
        "1 student: rare 0 (q1)", "1 student: rare 1 (q1)", "1 student: rare 2 (q1)", "1 student: rare 3 (q1)",
    ]  # fmt: skip


def test_questions_for_a_person_are_named() -> None:
    assert "to be marked by hand: q8" in printed(verdict("ada", question("q1"), manual=(manual("q8", 4, "x"),)))
    assert "by hand" not in printed(verdict("ada", question("q1")))


def test_a_large_class_is_cut_on_the_terminal_and_counted_whole() -> None:
    many = [verdict(f"s{n:04}", question("q1"), problem=n == 599) for n in range(600)]
    lines = [line.strip() for line in printed(*many).splitlines()]
    assert sum(line.startswith("s0") for line in lines) == 500
    caption = " ".join(lines[-4:])
    assert "600 submissions · the first 500 are shown · 1 could not be graded · 599 need the TA (?)" in caption
