"""How do features become a matrix? Numbers, texts, booleans and dates as columns; what is unknown stays visible.

An encoding is learnt from the training rows alone. At scoring, a column that it knows and the frame lacks is
unknown for everybody; a column that it does not know is not read.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl

Matrix = npt.NDArray[np.float64]
LEVELS_MAX = 20  # texts rarer than the first so many share a column
_EPOCH = date(1970, 1, 1)


class NumberColumn(msgspec.Struct, frozen=True, tag="number"):
    """A number, boolean (0, 1) or date (days): its bounds against outliers, mean and spread, and if it can lack."""

    name: str
    low: float
    high: float
    mean: float
    spread: float
    lacks: bool


class TextColumn(msgspec.Struct, frozen=True, tag="text"):
    """A text: a column for each of the levels that training saw often."""

    name: str
    levels: tuple[str, ...]
    lacks: bool


class Encoding(msgspec.Struct, frozen=True):
    """The columns of a matrix, in order."""

    columns: tuple[NumberColumn | TextColumn, ...]

    @staticmethod
    def of(frame: pl.DataFrame) -> Encoding:
        """Learn it from training rows. A column that says the same of everybody is left out."""
        found: list[NumberColumn | TextColumn] = []
        for name in frame.columns:
            series = frame[name]
            if series.n_unique() > 1:
                text = series.dtype == pl.String
                found.append(_text_column(name, series) if text else _number_column(name, series))
        return Encoding(tuple(found))

    def names(self) -> tuple[str, ...]:
        """What each column of the matrix stands for."""
        found: list[str] = []
        for column in self.columns:
            if isinstance(column, TextColumn):
                found += [f"{column.name} = {level}" for level in column.levels]
            else:
                found.append(column.name)
            if column.lacks:
                found.append(f"{column.name} is unknown")
        return tuple(found)

    def matrix(self, frame: pl.DataFrame, unknown: Literal["mean", "nan"]) -> Matrix:
        """A row for each of the frame's: standardised with unknown numbers at the mean, or as they are with NaN."""
        blocks: list[Matrix] = []
        for column in self.columns:
            present = column.name in frame.columns
            if isinstance(column, TextColumn):
                values = frame[column.name] if present else pl.Series([None] * len(frame), dtype=pl.String)
                blocks += [_one_hot(values, level) for level in column.levels]
                lacking = values.is_null().to_numpy()
            else:
                numbers = _numbers(frame[column.name]) if present else np.full(len(frame), np.nan)
                lacking = np.isnan(numbers)
                if unknown == "mean":
                    clipped = np.clip(numbers, column.low, column.high)
                    numbers = np.where(lacking, 0.0, (clipped - column.mean) / column.spread)
                blocks.append(numbers)
            if column.lacks:
                blocks.append(lacking.astype(np.float64))
        return np.column_stack(blocks) if blocks else np.zeros((len(frame), 0))


def _number_column(name: str, series: pl.Series) -> NumberColumn:
    values = _numbers(series)
    known = values[~np.isnan(values)]
    low, high = (float(bound) for bound in np.quantile(known, (0.005, 0.995)))
    clipped = np.clip(known, low, high)
    spread = float(clipped.std())
    return NumberColumn(
        name=name, low=low, high=high, mean=float(clipped.mean()), spread=spread if spread > 1e-9 else 1.0,
        lacks=len(known) < len(values),
    )  # fmt: skip


def _text_column(name: str, series: pl.Series) -> TextColumn:
    known = series.drop_nulls()
    counts = known.value_counts().sort(["count", known.name], descending=[True, False])
    levels = tuple(sorted(counts[known.name].head(LEVELS_MAX).to_list()))
    return TextColumn(name=name, levels=levels, lacks=len(known) < len(series))


def _numbers(series: pl.Series) -> Matrix:
    if series.dtype == pl.Date:
        series = (series - pl.Series([_EPOCH])).dt.total_days()
    return series.cast(pl.Float64).fill_null(np.nan).to_numpy()


def _one_hot(values: pl.Series, level: str) -> Matrix:
    return (values == level).fill_null(False).to_numpy().astype(np.float64)
