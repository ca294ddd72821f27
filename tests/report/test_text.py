import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairmark.report.text import clean, one_line, percent_text, points_phrase, points_text


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;a new window title\x07left", "left"),
        ("\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b31mred", "red"),
        ("step 1\x08\x08\x08 2\x00", "step 1 2"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("tab\tstays", "tab\tstays"),
        ("gpj.\u202eipynb", "gpj.ipynb"),
        ("\ud800", "\ufffd"),
        ("Zoë 👩‍💻", "Zoë 👩‍💻"),
    ],
)
def test_clean(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@given(st.text())
def test_one_line_is_one_printable_line(raw: str) -> None:
    line = one_line(raw)
    assert len(line.splitlines()) <= 1
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in line)
    line.encode()


@pytest.mark.parametrize(
    ("value", "text"), [(2.0, "2"), (1.5, "1.5"), (1 / 3, "0.3333"), (10, "10"), (0, "0"), (-0.00001, "0")]
)
def test_points_text(value: float, text: str) -> None:
    assert points_text(value) == text


def test_percent_text_has_two_decimals_at_most() -> None:
    assert [percent_text(value) for value in (100.0, 66.66667, 12.5)] == ["100", "66.67", "12.5"]


def test_points_phrase() -> None:
    assert [points_phrase(value) for value in (1, 0, 0.5)] == ["1 point", "0 points", "0.5 points"]
