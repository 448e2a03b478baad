"""What of rules reads several columns? Conditions that have no cells, asked one by one or as a frame.

Before: `rules_tracks`, which lays out all others. The codes are those of `rules`, and lower ones count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from hogar.expr.nodes import Value
from hogar.expr.rules_subjects import Subjects
from hogar.expr.rules_tracks import Bytes

PASSES = 255


@dataclass(frozen=True, kw_only=True, eq=False)
class Rest:
    """A condition that reads several columns, in both forms; `at` lists the rules that ask it, with its position."""

    at: tuple[tuple[int, int], ...]
    row: Callable[[Sequence[Value]], Value]
    frame: pl.Expr


def ask(rest: Sequence[Rest], codes: Bytes, subjects: Subjects) -> None:
    """Put into the codes (subjects, rules) what fails of the rest."""
    (_ask_rows if subjects.few else _ask_frame)(rest, codes, subjects)


def _ask_rows(rest: Sequence[Rest], codes: Bytes, subjects: Subjects) -> None:
    """Closures, each once a subject and only where nothing failed before it."""
    for values, known in zip(subjects.rows, codes, strict=True):
        for each in rest:
            open_ = [(rule, 2 * position) for rule, position in each.at if 2 * position < known[rule]]
            if open_ and (truth := each.row(values)) is not True:
                for rule, code in open_:
                    known[rule] = min(known[rule], code + (truth is None))  # a rule may ask twice


def _ask_frame(rest: Sequence[Rest], codes: Bytes, subjects: Subjects) -> None:
    """All as one frame."""
    truths = subjects.frame.select(
        each.frame.cast(pl.Int8).fill_null(-1).alias(str(number)) for number, each in enumerate(rest)
    )
    for each, series in zip(rest, truths.get_columns(), strict=True):
        truth = series.to_numpy()
        for rule, position in each.at:
            code = np.where(truth == 1, PASSES, 2 * position + (truth == -1)).astype(np.uint8)
            np.minimum(codes[:, rule], code, out=codes[:, rule])
