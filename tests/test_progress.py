"""What is shown while a class is graded."""

import io

from rich.console import Console

from fairmark.progress import counting


def test_a_students_text_is_shown_as_it_is() -> None:
    written = io.StringIO()
    with counting(Console(file=written, force_terminal=True, width=120), "submissions") as show:
        show(1, 2, "ann: graded; cell 1 raised ValueError: [/x] [bold]")
    assert "[/x] [bold]" in written.getvalue()
