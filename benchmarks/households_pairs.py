"""Which pairs did the resolution look at, and what is true of them? Its table of pairs beside the truth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from benchmarks.households_judge import Codes, Flags, Floats, Truth

from hogar.households.constants import KINDS


@dataclass(frozen=True, kw_only=True)
class Found:
    """The persons found, and the true person that most of each one's parties are (-1: the truth knows none)."""

    party_person: pd.Series
    ids: pd.Index
    person: Codes

    @classmethod
    def of(cls, resolved: Path, truth: Truth) -> Found:
        """Read the resolution's persons and match them."""
        table = pq.read_table(resolved / "party_person.parquet").to_pandas()
        party_person = table.set_index("party_id")["person_id"].sort_index()
        true = truth.person_of_party.reindex(party_person.index)
        rows = pd.DataFrame({"found": party_person.to_numpy(), "true": true.to_numpy()}).dropna()
        counts = rows.groupby(["found", "true"]).size().reset_index(name="count")
        first = counts.sort_values(["found", "count", "true"], ascending=[True, False, True])
        first = first.drop_duplicates("found").set_index("found")["true"]
        ids = pd.Index(sorted(set(party_person)))
        return cls(party_person=party_person, ids=ids, person=_numbers(first.reindex(ids)))

    def homes(self, home: Codes, truth: Truth) -> Codes:
        """The home of each true person, given one for each person found."""
        by_person = pd.Series(home, index=self.ids).astype(str)
        of_party = by_person.reindex(self.party_person.to_numpy())
        return truth.found_homes(pd.Series(of_party.to_numpy(), index=self.party_person.index))


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """The candidate pairs of a resolution whose persons the truth knows, one a row.

    `a`, `b` are places in `Found.ids`; `code` is the pair of true persons, -1 where one was split in two. `together`:
    they truly live together. `sure`: the training was anchored on it. `ruled`: a law or a word decides, not the
    estimate; `declared` is that word (1, -1, 0 for none). `evidence` has a column for each kind and two for the rules,
    NaN where nothing was observed. `folds` tells true homes apart.
    """

    a: Codes
    b: Codes
    code: Codes
    home_a: Codes
    home_b: Codes
    together: Flags
    sure: Flags
    ruled: Flags
    declared: Codes
    probability: Floats
    evidence: Floats

    @classmethod
    def of(cls, resolved: Path, truth: Truth, found: Found) -> Pairs:
        """Read the resolution's pairs and match them."""
        table = pq.read_table(resolved / "pair.parquet")
        a = found.ids.get_indexer(table["person_a"].to_pylist())
        b = found.ids.get_indexer(table["person_b"].to_pylist())
        known = (found.person[a] >= 0) & (found.person[b] >= 0)
        a, b, table = a[known], b[known], table.filter(pa.array(known))
        one, other = found.person[a], found.person[b]
        rules = [pc.cast(table[name], pa.float64()) for name in ("declared", "contract")]
        levels = [pc.cast(table[kind.name], pa.float64()) for kind in KINDS]
        declared, contract = (_nan(column) for column in rules)
        return cls(
            a=a,
            b=b,
            code=truth.codes(one, other),
            home_a=truth.home[one],
            home_b=truth.home[other],
            together=truth.home[one] == truth.home[other],
            sure=_flags(table, "sure"),
            ruled=~np.isnan(declared) | ~np.isnan(contract),
            declared=np.nan_to_num(2 * declared - 1).astype(np.int64),
            probability=table["probability"].to_numpy(),
            evidence=np.stack([_nan(column) for column in (*levels, *rules)], axis=1),
        )

    def linked(self, chosen: Flags) -> Codes:
        """The distinct pairs of true persons among these rows."""
        codes = np.unique(self.code[chosen])
        return codes[codes >= 0]


def _numbers(column: pd.Series) -> Codes:
    return np.asarray(column.fillna(-1), dtype=np.int64)


def _nan(column: pa.ChunkedArray) -> Floats:
    return np.asarray(pc.fill_null(column, float("nan")).to_numpy(), dtype=np.float64)


def _flags(table: pa.Table, name: str) -> Flags:
    if name not in table.column_names:
        return np.zeros(len(table), dtype=np.bool_)
    return np.asarray(pc.fill_null(table[name], False).to_numpy(), dtype=np.bool_)
