"""What do real people look like, where data of them lies at hand? Distributions read off public data sets.

Each function takes the folder with the data sets and gives a curve, or None where the set is absent. Nothing of the
rows leaves this module. Neighbours: `credibility_plots` draws them beside the market's.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

Curve = tuple[np.ndarray, np.ndarray]
SURVEY_YEAR = 2019


def sizes_spain(data: Path) -> np.ndarray | None:
    """Weighted shares of households with 1, 2, 3, 4, 5+ members (INE, ECV 2019)."""
    file = data / "es_household_survey_2019" / "households.parquet"
    if not file.is_file():
        return None
    homes = pl.read_parquet(file, columns=["HX040", "DB090"]).drop_nulls()
    size = np.minimum(homes["HX040"].to_numpy().astype(int), 5)
    weights = np.bincount(size, weights=homes["DB090"].to_numpy(), minlength=6)[1:]
    return np.asarray(weights / weights.sum())


def couple_gaps_spain(data: Path) -> np.ndarray | None:
    """Years between the two of each home with exactly two partnered adults, by year of birth (INE, ECV 2019)."""
    file = data / "es_household_survey_2019" / "adults.parquet"
    if not file.is_file():
        return None
    adults = pl.read_parquet(file).filter(pl.col("PB200").is_in([1.0, 2.0]))
    pairs = adults.group_by("household_id").agg(n=pl.len(), gap=pl.col("PB140").max() - pl.col("PB140").min())
    return np.asarray(pairs.filter(pl.col("n") == 2)["gap"].drop_nulls().to_numpy())


def ages_spain(data: Path) -> Curve | None:
    """Weighted share of adults of 18 to 84 by age, above which the survey tells no year (INE, ECV 2019)."""
    file = data / "es_household_survey_2019" / "adults.parquet"
    if not file.is_file():
        return None
    adults = pl.read_parquet(file).drop_nulls(["PB140", "PB040"])
    age = (SURVEY_YEAR - adults["PB140"].to_numpy()).astype(int)
    shares = np.bincount(np.clip(age, 0, 90), weights=adults["PB040"].to_numpy(), minlength=91)[18:85]
    return np.arange(18, 85), shares / shares.sum()


def surname_shares(data: Path) -> np.ndarray | None:
    """Share of persons by rank of their first surname (INE padrón 2017)."""
    file = data / "ref_names" / "es_surnames.csv.gz"
    if not file.is_file():
        return None
    counts = pl.read_csv(file)["count_first"].drop_nulls().sort(descending=True).to_numpy()
    return np.asarray(counts / counts.sum())


def calls_by_hour(data: Path) -> np.ndarray | None:
    """Share of calls by hour of the day (Copenhagen Networks Study)."""
    calls = _calls(data)
    if calls is None:
        return None
    shares = np.bincount((calls["timestamp"].to_numpy() // 3600) % 24, minlength=24)
    return np.asarray(shares / shares.sum())


def call_seconds(data: Path) -> np.ndarray | None:
    """Lengths of answered calls (Copenhagen Networks Study)."""
    calls = _calls(data)
    return None if calls is None else np.asarray(calls.filter(pl.col("duration") > 0)["duration"].to_numpy())


def alter_shares(data: Path, ranks: int = 8) -> np.ndarray | None:
    """Mean share of a person's calls with the first, second, ... alter; of who has 15 calls and 4 alters."""
    calls = _calls(data)
    if calls is None:
        return None
    one, other = calls.select(ego="caller", alter="callee"), calls.select(ego="callee", alter="caller")
    return shares_by_rank(pl.concat([one, other]).group_by("ego", "alter").agg(calls=pl.len()), ranks)


def shares_by_rank(ties: pl.DataFrame, ranks: int = 8) -> np.ndarray:
    """The same of any frame (ego, alter, calls)."""
    ranked = ties.sort("ego", "calls", descending=[False, True]).with_columns(
        rank=pl.int_range(pl.len()).over("ego"), total=pl.col("calls").sum().over("ego"),
        degree=pl.len().over("ego"),
    )  # fmt: skip
    kept = ranked.filter((pl.col("total") >= 15) & (pl.col("degree") >= 4))
    egos = kept["ego"].n_unique()
    shares = kept.group_by("rank").agg(share=(pl.col("calls") / pl.col("total")).sum() / egos).sort("rank")
    return np.asarray(shares["share"].to_numpy()[:ranks])


def _calls(data: Path) -> pl.DataFrame | None:
    file = data / "cns_calls_sms" / "calls.csv.gz"
    return pl.read_csv(file) if file.is_file() else None
