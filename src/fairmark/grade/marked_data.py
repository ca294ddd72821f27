"""The data that a class is marked on: what it trained on or, only if somebody says so, the offline twin."""

from pathlib import Path

from fairmark import data
from fairmark.calibrate.names import threshold_names
from fairmark.data.choice import DATA_SETS
from fairmark.data.fetch import keras_home
from fairmark.thresholds import read_thresholds


def marked_data(name: str) -> str:
    """Return the fingerprint of the data set ``name`` as a class is marked on it.

    Raises DataUnavailable where only the twin is at hand and neither --twin nor FAIRMARK_DATA asks for it.
    """
    try:
        data.refuse_fallback(name)
    except data.DataUnavailable as error:
        files = ", ".join(file.name for file in DATA_SETS[name].files)
        raise data.DataUnavailable(
            f"the real {name} data can't be had ({error}), and a class that trained on it is not marked on other data "
            f"unasked: put {files} into {keras_home() / 'datasets'}, or give --twin to mark on the offline twin"
        ) from error
    return data.fingerprint(name)


def uncalibrated(grader: Path, fingerprint: str) -> str | None:
    """Return one line that says which bars of a topic's tests were never found on this data; None if all were."""
    bars = read_thresholds(grader)
    lacking = sorted(name for name in threshold_names(grader) if fingerprint not in bars.get(name, {}))
    if not lacking:
        return None
    calibrated = sorted({other for name in lacking for other in bars.get(name, {})})
    return (
        f"no threshold {', '.join(lacking)} for {fingerprint}, on which this class is marked (calibrated: "
        f"{', '.join(calibrated) or 'none'}): what needs it is left to the TA; run `fairmark calibrate {grader.name}`"
    )
