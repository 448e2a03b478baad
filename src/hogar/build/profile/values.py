"""How do an entity's features become packed numbers? One float64 a column, NaN for unknown, texts as positions.

Takes the catalogue's features and their table; gives the columns of the schema and the bytes of each id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from hogar.telco.catalogue import Feature
from hogar.telco.profile import ProfileColumn


@dataclass(frozen=True, kw_only=True)
class Values:
    """All values of one entity: `columns` says what each position means, `rows` finds an id's bytes."""

    columns: tuple[ProfileColumn, ...]
    rows: dict[str, int]
    data: bytes

    @staticmethod
    def of(
        features: Sequence[Feature],
        table: pl.DataFrame,
        scores: pl.DataFrame,
        words: Mapping[str, tuple[str, ...]],
    ) -> Values:
        """The values of one entity, in the order of its features; scores come from their own long table.

        `words` are the texts that a feature (by its full name) may be, where that is laid down and not found.
        """
        packed = np.full(
            (len(table) + 1, len(features)), np.nan, dtype="<f8"
        )  # the last row is for unknown ids
        columns = []
        for number, feature in enumerate(features):
            series = _score(feature, table, scores) if feature.namespace == "score" else table[feature.name]
            dictionary: tuple[str, ...] = ()
            if feature.type == "text":
                dictionary = words.get(feature.full_name) or tuple(
                    series.drop_nulls().unique().sort().to_list()
                )
                known = pl.DataFrame(
                    {"": dictionary, "code": range(len(dictionary))}, schema_overrides={"": pl.String}
                )
                series = series.to_frame("").join(known, on="", how="left", maintain_order="left")["code"]
            elif feature.type == "date":
                series = series.cast(pl.Int32)
            packed[:-1, number] = series.cast(pl.Float64).fill_null(np.nan).to_numpy()
            columns.append(ProfileColumn(name=feature.full_name, type=feature.type, dictionary=dictionary))
        rows = dict(zip(table["id"].to_list(), range(len(table)), strict=True))
        return Values(columns=tuple(columns), rows=rows, data=packed.tobytes())

    def packed(self, id: str) -> bytes:
        """The bytes of one id; everything is unknown of an id that the table does not have."""
        width = 8 * len(self.columns)
        row = self.rows.get(id, len(self.rows))
        return self.data[row * width : (row + 1) * width]


def _score(feature: Feature, table: pl.DataFrame, scores: pl.DataFrame) -> pl.Series:
    wanted = (pl.col("model") == feature.name) & (pl.col("entity") == feature.entity)
    said = scores.filter(wanted).select("id", "score")
    return table.select("id").join(said, on="id", how="left", maintain_order="left")["score"]
