import base64
import hashlib
import re
from dataclasses import replace
from itertools import pairwise

import pytest

from fairmark.examine.verdict import Verdict
from fairmark.report import LearningCurve, render_feedback
from tests.report.html_page import Page
from tests.report.report_samples import CANARY, case, failed_hidden, manual, question, verdict


def page(given: Verdict, title: str = "Film reviews") -> Page:
    return Page(render_feedback(given, title=title))


def test_total_questions_and_points() -> None:
    shown = page(verdict("ada", question("q1"), question("q2", case("q2 - 1"), case("q2 - 2", "failed"))))
    assert "Film reviews" in shown.texts
    assert "2 of 3 points" in shown.text
    assert "66.67 %" in shown.text
    assert "Graded." in shown.texts
    assert "1 of 2 points" in shown.text
    bar = shown.attributes("rect")
    assert [rect["width"] for rect in bar] == ["666.7", "0.0"]


def test_public_case_shows_message_and_advice() -> None:
    failed = case("q1 - 2", "failed", message="expected 160305, found 160000", advice="Count the biases.")
    shown = page(verdict("ada", question("q1", case("q1 - 1"), failed)))
    for text in ("Check 2", "q1 - 2", "expected 160305, found 160000", "Count the biases.", "Not passed"):
        assert text in shown.texts


def test_function_names_are_numbered() -> None:
    names = (case("test_shape"), case("test_dtype"))
    texts = page(verdict("ada", question("q1", *names))).texts
    assert tuple(texts[texts.index("Check 1") :][:2]) == ("Check 1", "test_shape")
    assert tuple(texts[texts.index("Check 2") :][:2]) == ("Check 2", "test_dtype")


def test_message_that_repeats_the_advice_is_shown_once() -> None:
    failed = case("q1 - 1", "failed", message="Count the biases.\n", advice="Count the biases.")
    assert page(verdict("ada", question("q1", failed))).texts.count("Count the biases.") == 1


def test_hidden_case_gives_nothing_away() -> None:
    hidden = (failed_hidden("q1 - 2"), failed_hidden("q1 - 3", advice="Look at your last layer again."))
    html = render_feedback(verdict("ada", question("q1", case("q1 - 1"), *hidden)), title="Topic")
    for secret in (CANARY, "0.86125", "0.79375", "25000", "q1 - 3"):
        assert secret not in html
    texts = Page(html).texts
    assert "Hidden check 1" in texts
    assert "Hidden check 2" in texts
    assert "Look at your last layer again." in texts


@pytest.mark.parametrize("outcome", ["passed", "failed", "not_examined"])
def test_hidden_message_is_absent_whatever_the_outcome(outcome: str) -> None:
    hidden = failed_hidden("q1 - 1").model_copy(update={"outcome": outcome})
    assert CANARY not in render_feedback(verdict("ada", question("q1", hidden)), title="Topic")


def test_not_examined_is_open_not_lost() -> None:
    undecided = case("q2 - 2", "not_examined", hidden=True, message=CANARY, advice="You missed it.")
    shown = page(verdict("ada", question("q1"), question("q2", case("q2 - 1"), undecided)))
    assert "The grader could not decide this; a TA will look at it." in shown.texts
    assert "of 3 points so far" in shown.text
    assert "1 point still open (q2)" in shown.text
    assert "%" not in shown.text
    assert "1 of 2 points so far" in shown.texts
    assert "You missed it." not in shown.text
    assert "Not passed" not in shown.text
    assert [float(rect["width"] or "") for rect in shown.attributes("rect")] == pytest.approx([666.7, 333.3])


def test_question_that_is_all_open_shows_no_zero() -> None:
    shown = page(verdict("ada", question("q1"), question("q2", case("q2 - 1", "not_examined", points=2))))
    assert "2 points, open" in shown.texts
    assert "open / 2" in shown.texts
    assert "0 of 2" not in shown.text


def test_not_examined_public_case_keeps_the_graders_reason_for_the_ta() -> None:
    undecided = case("q1 - 1", "not_examined", message="collect again: the plan lacks `model`")
    assert "collect again" not in page(verdict("ada", question("q1", undecided))).text


