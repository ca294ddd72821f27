"""How surely a bar fails a known mistake, and how rarely a right answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from scipy import stats

from fairmark.examine.verdict import Direction


@dataclass(frozen=True)
class Power:
    """Failing runs of one notebook's seeds at one bar."""

    failed: int
    seeds: int
    runs: int
    """How many runs a submission has: it fails if all of them do."""

    @property
    def share(self) -> float:
        """Share of the seeds that miss the bar."""
        return self.failed / self.seeds

    def estimated(self) -> float:
        """Return the estimated chance that every run fails."""
        return self.share**self.runs

    def guaranteed(self, confidence: float) -> float:
        """Return a lower bound of that chance: Clopper and Pearson's one-sided limit (1934), to the power of runs."""
        test = stats.binomtest(self.failed, self.seeds, alternative="greater")
        return float(test.proportion_ci(confidence, method="exact").low ** self.runs)

    def at_most(self, confidence: float) -> float:
        """Return an upper bound of that chance, in the same way."""
        test = stats.binomtest(self.failed, self.seeds, alternative="less")
        return float(test.proportion_ci(confidence, method="exact").high ** self.runs)


def power(values: Sequence[float], bar: float, direction: Direction, runs: int) -> Power:
    """Count how many of ``values`` miss ``bar``; NaN does."""
    met = sum(value >= bar if direction == "at_least" else value <= bar for value in values)
    return Power(len(values) - met, len(values), runs)
