"""The hostile corpus: what students might hand in to break the grader, and the row that each must get.

The entries stand where their code does: `reading`, `replacing`, `forging`, `escaping`, `exhausting`, `oddities`.
"""

from tests.classroom import unchanged
from tests.hostile.escaping import ESCAPING
from tests.hostile.exhausting import EXHAUSTING
from tests.hostile.forging import FORGING
from tests.hostile.hand_in import FULL, HandIn
from tests.hostile.oddities import FILES, FORMS, NAMES
from tests.hostile.reading import READING
from tests.hostile.replacing import REPLACING

INNOCENT = "innocent"

CORPUS: dict[str, HandIn] = {
    **READING,
    **REPLACING,
    **FORGING,
    **ESCAPING,
    **EXHAUSTING,
    **NAMES,
    **FORMS,
    **FILES,
    INNOCENT: HandIn(unchanged, "graded", FULL, least=FULL, why="whoever sits among all these gets their own mark"),
}
