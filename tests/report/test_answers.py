import base64
import hashlib

import pytest

from fairmark.examine.verdict import AnswerCell, ManualQuestion, Verdict
from fairmark.report import render_answers
from fairmark.report.markdown import html_of
from tests.report.html_page import Page
from tests.report.report_samples import manual, verdict

ATTACKS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</div></section><b>", "<svg/onload=alert(1)>",
    "[x](javascript:alert(1))", "[x](https://example.org)", "<https://example.org>", "![x](https://example.org/a.png)",
    "![\"><img src=x onerror=alert(1)>](attachment:a.png)", "![x](data:image/png;base64,AAAA)",
    "[x]: https://example.org '\" onmouseover=alert(1) x=\"'\n\n[x]", "```\"><script>\nx\n```",
    "| a |\n| :-: |\n| 1 |", "&lt;script&gt;&#60;b&#62;",
    "| <b>a</b> |\n| --- |\n| <i>1</i> |", "{{ 7 * 7 }}", "<!-- END QUESTION -->",
    "<style>body { display: none }</style>",
]  # fmt: skip


def page(*verdicts: Verdict) -> Page:
    return Page("".join(render_answers(verdicts, "q8", 4, title="Film reviews")))


def by(student: str, *answer: str | None) -> Verdict:
    return verdict(student, submission=f"{student}.ipynb", manual=(manual("q8", 4, *answer), manual("q9", 1, "other")))


def test_all_answers_are_on_one_page_by_student() -> None:
    shown = page(by("bob", "He says *why*.", "And how."), by("Ada", "She does too."), by("cec"), by("dan", None))
    names = ["Ada", "bob", "cec", "dan"]
    assert [text for text in shown.texts if text in names] == names
    for text in (
        "Film reviews",
        "Answers to q8",
        "4 points",
        "He says",
        "why",
        "And how.",
        "She does too.",
        "No answer.",
    ):
        assert text in shown.texts
    assert "2 of 4 students wrote an answer" in shown.text
    assert shown.texts.count("No answer.") == 1
    assert "The question was not found in this notebook: look into it." in shown.texts
    assert "other" not in shown.text
    assert "q8 (by hand)" in shown.text


def test_a_hand_in_without_a_notebook_says_so() -> None:
    assert "the file is empty" in page(verdict("eve", status="the file is empty", problem=True)).texts


def test_code_is_shown_as_it_is() -> None:
    cell = AnswerCell(kind="code", source="x = 1  # *not* <i>text</i>")
    shown = page(verdict("ada", manual=(ManualQuestion(name="q8", possible=4, answer=(cell,)),)))
    assert cell.source.replace("  ", " ") in shown.texts
    assert "pre" in {tag for tag, _ in shown.tags}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_students_write_runs_nothing_and_fetches_nothing(attack: str) -> None:
    code = AnswerCell(kind="code", source=attack)
    question = ManualQuestion(name="q8", possible=4, answer=(AnswerCell(kind="markdown", source=attack), code))
    shown = page(verdict(attack, submission=attack, manual=(question,)), by("bob", attack))
    allowed = {"html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "div", "h1",
               "h2", "p", "strong", "code", "pre", "span", "table", "thead", "tbody", "tr", "th", "td"}  # fmt: skip
    assert {tag for tag, _ in shown.tags} <= allowed
    for _, attributes in shown.tags:
        assert not {"src", "href", "style", "srcset"} & attributes.keys()
        assert not [name for name in attributes if name.startswith("on")]


def test_the_policy_of_the_page_holds() -> None:
    shown = page(by("ada", "x"))
    digest = base64.b64encode(hashlib.sha256(shown.style.encode()).digest()).decode()
    policy = [meta["content"] for meta in shown.attributes("meta") if "http-equiv" in meta]
    assert policy == [f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"]


def test_markdown_keeps_its_form() -> None:
    html = html_of(
        "# Big\n\n- *a* ~~b~~\n\n![my plot](attachment:p.png)\n\n| h |\n| - |\n| 1 |\n\n[site](https://x.org)"
    )
    assert "<h3>Big</h3>" in html
    assert "<li><em>a</em> <s>b</s></li>" in html
    assert "[picture: my plot]" in html
    assert "<td>1</td>" in html
    assert '<span class="link" title="https://x.org">site</span>' in html


def test_a_long_answer_is_cut() -> None:
    shown = page(by("ada", "x" * 30_000))
    assert "(10000 more characters)" in shown.text


def test_deep_nesting_is_no_trouble() -> None:
    page(by("ada", ">" * 5_000 + "[" * 5_000 + "*a **b " * 1_000))
