"""The offline twin of Boston's house prices: 506 suburbs that teach what the real ones teach.

No row of it is a real suburb: only how each feature is spread follows the real data.
"""

import numpy as np

from fairmark.data.housing_twin import Column, draw_columns, draw_noise
from fairmark.data.integers import interpolated
from fairmark.data.twin import Arrays

SEED = 1980

CONTENT_SHA256 = "e6ae14f6ff397f037f6df2a9ca4b9ddf16433960a3ae30989b49611674f7ed7f"
"""What `twin.content_sha256` gives for ``generate(SEED)``."""

ROWS = 506

# The common factors are how urban and how wealthy a suburb is.
_COLUMNS = {
    "CRIM": Column(
        ((0, 632), (50, 2763), (100, 3768), (200, 6417), (300, 10_000), (400, 15_038), (500, 25_387), (600, 55_007),
         (700, 180_028), (800, 558_107), (900, 1_067_180), (950, 1_586_030), (990, 4_152_920), (1000, 8_897_620)),
        weights=(80, -25), own=45, per=100_000),
    "ZN": Column(
        ((0, 0), (730, 0), (800, 200), (900, 400), (950, 800), (1000, 1000)),
        weights=(-70, 25), own=60, per=10),
    "INDUS": Column(
        ((0, 46), (50, 218), (100, 289), (200, 439), (300, 596), (400, 738), (500, 969), (600, 1283), (700, 1810),
         (800, 1810), (900, 1958), (950, 2189), (1000, 2774)),
        weights=(80, -25), own=45, per=100),
    "CHAS": Column(
        ((0, 0), (931, 0), (931, 1), (1000, 1)),
        weights=(0, 15), own=100, per=1),
    "NOX": Column(
        ((0, 3850), (50, 4090), (200, 4420), (300, 4720), (400, 5070), (500, 5380), (600, 5750), (700, 6050),
         (800, 6680), (900, 7130), (950, 7400), (1000, 8710)),
        weights=(85, -10), own=45, per=10_000),
    "RM": Column(
        ((0, 3561), (10, 4519), (50, 5304), (100, 5593), (200, 5837), (300, 5951), (400, 6086), (500, 6208),
         (600, 6376), (700, 6510), (800, 6750), (900, 7148), (950, 7610), (1000, 8780)),
        weights=(-5, 65), own=75, per=1000),
    "AGE": Column(
        ((0, 29), (50, 177), (100, 263), (200, 378), (300, 525), (400, 654), (500, 773), (600, 859), (700, 918),
         (800, 956), (900, 988), (920, 1000), (1000, 1000)),
        weights=(75, -10), own=65, per=10),
    "DIS": Column(
        ((0, 11_296), (50, 14_608), (100, 16_232), (200, 19_512), (300, 22_616), (400, 26_403), (500, 31_992),
         (600, 38_750), (700, 45_404), (800, 56_150), (900, 68_147), (950, 78_278), (1000, 121_265)),
        weights=(-85, 0), own=50, per=10_000),
    "RAD": Column(
        ((0, 1), (50, 2), (100, 3), (300, 4), (480, 5), (690, 6), (740, 9), (740, 24), (1000, 24)),
        weights=(70, -20), own=55, per=1),
    "TAX": Column(
        ((0, 187), (50, 222), (200, 273), (300, 289), (400, 307), (500, 330), (600, 398), (730, 450), (730, 666),
         (990, 666), (1000, 711)),
        weights=(75, -20), own=50, per=1),
    "PTRATIO": Column(
        ((0, 126), (50, 147), (100, 147), (200, 166), (300, 178), (400, 184), (500, 190), (600, 197), (700, 202),
         (800, 202), (950, 210), (1000, 220)),
        weights=(35, -40), own=80, per=10),
    # In the real data this column is made from the share of Black residents. Here it only fills its place: it
    # is drawn by itself and moves no price, so it carries no information about people, nor about anything else.
    "B": Column(
        ((0, 32), (50, 8345), (100, 28_899), (200, 36_431), (300, 37_895), (400, 38_797), (500, 39_143),
         (600, 39_353), (700, 39_550), (760, 39_690), (1000, 39_690)),
        weights=(0, 0), own=100, per=100),
    "LSTAT": Column(
        ((0, 173), (50, 370), (100, 467), (200, 629), (300, 779), (400, 953), (500, 1134), (600, 1333), (700, 1569),
         (800, 1806), (900, 2298), (950, 2682), (1000, 3797)),
        weights=(45, -70), own=50, per=100),
}  # fmt: skip

_BASE = 2250
"""The price, in 10 dollars, to which the features add."""

# From a feature's value to what it adds. The bends are what a linear model misses.
_WORTH = {
    "CRIM": ((0, 50), (100_000, 0), (1_000_000, -200), (2_000_000, -350), (8_897_620, -550)),
    "CHAS": ((0, 0), (1, 250)),
    "NOX": ((3850, 150), (5380, 0), (7000, -250), (8710, -400)),
    "RM": ((3561, -150), (5500, -200), (6200, -50), (6600, 150), (7200, 900), (8780, 2500)),
    "AGE": ((0, 60), (500, 0), (1000, 50)),
    "DIS": ((11_296, 700), (20_000, 0), (40_000, -100), (121_265, -300)),
    "TAX": ((187, -47), (711, -178)),
    "PTRATIO": ((126, 250), (180, 0), (220, -200)),
    "LSTAT": ((173, 900), (500, 450), (1000, 0), (1600, -300), (2500, -550), (3797, -750)),
}

_NOISE = 145
"""Mean size of what no feature explains, in 10 dollars: a perfect model would still be wrong by as much."""


def generate(seed: int = SEED) -> Arrays:
    """The twin's content, the same for a seed on every machine.

    ``x`` float64 (`ROWS`, 13) and ``y`` float64 (`ROWS`,), the price in thousands of dollars.
    """
    bits = np.random.PCG64(seed)
    columns = draw_columns(bits, ROWS, _COLUMNS)
    worth = {name: interpolated(knots, columns[name]) for name, knots in _WORTH.items()}
    price = _BASE + sum(worth.values()) + draw_noise(bits, ROWS, _NOISE)
    # Rooms are worth more among the well-off: the two features do not just add up.
    price += worth["RM"] * worth["LSTAT"] // 2000
    x = np.stack([columns[name] / column.per for name, column in _COLUMNS.items()], axis=1)
    # As in the real data, prices are kept to a tenth and between 5 and 50.
    return {"x": x, "y": np.clip(price // 10, 50, 500) / 10}
