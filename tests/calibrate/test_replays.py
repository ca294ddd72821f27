"""What replayed seeds of a topic's notebooks rest on."""

from fairmark.calibrate.replays import drawn_epochs


def test_choices_of_epochs_are_said_in_one_note() -> None:
    said = drawn_epochs({"reference": (60, 39, 52), "tf_data": (54, 60)})
    assert "one of their reruns: reference (39 to 60 in 3 reruns), tf_data (54 to 60 in 2 reruns); a choice" in said
