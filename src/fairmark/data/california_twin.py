"""The offline twin of California's house prices: 20,640 block groups that teach what the real ones teach.

As in the real file, the first 600 lie round one city. No row of it is a real place: only how each feature is
spread follows the real data.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fairmark.data.housing_twin import Column, draw_columns, draw_noise
from fairmark.data.integers import Knots, interpolated
from fairmark.data.twin import Arrays

SEED = 19_970_113

CONTENT_SHA256 = "87c2b2adc26a4ea0ea7d3b6f9c38e8bc1e241ed88bed2478fd74403942dfe280"
"""What `twin.content_sha256` gives for ``generate(SEED)``."""

_FEATURES = ("longitude", "latitude", "age", "rooms", "bedrooms", "people", "households", "income")


@dataclass(frozen=True)
class _Region:
    """A part of the file.

    Attributes:
        rows: its number of block groups.
        columns: how they are spread; rooms, bedrooms and people are those of a household. The common factors
            are how wealthy a block group is, how far north, and how big.
        places: from longitude plus latitude (in hundredths of a degree) to what the place adds to a price, in
            100 dollars.
    """

    rows: int
    columns: dict[str, Column]
    places: Knots


# The hills above the city are dear.
_CITY = _Region(
    rows=600,
    columns={
        "longitude": Column(
            ((0, -12_234), (50, -12_229), (200, -12_227), (500, -12_224), (800, -12_219), (950, -12_213),
             (1000, -12_206)),
            weights=(0, -60, 0), own=60, per=100),
        "latitude": Column(
            ((0, 3769), (50, 3773), (200, 3776), (500, 3780), (800, 3785), (950, 3789), (1000, 3790)),
            weights=(30, 60, 0), own=50, per=100),
        "age": Column(
            ((0, 2), (50, 25), (100, 30), (200, 37), (300, 41), (400, 44), (500, 48), (600, 51), (650, 52), (1000, 52)),
            weights=(0, 30, -30), own=80, per=1),
        "households": Column(
            ((0, 7), (50, 123), (100, 155), (200, 207), (300, 257), (400, 295), (500, 346), (600, 382), (700, 443),
             (800, 516), (900, 684), (950, 949), (990, 1742), (1000, 2718)),
            weights=(0, 0, 100), own=20, per=1),
        "rooms": Column(
            ((0, 1714), (50, 3218), (100, 3671), (200, 4111), (300, 4404), (500, 4877), (700, 5584), (800, 6177),
             (900, 6876), (950, 7512), (1000, 9210)),
            weights=(80, 0, 0), own=60, per=1000),
        "bedrooms": Column(
            ((0, 571), (50, 945), (200, 1003), (500, 1057), (800, 1112), (950, 1192), (990, 1368), (1000, 1753)),
            weights=(-20, 0, 0), own=100, per=1000),
        "people": Column(
            ((0, 1437), (50, 1820), (200, 2161), (500, 2545), (800, 3053), (900, 3395), (950, 3763), (990, 5396),
             (1000, 12_234)),
            weights=(-15, 0, 0), own=100, per=1000),
        "income": Column(
            ((0, 4999), (50, 12_171), (100, 16_009), (200, 19_615), (300, 22_930), (400, 26_094), (500, 29_405),
             (600, 32_984), (700, 39_444), (800, 49_643), (900, 61_740), (950, 72_660), (1000, 134_990)),
            weights=(85, 20, 0), own=45, per=10_000),
    },
    places=((-8465, 500), (-8449, 100), (-8445, -200), (-8441, 0), (-8436, 700), (-8416, 1200)),
)  # fmt: skip

# The coast is dear.
_STATE = _Region(
    rows=20_040,
    columns={
        "longitude": Column(
            ((0, -12_435), (50, -12_247), (100, -12_229), (200, -12_190), (300, -12_128), (400, -11_974),
             (500, -11_845), (600, -11_828), (800, -11_787), (950, -11_707), (1000, -11_431)),
            weights=(0, -90, 0), own=30, per=100),
        "latitude": Column(
            ((0, 3254), (50, 3281), (100, 3361), (200, 3386), (400, 3408), (500, 3422), (600, 3632), (700, 3737),
             (800, 3778), (900, 3851), (1000, 4195)),
            weights=(0, 90, 0), own=30, per=100),
        "age": Column(
            ((0, 1), (100, 12), (200, 16), (500, 28), (700, 35), (800, 39), (900, 45), (950, 52), (1000, 52)),
            weights=(-10, 0, -30), own=80, per=1),
        "households": Column(
            ((0, 1), (10, 31), (50, 125), (100, 186), (200, 255), (500, 412), (700, 557), (800, 670), (900, 894),
             (950, 1166), (990, 1989), (1000, 6082)),
            weights=(0, 0, 100), own=20, per=1),
        "rooms": Column(
            ((0, 846), (50, 3441), (200, 4273), (500, 5238), (800, 6270), (950, 7646), (990, 10_419), (1000, 20_000)),
            weights=(50, 0, 0), own=80, per=1000),
        "bedrooms": Column(
            ((0, 333), (50, 939), (200, 995), (500, 1048), (800, 1115), (950, 1276), (990, 2159), (1000, 5000)),
            weights=(-10, 0, 0), own=100, per=1000),
        "people": Column(
            ((0, 692), (50, 1875), (200, 2346), (500, 2828), (800, 3434), (950, 4345), (990, 5393), (1000, 12_000)),
            weights=(0, 0, 0), own=100, per=1000),
        "income": Column(
            ((0, 4999), (50, 16_094), (100, 19_167), (200, 23_667), (300, 27_619), (500, 35_511), (700, 44_500),
             (800, 51_121), (900, 61_575), (950, 73_003), (990, 106_186), (1000, 150_001)),
            weights=(85, 0, 0), own=50, per=10_000),
    },
    places=((-9100, 700), (-8460, 600), (-8400, 0), (-8000, -400)),
)  # fmt: skip

# What else adds to a price, in 100 dollars: income, people in a household, bedrooms in a thousand rooms, age.
_INCOME = ((0, 1100), (20_000, 1300), (50_000, 2400), (80_000, 3600), (150_000, 5000))
_PEOPLE = ((0, 700), (1437, 700), (2500, 0), (3500, -400), (12_234, -700))
_BEDROOMS = ((0, 200), (200, 100), (300, -200), (1000, -400))
_AGE = ((0, 0), (30, -50), (52, 150))

_NOISE = 180
"""Mean size of what no feature explains, in 100 dollars: a perfect model would still be wrong by as much."""


def generate(seed: int = SEED) -> Arrays:
    """The twin's content, the same for a seed on every machine.

    ``x`` float32 (20640, 8): longitude, latitude, age of the houses (years), rooms, bedrooms, people,
    households, median income (10,000 dollars); ``y`` float32 (20640,), the price in dollars.
    """
    bits = np.random.PCG64(seed)
    (city_x, city_y), (state_x, state_y) = _draw(bits, _CITY), _draw(bits, _STATE)
    return {"x": np.concatenate([city_x, state_x]), "y": np.concatenate([city_y, state_y])}


def _draw(bits: np.random.PCG64, region: _Region) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Features (rows, 8) and prices (rows,) of a region."""
    drawn = draw_columns(bits, region.rows, region.columns)
    rooms, bedrooms, people = drawn["rooms"], drawn["bedrooms"], drawn["people"]
    price = interpolated(region.places, drawn["longitude"] + drawn["latitude"])
    price += interpolated(_INCOME, drawn["income"]) + interpolated(_AGE, drawn["age"])
    price += interpolated(_PEOPLE, people) + interpolated(_BEDROOMS, np.minimum(1000 * bedrooms // rooms, 1000))
    price += draw_noise(bits, region.rows, _NOISE)
    # As in the real data, a block group says how many there are of each, and prices stop at both ends.
    for name, each in (("rooms", rooms), ("bedrooms", bedrooms), ("people", people)):
        drawn[name] = np.maximum(drawn["households"] * each // 1000, 1)
    units = {name: column.per for name, column in region.columns.items()} | {"rooms": 1, "bedrooms": 1, "people": 1}
    x = np.stack([drawn[name] / units[name] for name in _FEATURES], axis=1)
    return x.astype(np.float32), np.clip(100 * price, 14_999, 500_001).astype(np.float32)
