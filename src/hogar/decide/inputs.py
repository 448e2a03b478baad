"""What does each subject look like to the conditions? One scope's matrix, and the two forms that engines read.

A few subjects are read as rows of Python values by closures, many as a Polars frame; both come from the same
matrix (columns, subjects), so both engines see the same values.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cached_property
from operator import call
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from hogar.decide.binding import Bound, Column, ScopeBinding
from hogar.decide.situation import Floats, LooseValue, Situation
from hogar.telco.catalogue import FeatureType

DAYS_MAX = 1_000_000  # from 1970-01-01, either way: about the years that a date can have
SUBJECTS_BY_ROW_MAX = 48  # above this many subjects a frame costs less than rows


class Inputs:
    """One scope's subjects in one situation: `matrix` of shape (columns, subjects)."""

    def __init__(self, binding: ScopeBinding, situation: Situation) -> None:
        self.binding = binding
        self.matrix = _gather(binding, situation)
        self.subjects = self.matrix.shape[1]
        self.by_row = self.subjects <= SUBJECTS_BY_ROW_MAX
        self._loose = [_loose(column, situation) for column in binding.loose]

    @cached_property
    def rows(self) -> list[list[Any]]:
        """One list a subject: the columns that closures read, then the request's own values."""
        read = self.binding.read
        rows = [[None if value != value else value for value in row] for row in self.matrix[read].T.tolist()]
        for position, number in self.binding.decoded:
            column = self.binding.columns[number]
            for row in rows:
                row[position] = _decoded(column, row[position])
        return [[*row, *self._loose] for row in rows] if self._loose else rows

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The same values as columns, named as expressions name them."""
        series = [
            _series(self.binding.columns[number], self.matrix[number])
            for number in self.binding.read.tolist()
        ]
        series += [
            pl.Series(column.name, [value], dtype=_STORED[column.type])
            .cast(_DTYPES[column.type])
            .new_from_index(0, self.subjects)
            for column, value in zip(self.binding.loose, self._loose, strict=True)
        ]
        return pl.DataFrame(series) if series else pl.DataFrame({"": np.zeros(self.subjects)})

    def truths(self, bounds: Sequence[Bound]) -> npt.NDArray[np.int8]:
        """Conditions over all subjects, shape (conditions, subjects): 1 holds, 0 does not, -1 unknown."""
        frame = self.frame.select(bound.frame.cast(pl.Int8).alias(str(n)) for n, bound in enumerate(bounds))
        answers = np.empty((len(bounds), self.subjects), dtype=np.int8)
        for number, series in enumerate(frame.get_columns()):
            answers[number] = series.fill_null(-1).to_numpy()
        return answers

    def numbers(self, bounds: Sequence[Bound]) -> Floats:
        """Number expressions over all subjects, shape (expressions, subjects); NaN for unknown."""
        answers = np.empty((len(bounds), self.subjects), dtype=np.float64)
        varying = [number for number, bound in enumerate(bounds) if not bound.is_constant]
        for number, bound in enumerate(bounds):
            if bound.is_constant:
                value = bound.row(())
                answers[number] = np.nan if value is None else value
        if self.by_row:
            for number in varying:
                row = bounds[number].row
                answers[number] = [np.nan if (x := row(values)) is None else x for values in self.rows]
        elif varying:
            frame = self.frame.select(bounds[n].frame.cast(pl.Float64).alias(str(n)) for n in varying)
            for number, series in zip(varying, frame.get_columns(), strict=True):
                answers[number] = series.fill_null(np.nan).to_numpy()
        return answers

    def amounts(self, columns: npt.NDArray[np.intp], subjects: npt.NDArray[np.intp]) -> tuple[Floats, Floats]:
        """Interest and value of each (action's column, subject) pair, NaN for unknown, in one pass over the pairs.

        A few are asked one by one; of many, each action that occurs is computed for all subjects and then picked.
        """
        binding = self.binding
        if self.by_row:
            asked = columns.tolist()
            of_each = list(map(self.rows.__getitem__, subjects.tolist()))
            interest = map(call, map(binding.interest_rows.__getitem__, asked), of_each)
            value = map(call, map(binding.value_rows.__getitem__, asked), of_each)
            return np.array(list(interest), dtype=np.float64), np.array(list(value), dtype=np.float64)
        wanted = np.unique(columns)
        place = np.searchsorted(wanted, columns)
        return (
            self.numbers([binding.interest[column] for column in wanted.tolist()])[place, subjects],
            self.numbers([binding.value[column] for column in wanted.tolist()])[place, subjects],
        )


_STORED: dict[str, type[pl.DataType]] = {
    "boolean": pl.Boolean, "number": pl.Float64, "text": pl.String, "date": pl.Int32,
}  # fmt: skip
_DTYPES: dict[str, type[pl.DataType]] = {
    "boolean": pl.Boolean, "number": pl.Float64, "text": pl.String, "date": pl.Date,
}  # fmt: skip


def _gather(binding: ScopeBinding, situation: Situation) -> Floats:
    """Stack the columns of the scope's own entity, of its person, and of its household."""
    own = binding.entity
    count = {
        "household": len(situation.household_ids), "person": len(situation.person_ids),
        "line": len(situation.line_ids),
    }[own]  # fmt: skip
    blocks: list[Floats] = []
    for source, rows in binding.gathers:
        values = situation.values[source]
        block = values if len(rows) == len(values) else values[rows]  # rows are in order
        if source != own:
            if source == "household":
                owner = situation.person_household if own == "person" else situation.line_household
                block = block[:, owner]
            else:  # the person of a line is its user
                users = situation.line_user
                if block.shape[1]:
                    block = np.where(users >= 0, block[:, users], np.nan)
                else:
                    block = np.full((len(rows), count), np.nan)
        blocks.append(block)
    if len(blocks) == 1:
        return blocks[0]
    return np.concatenate(blocks) if blocks else np.zeros((0, count), dtype=np.float64)


def _loose(column: Column, situation: Situation) -> LooseValue:
    """A value of the request: `context.channel` is the one asked for where there is one only."""
    namespace, _, name = column.name.partition(".")
    request = situation.request
    value: LooseValue = request.event.get(name) if namespace == "event" else request.context.get(name)
    if column.name == "context.channel" and value is None and len(request.channels) == 1:
        return request.channels[0]
    return _possible(value, column.type)


def _possible(value: LooseValue, type_: FeatureType) -> LooseValue:
    """The value as its declared type has it; None where it cannot be: then the condition says unknown."""
    if type_ in ("text", "boolean"):
        return value if isinstance(value, str if type_ == "text" else bool) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if type_ == "date":
        return int(value) if abs(value) <= DAYS_MAX and value == int(value) else None
    return float(value) if abs(value) <= sys.float_info.max else None


def _decoded(column: Column, value: float | None) -> LooseValue:
    """A value as Python has it: text from its dictionary, yes or no, whole days."""
    if value is None:
        return None
    if column.type == "text":
        return column.dictionary[int(value)]
    return value != 0 if column.type == "boolean" else int(value)


def _series(column: Column, values: Floats) -> pl.Series:
    if column.type == "text":
        known = ~np.isnan(values)
        codes = np.where(known, values, 0).astype(np.int64)
        texts = pl.Series(column.name, column.dictionary or ("",), dtype=pl.String).gather(pl.Series(codes))
        return texts.zip_with(pl.Series(known), pl.Series(column.name, [None], dtype=pl.String)).alias(
            column.name
        )
    series = pl.Series(column.name, values).fill_nan(None)
    if column.type == "boolean":
        return series.cast(pl.Boolean)
    return series.cast(pl.Int32).cast(pl.Date) if column.type == "date" else series