@pytest.mark.parametrize(
    ("checked_at", "note"),
    [("end", "as it stood after the last cell"), ("never", "Nothing was captured for this question")],
)
def test_note_on_where_it_was_checked(checked_at: str, note: str) -> None:
    assert note in page(verdict("ada", question("q1", checked_at=checked_at))).text
    assert note not in page(verdict("ada", question("q1", checked_at="cell 12"))).text


def test_all_or_nothing_is_explained() -> None:
    cases = (case("q1 - 1"), case("q1 - 2", "failed"))
    note = "only when every check passes"
    strict = question("q1", *cases, earned=0).model_copy(update={"all_or_nothing": True})
    assert note in page(verdict("ada", strict)).text
    assert note not in page(verdict("ada", question("q1", *cases))).text


def test_problem_says_what_was_wrong_and_what_to_do() -> None:
    shown = page(verdict("eve", status="the file is empty", problem=True))
    assert "The file is empty." in shown.texts
    assert "What to do" in shown.texts
    assert ".ipynb" in shown.texts
    assert "of 0 points" not in shown.text


@pytest.mark.parametrize("attack", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</style><b>"])
def test_markup_in_any_text_is_escaped(attack: str) -> None:
    every = case(attack, "failed", message=attack, advice=attack)
    hidden = case(attack, "failed", hidden=True, message=attack, advice=attack)
    given = verdict(attack, question(attack, every, hidden, checked_at=attack), status=attack, submission=attack)
    for problem in (False, True):
        shown = page(given.model_copy(update={"problem": problem}), title=attack)
        assert not {tag for tag, _ in shown.tags} & {"script", "img", "b"}
        assert not any(name.startswith("on") for _, attributes in shown.tags for name in attributes)
        assert attack in shown.texts


def test_template_syntax_in_a_message_is_text() -> None:
    failed = case("q1 - 1", "failed", message="{{ 7 * 7 }} {% include 'x' %}")
    assert "{{ 7 * 7 }} {% include 'x' %}" in page(verdict("ada", question("q1", failed))).texts


def test_terminal_commands_are_stripped() -> None:
    failed = case("q1 - 1", "failed", message="\x1b[0;31mValueError\x1b[0m: bad\x08\x00 shape")
    given = verdict("ada\x07", question("q1", failed), status="\x1b[1mgraded\x1b[0m", submission="a\x9b1mb")
    html = render_feedback(given, title="\x1b[2JTopic")
    assert "ValueError: bad shape" in html
    assert "Graded." in Page(html).texts
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", html)


def test_long_message_is_cut() -> None:
    failed = case("q1 - 1", "failed", message="x" * 5000)
    html = render_feedback(verdict("ada", question("q1", failed)), title="Topic")
    assert "… (1000 more characters)" in html
    assert "x" * 4001 not in html


def test_page_loads_nothing_and_its_policy_holds() -> None:
    html = render_feedback(verdict("ada", question("q1", failed_hidden("q1 - 1"))), title="Topic")
    shown = Page(html)
    digest = base64.b64encode(hashlib.sha256(shown.style.encode()).digest()).decode()
    policy = [meta["content"] for meta in shown.attributes("meta") if "http-equiv" in meta]
    assert policy == [f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"]
    assert not {tag for tag, _ in shown.tags} & {"script", "link", "img", "iframe", "form"}
    for _, attributes in shown.tags:
        assert not {"src", "style", "srcset"} & attributes.keys()
        assert (attributes.get("href") or "#").startswith("#")
    assert "url(" not in shown.style
    assert "@import" not in shown.style


def test_page_is_accessible() -> None:
    shown = page(verdict("ada", question("q1"), question("q2")))
    assert shown.attributes("html") == [{"lang": "en"}]
    headings = [int(tag[1]) for tag, _ in shown.tags if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))
    assert all(svg["aria-hidden"] == "true" for svg in shown.attributes("svg"))
    targets = {attributes["id"] for _, attributes in shown.tags if "id" in attributes}
    assert {(link["href"] or "")[1:] for link in shown.attributes("a")} <= targets


def test_same_verdict_same_page() -> None:
    given = verdict("Zoë 👩‍💻, PhD", question("q1"))
    assert render_feedback(given, title="Topic") == render_feedback(given, title="Topic")
    assert "Zoë 👩‍💻, PhD" in page(given).texts


def test_topic_without_points_is_no_division_by_zero() -> None:
    assert "of 0 points" in page(verdict("ada")).text


def test_a_recognised_mistake_is_met_with_its_advice() -> None:
    slip = question("q1", failed_hidden("q1 - 1")).model_copy(
        update={"recognised": "linear_output", "recognised_advice": "A probability needs a sigmoid <b>."}
    )
    html = render_feedback(verdict("ada", slip, question("q2")), title="Topic")
    shown = Page(html)
    assert shown.text.count("This looks like a slip that others have made before you.") == 1
    assert "A probability needs a sigmoid <b>." in shown.text
    for secret in (CANARY, "linear_output", "0.86125"):
        assert secret not in html


def test_a_manual_question_is_announced_and_counts_nowhere() -> None:
    answered, empty, lost = manual("q8", 4, "Because."), manual("q9", 1.5), manual("q10", 2, None)
    shown = page(verdict("ada", question("q1"), manual=(answered, empty, lost)))
    assert "1 of 1 point marked automatically 100 %" in shown.text
    assert "A person marks q8, q9, q10: 7.5 points more can be had there." in shown.texts
    assert shown.text.count("A person marks this question.") == 3
    assert "4 points, by hand" in shown.texts
    assert "A person marks this question. Your answer was found." in shown.texts
    assert "A person marks this question. No answer was found in your notebook." in shown.texts
    assert "A person marks this question. The question was not found in your notebook: ask your TA." in shown.texts
    assert {"#question-1", "#manual-1", "#manual-2", "#manual-3"} == {link["href"] for link in shown.attributes("a")}
    assert "Because." not in shown.text


def test_open_automatic_points_beside_a_manual_question() -> None:
    undecided = question("q1", case(), case("q1 - 2", "not_examined"))
    shown = page(verdict("ada", undecided, manual=(manual("q8", 4, "Because."),)))
    assert "1 of 2 points marked automatically, so far" in shown.text


def test_no_manual_question_no_word_of_it() -> None:
    assert "automatically" not in page(verdict("ada", question("q1"))).text
    assert "person" not in page(verdict("ada", question("q1"))).text


CURVE = LearningCurve("history", "val_loss", (0.7, 0.5, 0.6), (0.6, 0.4, 0.3), (0.8, 0.6, 0.5))


def page_with(*curves: LearningCurve) -> Page:
    given = verdict("ada", question("q1"), question("q2"))
    return Page(render_feedback(given, title="Topic", curves={"q2": curves}))


def test_a_learning_curve_is_shown_in_its_question() -> None:
    shown = page_with(CURVE)
    (chart,) = (svg for svg in shown.attributes("svg") if svg.get("role") == "img")
    assert chart["aria-label"] == (
        "Your validation loss: 0.7 after epoch 1, 0.6 after epoch 3. "
        "Nine of ten runs of a correct solution: between 0.3 and 0.5 after epoch 3."
    )
    assert shown.text.count("validation loss, epoch by epoch, over the range in which nine of ten runs") == 1
    assert shown.text.index("q2 1 of 1 point") < shown.text.index("yours")
    assert "edge" not in shown.text


def test_without_a_curve_there_is_no_word_of_it() -> None:
    assert not any("role" in svg for svg in page_with().attributes("svg"))
    assert "correct solution" not in page_with().text


def test_a_curve_that_is_far_off_is_said_to_be() -> None:
    assert "Where it runs along an edge" in page_with(replace(CURVE, values=(1e15, 0.5))).text


def test_a_training_loss_is_called_one_and_may_be_short() -> None:
    label = next(svg["aria-label"] for svg in page_with(replace(CURVE, metric="loss", values=(0.7,))).attributes("svg")
                 if "aria-label" in svg)  # fmt: skip
    assert label == (
        "Your training loss: 0.7 after epoch 1. "
        "Nine of ten runs of a correct solution: between 0.6 and 0.8 after epoch 1."
    )


def test_names_of_curves_are_text() -> None:
    attack = '"><script>alert(1)</script>'
    shown = page_with(replace(CURVE, name=attack, metric=f"val_{attack}"))
    assert "script" not in {tag for tag, _ in shown.tags}
    assert shown.text.count(attack) == 4
