"""Text that came from elsewhere, made safe to show; numbers, made short to read."""

import re
import unicodedata

_ESCAPE_SEQUENCE = re.compile(
    r"\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)"  # a command with a text: window title, hyperlink
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours, cursor movement
    r"|\x1b[ -/]*[0-~]"
)
_LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    """``text`` without terminal commands and control characters; its lines and tabs stay."""
    text = _LINE_END.sub("\n", _ESCAPE_SEQUENCE.sub("", text))
    return "".join(_visible(character) for character in text)


def one_line(text: str) -> str:
    """``clean(text)`` with a space for each line end and tab."""
    return clean(text).replace("\n", " ").replace("\t", " ")


def shortened(text: str, longest: int) -> str:
    """``text`` cut after ``longest`` characters, with a line that says how many more there are."""
    left_out = len(text) - longest
    return text if left_out <= 0 else f"{text[:longest]}\n… ({left_out} more characters)"


def points_text(value: float) -> str:
    """``value`` to four decimals, without trailing zeros: '2', '1.5'."""
    return _short(value, 4)


def percent_text(value: float) -> str:
    """``value`` to two decimals, without trailing zeros."""
    return _short(value, 2)


def points_phrase(value: float) -> str:
    """'1 point', '0.5 points'."""
    number = points_text(value)
    return f"{number} {'point' if number == '1' else 'points'}"


def _short(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _visible(character: str) -> str:
    if character in "\n\t":
        return character
    if character in _BIDI_OVERRIDES:
        return ""
    match unicodedata.category(character):
        case "Cc":
            return ""
        case "Cs":
            return "\N{REPLACEMENT CHARACTER}"
        case _:
            return character
