"""What do the number functions give? Plain Python, the same to the last bit as the Polars and DuckDB forms.

`ln` and `exp` are the C library's in all three, so they agree to the last bit; NumPy has its own and does not.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable

# The largest number whose power is still a number; for the next one `exp` leaves float64.
EXP_MAX = math.log(sys.float_info.max)


def least(values: tuple[float | None, ...]) -> float | None:
    """The least that is not NULL; NULL when all are."""
    return min((value for value in values if value is not None), default=None)


def greatest(values: tuple[float | None, ...]) -> float | None:
    """The greatest that is not NULL; NULL when all are."""
    return max((value for value in values if value is not None), default=None)


def rounding(digits: int) -> Callable[[float], float]:
    """A function that rounds to `digits`, halves away from zero; too large to be scaled is left as it is.

    The number is scaled, rounded, scaled back, as DuckDB does it: `round(2.675, 2)` is 2.68, because 2.675 * 100 is
    267.5 in float64.
    """
    scale = 10.0 ** abs(digits)

    def rounded_after(number: float) -> float:
        scaled = number * scale
        return _rounded(scaled) / scale if math.isfinite(scaled) else number

    def rounded_before(number: float) -> float:
        back = _rounded(number / scale) * scale
        return back if math.isfinite(back) else 0.0

    return rounded_after if digits >= 0 else rounded_before


def _rounded(number: float) -> float:
    """To the next whole number, halves away from zero."""
    whole = float(math.trunc(number))
    return whole + math.copysign(1.0, number) if abs(number - whole) >= 0.5 else whole
