import base64
import hashlib
import math
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from fairmark.calibrate.found import BarFound, Sample
from fairmark.calibrate.page import calibration_page
from fairmark.examine.verdict import Direction
from tests.calibrate.found_samples import PROMISE, bands, bar, found
from tests.report.html_page import Page

MARKUP = '<script>alert("&")</script>'


def page(*bars: BarFound) -> Page:
    return Page(calibration_page(found(*bars)))


def test_counts_are_said_with_their_percent() -> None:
    text = page().text
    value = bar().any_of_m
    assert f"at least {value:,.0f} of 25,000 ({value / 250:.2f} %) . A correct solution misses this bar" in text
    assert "in all 3 runs with probability 0.0005 at most (1 in 2,000), at 95 % confidence" in text
    assert "a wider bar stands there: at least" in text
    assert f"bar for a single run: {value - 200:,.0f} of 25,000 ({(value - 200) / 250:.2f} %)" in text


def test_errors_are_said_with_four_digits() -> None:
    text = page(bar("at_most")).text
    assert f"at most {bar('at_most').any_of_m:.4g} . A correct solution misses this bar" in text
    assert "correct predictions" not in text
    assert "%)" not in text


def test_false_fails_of_the_class_are_summed_over_the_bars() -> None:
    text = page(bar("at_least"), bar("at_most")).text
    assert "0.2 at most false fails to expect in a class of 200" in text
    assert "200 × (0.0005 + 0.0005) = 0.2 false fails to expect at most, on average" in text


def test_false_fails_are_one_number_where_no_right_answer_fares_worse() -> None:
    assert re.search(r"\d to [\d.]+ false fails estimated from the seeds", page().text)
    alone = replace(bar(), samples=tuple(one for one in bar().samples if one.kind != "alternative"))
    said = re.search(r"class of 200 (.+?) false fails estimated from the seeds", page(alone).text)
    assert said is not None
    assert " to " not in said[1]


@pytest.mark.parametrize("direction", ["at_least", "at_most"])
def test_no_line_is_drawn_across_a_label(direction: Direction) -> None:
    html = calibration_page(found(bar(direction)))
    chart = html[html.index("<svg class") : html.index("</svg>", html.index("<svg class"))]
    last_line = max(chart.index(f'<path class="{line}"') for line in ("T", "single"))
    beyond = "below" if direction == "at_least" else "above"
    assert last_line < min(chart.index(label) for label in ("label-T", "label-single", f"minor {beyond}"))


@pytest.mark.parametrize("direction", ["at_least", "at_most"])
def test_every_sample_is_in_the_table_and_the_chart(direction: Direction) -> None:
    shown = page(bar(direction))
    # The table and the chart; the reference is compared with its reruns, too.
    for name, times in (("reference", 3), ("tf data", 2)):
        assert shown.texts.count(name) == times
    for number, name in enumerate(("hidden layers without activation", "one epoch", "labels not cut"), 1):
        assert f"{name} · {number}" in shown.texts
        assert f"{number} {name} 200 replay" in shown.text
    assert shown.text.count("sets the bar") == 1
    assert "◂ 200 seeds further out" in shown.text or "200 seeds further out, mean 11.5" in shown.text
    assert "Further off than this chart reaches: 2 3" in shown.text
    assert "so no bar can see them: 1" in shown.text


def test_diagnostics_are_no_part_of_the_promise() -> None:
    text = page().text
    assert "Diagnostics not used for the bar" in text
    assert "Normal tolerance limit of the reference" in text
    assert "differs: rerun was used" in text
    assert "0.62 0.0031" in text


def test_what_no_bar_sees_and_what_it_ran_on_is_said() -> None:
    text = page().text
    assert "What is left to other checks" in text
    assert "metric forgotten" in text
    assert "Replay differs, so rerun was used." in text
    assert "Trained on CPU (2 cores), with python 3.11.7, keras 3.15.1." in text
    assert "30 seeds by rerun 902 seeds by replay" in text
    assert "imdb-twin-68d8001f9a81.csv" in text


def test_what_the_bar_for_a_single_run_misses_is_said() -> None:
    """It is wider: what three runs surely catch may pass in one."""
    made = bar()
    assert made.single is not None
    (sample,) = (one for one in made.samples if one.name == "one_epoch")
    missed = sum(value < made.single for value in sample.values)
    assert f'title="{missed} of 200"' in calibration_page(found(made))
    assert "misses the single bar" in page(made).text
    assert "misses the single bar" not in page(replace(made, single=None)).text


