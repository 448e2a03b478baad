"""Which telephone number has a line? Nine digits; a number that came free is given to somebody else after a while.

Reads lines with their ends; returns a number per line. After: leaving.
"""

from __future__ import annotations

import numpy as np

from hogar.twin.arrays import Texts
from hogar.twin.chance import distinct
from hogar.twin.contracts.lines import FIXED_VOICE, Lines
from hogar.twin.parameters import Params

QUARANTINE = 30  # days for which a number rests
MOBILE_FIRST, MOBILE_COUNT = 600_000_000, 200_000_000
FIXED_FIRST, FIXED_COUNT = 910_000_000, 78_000_000


def numbers_of(lines: Lines, params: Params, rng: np.random.Generator) -> Texts:
    """A number for each mobile and fixed voice line, "" for the others; some new ones were another home's before."""
    numbers = np.full(len(lines), -1, dtype=np.int64)
    mobile, voice = np.flatnonzero(lines.mobile), np.flatnonzero(lines.kind == FIXED_VOICE)
    numbers[mobile] = MOBILE_FIRST + distinct(rng, MOBILE_COUNT, len(mobile))
    numbers[voice] = FIXED_FIRST + distinct(rng, FIXED_COUNT, len(voice))
    _recycle(numbers, lines, params, rng)
    return np.array([str(number) if number >= 0 else "" for number in numbers.tolist()], dtype=object)


def _recycle(numbers: np.ndarray, lines: Lines, params: Params, rng: np.random.Generator) -> None:
    """Gives numbers of lines that ended, each once, to lines of other homes that started a while later."""
    ended = np.flatnonzero(lines.mobile & ~np.isnat(lines.ended))
    if not len(ended):
        return
    ended = ended[np.argsort(lines.ended[ended], kind="stable")]
    free = lines.ended[ended] + np.timedelta64(QUARANTINE, "D")
    new = np.flatnonzero(
        lines.mobile & (lines.ported_from < 0) & (lines.started > free[0]) & (lines.segment == 0)
    )
    new = new[rng.random(len(new)) < params.contracts.recycled]
    earlier = np.searchsorted(free, lines.started[new], side="left")
    from_line = ended[(rng.random(len(new)) * earlier).astype(np.int64)]
    strangers = (lines.user[from_line] != lines.user[new]) & (lines.home[from_line] != lines.home[new])
    from_line, new = from_line[strangers], new[strangers]
    _, once = np.unique(from_line, return_index=True)
    numbers[new[once]] = numbers[from_line[once]]
