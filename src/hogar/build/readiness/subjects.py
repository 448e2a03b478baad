"""Of how many is it known? The subjects of a use case, with what the last build knows of each.

Reads the tables of the finished steps; returns counts. Who may not be profiled is no subject. Before: `judging`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from hogar.build.readiness.needs import FACTS, Need
from hogar.expr import Expression, frame
from hogar.strategy.names import ENTITIES_OF_SCOPE
from hogar.telco.catalogue import Entity

_KEYS: dict[Entity, str] = {"line": "line_id", "person": "person_id", "household": "household_id"}
_ALWAYS_KNOWN = ("owned", "ordered")  # who has no row for an offer does not hold it


@dataclass(frozen=True)
class Built:
    """The folders of the finished steps `resolve`, `features` and `train`."""

    resolve: Path
    features: Path
    train: Path | None

    def table(self, name: str) -> pl.DataFrame:
        """A table of the features' step."""
        return pl.read_parquet(self.features / f"{name}.parquet", glob=False)

    @cached_property
    def offers(self) -> pl.DataFrame:
        """What each offer means to whom."""
        return self.table("offers")

    @cached_property
    def scores(self) -> pl.DataFrame:
        """Scores by entity, id and model; none where nothing was trained."""
        none = {"entity": pl.String, "id": pl.String, "model": pl.String, "score": pl.Float64}
        return (
            pl.DataFrame(schema=none)
            if self.train is None
            else pl.read_parquet(self.train / "scores.parquet", glob=False)
        )


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The subjects of one use case: those of `scope` for which `among` holds, and what is known of them."""

    built: Built
    scope: Entity
    among: Expression | None
    needs: Sequence[Need]

    @property
    def count(self) -> int:
        """How many subjects there are."""
        return len(self.rows)

    def known(self, need: Need) -> int | None:
        """Of how many subjects a need is known; None where it is not about them."""
        if need.entity is None or need.entity not in ENTITIES_OF_SCOPE[self.scope]:
            return None
        if need.kind != "fact":
            if need.name in self.rows.columns:
                return self.rows[need.name].count()
            return 0 if need.kind == "score" else None  # a feature that the last build did not have yet
        columns = [column for column in FACTS.get(need.name, ("owned",)) if column not in _ALWAYS_KNOWN]
        if not columns:
            return self.count
        key = _KEYS[need.entity]
        of_offer = (pl.col("scope") == need.entity) & (pl.col("offer_id") == need.offering)
        told = self.built.offers.filter(of_offer).drop_nulls(columns).select(pl.col("id").alias(key))
        return len(self.rows.join(told, on=key, how="semi"))

    @cached_property
    def rows(self) -> pl.DataFrame:
        """One row a subject: its ids, and a column for each feature and score that is asked."""
        asked = {need.name for need in self.needs if need.kind in ("feature", "score")}
        asked |= self.among.names if self.among is not None else frozenset()
        rows = self._ids()
        for entity in ENTITIES_OF_SCOPE[self.scope]:
            key = _KEYS[entity]
            table = self.built.table(entity)
            own = {name: name.partition(".")[2] for name in sorted(asked) if name.startswith(f"{entity}.")}
            columns = [pl.col(column).alias(name) for name, column in own.items() if column in table.columns]
            rows = rows.join(table.select(pl.col("id").alias(key), *columns), on=key, how="left")
            for name in sorted(name for name in asked if name.startswith("score.")):
                of_model = (pl.col("entity") == entity) & (pl.col("model") == name.removeprefix("score."))
                told = self.built.scores.filter(of_model)
                if len(told):
                    rows = rows.join(
                        told.select(pl.col("id").alias(key), pl.col("score").alias(name)), on=key, how="left"
                    )
        return rows if self.among is None else rows.filter(frame(self.among))

    def _ids(self) -> pl.DataFrame:
        """The ids of all of this scope, and of the person and household that each leads to."""
        membership = pl.read_parquet(self.built.resolve / "membership.parquet", glob=False)
        hidden = self.built.table("unprofiled")["id"].implode()
        if self.scope == "household":
            return membership.select("household_id").unique().sort("household_id")
        people = membership.select("person_id", "household_id")
        if self.scope == "line":
            home = self.built.table("line_home")
            people = home.select("line_id", pl.col("user_id").alias("person_id"), "household_id")
        known = pl.col("person_id").is_not_null() & ~pl.col("person_id").is_in(hidden)
        return people.filter(known).sort(_KEYS[self.scope])
