"""What does each subject look like to an expression? A matrix of floats, and the two forms that the engines read.

A few subjects are read as rows of Python values by closures, many as a Polars frame; both are made from the same
matrix (columns, subjects), when somebody asks, so that both engines see the same values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from hogar.expr.nodes import Value
from hogar.telco.catalogue import FeatureType

Floats = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

FEW_MAX = 48  # above this many subjects a frame costs less than closures


@dataclass(frozen=True, kw_only=True)
class RuleColumn:
    """A name that rules may use. Of a text column `dictionary` has the texts by code."""

    name: str
    type: FeatureType
    dictionary: tuple[str, ...] = ()

    @cached_property
    def codes(self) -> Mapping[Value, float]:
        """The code of every text, and of NULL."""
        codes: dict[Value, float] = {text: float(code) for code, text in enumerate(self.dictionary)}
        return codes | {None: np.nan}


class Subjects:
    """Some subjects: `matrix` has a row a column and a column a subject; NaN is unknown, texts are codes of the
    column's dictionary, dates days since 1970-01-01, booleans 0 and 1.

    Columns beyond the matrix have one value for all subjects, `given` as Python has it. `reads` are the columns that
    closures and frames may ask for. Of a `few` subjects one asks closures, of many a frame.
    """

    def __init__(
        self,
        columns: Sequence[RuleColumn],
        matrix: Floats,
        given: Sequence[Value] = (),
        *,
        reads: Sequence[int],
        few_max: int = FEW_MAX,
    ) -> None:
        self.columns, self.matrix, self.given, self.reads = columns, matrix, given, reads
        self.few = matrix.shape[1] <= few_max

    def __len__(self) -> int:
        return int(self.matrix.shape[1])

    @cached_property
    def rows(self) -> list[tuple[Value, ...]]:
        """One row a subject, laid out like the columns; None for NULL and for columns that nobody reads."""
        count = len(self)
        columns: list[Sequence[Value]] = [(None,) * count] * len(self.columns)
        floats = self.matrix.tolist()
        for number in self.reads:
            if number < len(floats):
                columns[number] = _as_python(self.columns[number], floats[number])
            else:
                columns[number] = (self.given[number - len(floats)],) * count
        return list(zip(*columns, strict=True)) if columns else [()] * count

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The columns that are read, named as expressions name them."""
        series = [self._series(number) for number in self.reads]
        return pl.DataFrame(series) if series else pl.DataFrame({"": np.zeros(len(self))})

    def _series(self, number: int) -> pl.Series:
        """A column as Polars has it."""
        column = self.columns[number]
        if number >= len(self.matrix):
            given = pl.Series(
                column.name, [self.given[number - len(self.matrix)]], dtype=_STORED[column.type]
            )
            return given.cast(_DTYPES[column.type]).new_from_index(0, len(self))
        values = self.matrix[number]
        if column.type == "text":
            known = ~np.isnan(values)
            codes = pl.Series(np.where(known, values, 0).astype(np.int64))
            texts = pl.Series(column.name, column.dictionary or ("",), dtype=pl.String).gather(codes)
            nothing = pl.Series(column.name, [None], dtype=pl.String)
            return texts.zip_with(pl.Series(known), nothing).alias(column.name)
        series = pl.Series(column.name, values).fill_nan(None)
        if column.type == "boolean":
            return series.cast(pl.Boolean)
        return series.cast(pl.Int32).cast(pl.Date) if column.type == "date" else series


def _as_python(column: RuleColumn, floats: Sequence[float]) -> Sequence[Value]:
    """A column's values as Python has them."""
    if column.type == "number":
        return [None if value != value else value for value in floats]
    if column.type == "text":
        return [None if value != value else column.dictionary[int(value)] for value in floats]
    if column.type == "boolean":
        return [None if value != value else value != 0 for value in floats]
    return [None if value != value else int(value) for value in floats]


_STORED: dict[FeatureType, type[pl.DataType]] = {
    "boolean": pl.Boolean, "number": pl.Float64, "text": pl.String, "date": pl.Int32,
}  # fmt: skip
_DTYPES: dict[FeatureType, type[pl.DataType]] = {
    "boolean": pl.Boolean, "number": pl.Float64, "text": pl.String, "date": pl.Date,
}  # fmt: skip
