"""How right is it? Found homes and found pairs of a market's true persons against the truth.

The judge is the package er-evaluation; `agrees` says whether `hogar.evidence` comes to the same. Sets of pairs, which
er-evaluation does not take, are compared as sets of numbers: a pair of true persons is one number.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import er_evaluation
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from hogar.evidence.score import Score

Codes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
BINS = 10


@dataclass(frozen=True)
class Truth:
    """The true persons in the order of their ids, each with the number of its home; which party is which person."""

    ids: npt.NDArray[np.object_]
    home: Codes
    person_of_party: pd.Series

    @classmethod
    def of(cls, membership: pa.Table) -> Truth:
        """From the truth's table (party_id, person_id, household_id)."""
        table = membership.to_pandas()
        persons = table.drop_duplicates("person_id").sort_values("person_id")
        ids = persons["person_id"].to_numpy(dtype=object)
        number = pd.Series(np.arange(len(ids)), index=ids)
        party = pd.Series(number.loc[table["person_id"]].to_numpy(), index=table["party_id"].to_numpy())
        return cls(ids, pd.factorize(persons["household_id"])[0].astype(np.int64), party.sort_index())

    @property
    def pairs(self) -> Codes:
        """All pairs of persons who live together."""
        return pairs_within(self.home, len(self.ids))

    def codes(self, one: Codes, other: Codes) -> Codes:
        """The numbers of pairs; -1 where it is no pair of two known persons."""
        low, high = np.minimum(one, other), np.maximum(one, other)
        return np.where((low >= 0) & (low != high), low * len(self.ids) + high, -1)

    def found_homes(self, home_of_party: pd.Series) -> Codes:
        """The home in which most parties of each person were put (of equals the first); unknown parties live alone."""
        found = home_of_party.reindex(self.person_of_party.index)
        alone = found.isna()
        found[alone] = ["~" + party for party in found.index[alone]]
        rows = pd.DataFrame({"person": self.person_of_party.to_numpy(), "home": found.to_numpy()})
        counts = rows.groupby(["person", "home"]).size().reset_index(name="count")
        first = counts.sort_values(["person", "count", "home"], ascending=[True, False, True])
        homes = first.drop_duplicates("person")["home"]
        return np.asarray(pd.factorize(homes)[0], dtype=np.int64)


def pairs_within(labels: Codes, width: int) -> Codes:
    """The numbers of all pairs that share a label, sorted."""
    rows = pd.DataFrame({"label": labels, "one": np.arange(len(labels))})
    rows = rows[rows.duplicated("label", keep=False)]
    both = rows.merge(rows.rename(columns={"one": "other"}), on="label")
    both = both[both["one"] < both["other"]]
    return np.sort(both["one"].to_numpy(dtype=np.int64) * width + both["other"].to_numpy(dtype=np.int64))


def party_homes(resolved: Path) -> pd.Series:
    """The found home of every party of a resolution."""
    persons = pq.read_table(resolved / "party_person.parquet").to_pandas()
    homes = pq.read_table(resolved / "membership.parquet").to_pandas().set_index("person_id")["household_id"]
    return pd.Series(homes.reindex(persons["person_id"]).to_numpy(), index=persons["party_id"].to_numpy())


@dataclass(frozen=True)
class Homes:
    """What er-evaluation says about found homes, and the biggest of them."""

    pair_f1: float
    precision: float
    recall: float
    b_cubed_f1: float
    exact: float
    biggest: int

    @classmethod
    def of(cls, found: Codes, true: Codes) -> Homes:
        """Two homes for each person."""
        one, other = pd.Series(found), pd.Series(true)
        figures = ("pairwise_f", "pairwise_precision", "pairwise_recall", "b_cubed_f", "cluster_recall")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it uses what newer pandas will drop
            shares = [float(getattr(er_evaluation, figure)(one, other)) for figure in figures]
        f1, precision, recall, b_cubed, exact = shares
        return cls(f1, precision, recall, b_cubed, exact, int(np.bincount(found).max()))

    def agrees(self, score: Score) -> bool:
        """Whether our own evidence comes to the same figures."""
        ours = (score.pair_f1, score.pair_precision, score.pair_recall, score.b_cubed_f1, score.exact_share)
        theirs = (self.pair_f1, self.precision, self.recall, self.b_cubed_f1, self.exact)
        return score.biggest_cluster == self.biggest and all(
            one is not None and abs(one - other) < 1e-9 for one, other in zip(ours, theirs, strict=True)
        )


def f1_of(found: Codes, true: Codes) -> float:
    """F1 of a set of pairs against the true set; both without doubles."""
    right = len(np.intersect1d(found, true, assume_unique=True))
    return 2 * right / max(len(found) + len(true), 1)


def precision_of(found: Codes, true: Codes) -> float:
    """The share of a set of pairs that is true."""
    return len(np.intersect1d(found, true, assume_unique=True)) / max(len(found), 1)


def best_f1(codes: Codes, scores: Floats, true: Codes) -> tuple[float, float]:
    """The best F1 that any threshold gives, and that threshold; a pair counts once, by its best score."""
    known = codes >= 0
    frame = pd.DataFrame({"code": codes[known], "score": scores[known]}).groupby("code")["score"].max()
    order = np.argsort(-frame.to_numpy(), kind="stable")
    score = frame.to_numpy()[order]
    right = np.cumsum(np.isin(frame.index.to_numpy()[order], true))
    f1 = 2 * right / (np.arange(1, len(order) + 1) + len(true))
    f1[:-1][score[1:] == score[:-1]] = 0.0  # equals stand or fall together
    best = int(np.argmax(f1))
    return float(f1[best]), float(score[best])


def calibration_error(probability: Floats, right: Flags) -> float:
    """ECE: how far the mean probability is from the share that is right, over ten equal bins, weighed by size."""
    place = np.minimum((probability * BINS).astype(int), BINS - 1)
    gaps = np.bincount(place, probability - right, minlength=BINS)
    return float(np.abs(gaps).sum() / max(len(probability), 1))
