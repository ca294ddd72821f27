"""Edits of source code by its syntax."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairmark.build.edit import BadSnippet, Edited, edited

SOURCE = """\
def centred(x, y):
    # The mean of each column.
    mean = x.mean( axis = 0 )  # SOLUTION
    layer = [Dense(1,
                   activation='sigmoid'), 7]
    if len(x) > 3:
        return y
    for i in range(3):
        first(i)
        second(i)
    return (x - mean) * y
"""


@pytest.mark.parametrize(
    ("old", "new", "there"),
    [
        ("axis=0", "", "mean = x.mean( )  # SOLUTION"),
        ("axis=0", "axis=1, keepdims=True", "x.mean( axis=1, keepdims=True)"),
        ('activation="sigmoid"', "activation='softmax'", "activation='softmax'"),
        ("x.mean(axis=0)", "x.mean()", "mean = x.mean()  # SOLUTION"),
        ("7", "8", ", 8]"),
        ("mean = x.mean(axis=0)", "mean = 0\nstd = 1", "    # The mean of each column.\n    mean = 0\n    std = 1\n"),
        ("if len(x) > 3:\n    return y", "", "7]\n    for i in range(3):"),
        ("        first(i)\n        second(i)", "", "range(3):\n        pass\n"),
        ("first(i)", "third = i\nfourth(third)", "        third = i\n        fourth(third)\n        second(i)"),
        ("first(i)", "third(i)", "        third(i)\n        second(i)"),
        ("x - mean", "x", "return x * y"),
        ("(x - mean) * y", "x + y", "return (x + y)"),
        ("(x - mean)", "x + y", "return (x + y) * y"),
        ("len(x)", "lambda: 0", "if (lambda: 0) > 3"),
        ("Dense(1, activation='sigmoid')", "Dense(\n    1,\n)", "[(Dense(\n"),
    ],
)
def test_what_is_found_once_is_replaced(old: str, new: str, there: str) -> None:
    edit = edited(SOURCE, old, new)
    assert edit.places == 1
    assert there in edit.source
    ast.parse(edit.source)


@pytest.mark.parametrize(
    ("old", "places"), [("x", 3), ("axis=1", 0), ("second(i)\nfirst(i)", 0), ("x.mean", 1), ("mean", 2)]
)
def test_places_are_counted(old: str, places: int) -> None:
    assert edited(SOURCE, old, "z").places == places


def test_what_is_not_there_changes_nothing() -> None:
    assert edited(SOURCE, "z = 1", "z = 2") == Edited(SOURCE, 0)


def test_a_cell_with_magics_holds_nothing() -> None:
    assert edited("%matplotlib inline\nx = 1", "x = 1", "x = 2") == Edited("%matplotlib inline\nx = 1", 0)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("x = (", "", "`old` is not valid Python"),
        ("", "x", "`old` is empty"),
        ("axis=0", "def f(", "`new` is no argument, as `old` is"),
        ("if len(x) > 3:\n    return y", "x = (", "`new` is not valid Python"),
    ],
)
def test_snippets_that_are_no_python(old: str, new: str, message: str) -> None:
    with pytest.raises(BadSnippet, match=message):
        edited(SOURCE, old, new)


NAMES = st.sampled_from(["a", "b", "c"])
EXPRESSIONS = st.recursive(
    NAMES | st.integers(0, 9).map(str),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]}{t[1]} {t[2]})"),
        st.tuples(NAMES, inner).map(lambda t: f"{t[0]}( {t[1]} )"),
        st.tuples(inner, inner).map(lambda t: f"[{t[0]},{t[1]}]"),
    ),
    max_leaves=6,
)


@given(EXPRESSIONS, EXPRESSIONS)
def test_an_expression_is_replaced_as_a_tree_is(around: str, new: str) -> None:
    """Replacing a name in the text is replacing it in the tree: no neighbour tears the new one apart."""
    source = f"result = f({around}) - target * 2\n"
    edit = edited(source, "target", new)
    assert edit.places == 1
    expected = source.replace("target", f"({new})")
    assert ast.dump(ast.parse(edit.source)) == ast.dump(ast.parse(expected))
