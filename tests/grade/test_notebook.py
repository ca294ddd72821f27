"""A notebook's bytes: read as leniently as Jupyter does, or one clear sentence says what is wrong."""

import codecs
import json
import logging
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairmark.grade import notebook as reading
from fairmark.grade.submission import BadSubmission
from tests.grade.notebooks import WHOLE, code, notebook


def parse(data: bytes) -> nbformat.NotebookNode:
    return reading.parse_notebook(data, "the notebook")


def complaint(data: bytes) -> str:
    with pytest.raises(BadSubmission) as caught:
        parse(data)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (codecs.BOM_UTF8, "is empty"),
        (b"dear TA, my laptop", "is not a notebook (no JSON at line 1)"),
        (b"<!DOCTYPE html>", "is a web page"),
        (b"PK\x03\x04...", "is a zip"),
        (b"%PDF-1.7", "is a PDF"),
        (WHOLE.decode().encode("utf-16"), "wrong encoding (UTF-16"),
        (WHOLE.decode().encode("utf-16-be"), "wrong encoding (UTF-16"),
        (WHOLE.decode().encode("utf-32"), "wrong encoding (UTF-32"),
        ('{"nbformat": 4, "x": "é"}'.encode("latin-1"), "wrong encoding (NOT UTF-8)"),
        (b"{} trailing text", "is not a notebook"),
        (b"{'nbformat': 4}", "is not a notebook"),
        (b"[]", "JSON but not a notebook"),
        (b"4", "JSON but not a notebook"),
        (b'{"cells": []}', "JSON but not a notebook"),
        (b'{"nbformat": true, "cells": []}', "JSON but not a notebook"),
        (b'{"nbformat": "4", "cells": []}', "JSON but not a notebook"),
        (b'{"nbformat": 2, "cells": []}', "notebook format 2"),
        (b'{"nbformat": 5, "cells": []}', "notebook format 5"),
        (b'{"nbformat": 4, "metadata": {}}', "no whole notebook (no cells)"),
        (b'{"nbformat": 4, "metadata": [], "cells": []}', "no whole notebook"),
        (b'{"nbformat": 3, "metadata": {}}', "no whole notebook"),
        (b'{"nbformat": 3, "worksheets": [4]}', "no whole notebook"),
        (b'{"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code"}]}]}', "cell 1 lacks"),
        (notebook("x"), "cell 1 lacks"),
        (notebook(code(), {"source": ""}), "cell 2 lacks"),
        (notebook(code(None)), "cell 1 lacks"),
        (notebook(code(["a", 1])), "cell 1 lacks"),
        (notebook(metadata={"kernelspec": {"name": "ir", "language": "R"}}), "for R and not for Python"),
        (notebook(metadata={"kernelspec": {"name": "ir"}}), "for R and not for Python"),
        (notebook(metadata={"kernelspec": {"name": "julia-1.9"}}), "for julia-1.9 and"),
        (notebook(metadata={"language_info": {"name": "scala"}}), "for scala and"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"nbformat": 4, "cells": ' + b"[" * 150 + b"]" * 150 + b"}", "nested too deeply"),
        (b'{"nbformat": ' + b"9" * 5_000 + b"}", "too many digits"),
        (b"[" + b"{}," * 2_000_001 + b"{}]", "more than 2,000,000 parts"),
        (notebook(*[code()] * 10_001), "more than 10,000 cells"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_notebook(data: bytes, expected: str) -> None:
    assert expected in complaint(data)


def test_every_truncation_is_called_one() -> None:
    whole = WHOLE.decode().replace("\\u00e9", "é").encode()
    assert parse(whole).cells[0].source == "x = 'é'"
    for end in range(1, len(whole)):
        assert "is truncated" in complaint(whole[:end])


@given(st.binary(max_size=200))
def test_any_bytes_give_a_notebook_or_a_sentence(data: bytes) -> None:
    assert complaint(b"{" + data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
hostile_cells = st.fixed_dictionaries(
    {
        "cell_type": st.sampled_from(["code", "markdown", "raw", "heading", "?"]),
        "source": st.just("x") | st.just(["x"]),
    },
    optional=dict.fromkeys(("id", "metadata", "outputs", "execution_count", "attachments"), json_values),
)
hostile_metadata = st.dictionaries(st.sampled_from(["kernelspec", "widgets", "x"]), json_values)


@settings(max_examples=60, deadline=None)
@given(st.lists(hostile_cells, max_size=4), hostile_metadata, st.sampled_from([3, 4]))
def test_whatever_else_a_notebook_holds_the_result_is_valid(cells: list[Any], metadata: Any, version: int) -> None:
    content: dict[str, Any] = {"nbformat": version, "metadata": metadata}
    if version == 4:
        content["cells"] = cells
    else:
        v3_cells = [{k: v for k, v in c.items() if k != "cell_type"} | {"cell_type": "markdown"} for c in cells]
        content["worksheets"] = [{"cells": v3_cells}]
    node = parse(json.dumps(content).encode())
    assert len({cell.id for cell in node.cells}) == len(cells)
    nbformat.validate(node)
    assert [cell.source for cell in node.cells] == ["x"] * len(cells)


def test_a_lenient_reading_like_jupyters() -> None:
    cells = [
        code(
            ["a = 1\n", "b = 2"],
            id="same",
            outputs=[{"output_type": "stream", "name": "stdout", "text": "x"}],
        ),
        code(id="same", extra=1),
        code(id="cell-0"),
        {"cell_type": "markdown", "source": "no id, no metadata"},
        {"cell_type": "code", "source": "no outputs", "id": "bad id!", "metadata": {"tags": 1, "otter": 1}},
    ]
    cells[0]["metadata"] = {"tags": ["skip-execution"], "otter": 1}
    metadata = {"kernelspec": {"name": "python3"}, "colab": {}}
    node = parse(notebook(*cells, nbformat_minor=2, extra={}, metadata=metadata))
    assert [cell.id for cell in node.cells] == ["same", "cell-1", "cell-0", "cell-2", "cell-3"]
    assert node.cells[0].source == "a = 1\nb = 2"
    assert node.cells[0].outputs == []
    assert (node.nbformat, node.nbformat_minor) == (4, 5)
    nbformat.validate(node)
    assert node.metadata == {"colab": {}}
    assert node.cells[0].metadata == {"tags": ["skip-execution"], "otter": 1}
    assert node.cells[4].metadata == {"otter": 1}
    assert parse(notebook(*cells, nbformat_minor=2, extra={}, metadata=metadata)) == node


def test_half_a_character_is_replaced() -> None:
    node = parse(notebook(code("x = '\ud83d'"), code("y = '🎉'")))
    assert [cell.source for cell in node.cells] == ["x = '?'", "y = '🎉'"]


def test_python_by_any_name() -> None:
    for metadata in (
        {},
        {"kernelspec": {"name": "conda-env-dl-py", "display_name": "x", "language": "python"}},
        {"kernelspec": {"name": "python3"}, "language_info": {"name": "R"}, "colab": {}} | {"language_info": {}},
        {"kernelspec": {"name": "iris"}},
        {"kernelspec": {"name": "dl", "language": "python"}, "language_info": {"name": "R"}},
        {"kernelspec": 3, "language_info": {"name": 4}},
    ):
        parse(notebook(metadata=metadata))


def test_format_3_is_upgraded_quietly(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    cells = [
        {
            "cell_type": "code",
            "input": ["a = 1\n", "b"],
            "outputs": 7,
            "prompt_number": 1,
            "language": "python",
        },
        {"cell_type": "heading", "level": 2, "source": ["Title"]},
        {"cell_type": "html", "source": "<b>"},
    ]
    data = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}
    with caplog.at_level(logging.DEBUG):
        node = parse(json.dumps(data).encode())
    assert [(c.cell_type, c.source) for c in node.cells] == [
        ("code", "a = 1\nb"), ("markdown", "## Title"), ("markdown", "<b>"),
    ]  # fmt: skip
    nbformat.validate(node)
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


# Opening