def test_a_bar_that_no_mistake_tries_says_so() -> None:
    made = bar()
    untried = replace(made, samples=tuple(replace(one, must_fail=False) for one in made.samples))
    said = "No known mistake is named that this bar must catch"
    assert said in page(untried).text
    assert said not in page(made).text


def test_without_a_single_bar_the_page_says_so() -> None:
    text = page(replace(bar(), single=None, comparisons=())).text
    assert "There is no bar for places that run a notebook once" in text
    assert "bar for a single run" not in text
    assert "No sample was both rerun and replayed." in text


def test_one_run_is_worded_as_one() -> None:
    text = page(replace(bar(), promise=replace(PROMISE, runs=1))).text
    assert "misses this bar in its only run with probability" in text
    assert "run again" not in text
    assert "fails one run" not in text


def test_runs_that_diverged_and_seeds_that_agree_are_drawn() -> None:
    diverged = Sample("rate_of_one", "misconception", "rerun", (math.nan, math.inf, 2.9, 3.1), must_fail=True)
    same = Sample("reference", "reference", "replay", (2.5,) * 40, 1, 2.5)
    shown = page(replace(bar("at_most"), any_of_m=2.5, single=None, samples=(same, diverged)))
    assert "4 rerun 2 diverged" in shown.text
    assert "Further off than this chart reaches: 1" in shown.text
    drawn = [str(value) for _, attributes in shown.tags for value in attributes.values()]
    assert not any("nan" in value or "inf" in value for value in drawn)


def test_learning_curves_are_shown_once_a_history() -> None:
    shown = Page(calibration_page(replace(found(), bands=bands())))
    assert shown.texts.count("Learning curves of the reference") == 1
    assert "what the reference's 30 reruns reached" in shown.text
    labels = [str(svg["aria-label"]) for svg in shown.attributes("svg") if svg.get("class") == "band-chart"
              and "aria-label" in svg]  # fmt: skip
    assert labels == [
        "loss of history by epoch, in training and validation",
        "accuracy of history by epoch, in training",
        "loss of history by epoch, in training",
    ]
    assert shown.text.count("history in q5, q6") == 2
    assert shown.text.count("history in q9") == 1
    assert "Learning curves" not in page().text


def test_names_are_text_wherever_they_stand() -> None:
    named = replace(bar(), name=MARKUP, samples=tuple(replace(one, name=MARKUP) for one in bar().samples))
    named = replace(named, comparisons=tuple(replace(one, sample=MARKUP) for one in named.comparisons))
    whole = replace(
        found(named),
        topic=MARKUP,
        title=MARKUP,
        data=MARKUP,
        device=MARKUP,
        versions={MARKUP: MARKUP},
        structural=(MARKUP,),
        notes=(MARKUP,),
        bands=bands(MARKUP),
    )
    shown = Page(calibration_page(whole))
    assert shown.attributes("script") == []
    assert shown.text.count(MARKUP) > 15


def test_the_page_loads_nothing() -> None:
    html = calibration_page(replace(found(bar("at_least"), bar("at_most")), bands=bands()))
    shown = Page(html)
    for tag, attributes in shown.tags:
        assert tag not in {"script", "link", "img", "image", "use", "iframe", "object", "a"}
        assert not {"src", "href", "xlink:href", "style"} & attributes.keys()
    assert "url(" not in shown.style
    assert "@import" not in shown.style
    digest = base64.b64encode(hashlib.sha256(shown.style.encode()).digest()).decode()
    policy = [one["content"] for one in shown.attributes("meta") if one.get("http-equiv") == "Content-Security-Policy"]
    assert policy == [f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"]


def test_equal_findings_give_equal_bytes_in_another_process() -> None:
    script = (
        "import sys; from fairmark.calibrate.page import calibration_page;"
        "from tests.calibrate.found_samples import found;"
        "sys.stdout.buffer.write(calibration_page(found()).encode()); assert 'matplotlib' not in sys.modules"
    )
    other = subprocess.run(
        [sys.executable, "-c", script], cwd=Path(__file__).parents[2], capture_output=True, check=True, timeout=300
    )
    assert other.stdout.decode() == calibration_page(found())


def test_what_cannot_be_shown_is_refused() -> None:
    with pytest.raises(ValueError, match="the sample 'lost' holds no number"):
        Sample("lost", "misconception", "rerun", (math.nan,))
    with pytest.raises(ValueError, match="has no sample of the reference"):
        replace(bar(), samples=bar().samples[1:2])
    with pytest.raises(ValueError, match="is no number: too many runs of a sample diverged"):
        replace(bar(), single=math.inf)
    with pytest.raises(ValueError, match="nothing can be compared"):
        replace(bar().comparisons[0], rerun=(math.nan,))
