"""What does the market look like beside real data? Two pictures: people and traffic.

Reads a market and, where they are at hand, public data sets; writes PNG files. Neighbours: `credibility`.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import polars as pl
from benchmarks import credibility_real as real
from benchmarks.credibility_targets import Made

OURS, THEIRS, ALSO = "#2a6f97", "#e07a5f", "#c9b037"
EUROSTAT_SIZES = (0.336, 0.319, 0.156, 0.131, 0.058)


def draw(made: Made, data: Path, folder: Path) -> list[Path]:
    """Write `people.png` and `traffic.png` below `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    plt.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
    return [_people(made, data, folder / "people.png"), _traffic(made, data, folder / "traffic.png")]


def _people(made: Made, data: Path, file: Path) -> Path:
    figure, axes = plt.subplots(2, 2, figsize=(10, 6.6), layout="constrained")
    people = made.world.population
    _sizes(axes[0, 0], made, data)
    one = np.flatnonzero(people.partner > np.arange(people.persons))
    gap = np.abs(people.age[one] - people.age[people.partner[one]])
    axes[0, 1].set(title="Years between partners", xlabel="years", ylabel="share of couples")
    _histogram(axes[0, 1], gap, real.couple_gaps_spain(data), np.arange(0, 21) - 0.5, "Spain 2019 (ECV)")
    age = people.age[(people.age >= 18) & (people.age < 85)]
    axes[1, 0].set(title="Ages of adults", xlabel="years", ylabel="share")
    shares = np.bincount(age, minlength=85)[18:85]
    _lines(axes[1, 0], (np.arange(18, 85), shares / shares.sum()), real.ages_spain(data), "Spain 2019 (ECV)")
    _, counts = np.unique(made.world.names.last.astype(str), return_counts=True)
    ours = np.sort(counts)[::-1] / counts.sum()
    theirs = real.surname_shares(data)
    axes[1, 1].set(title="First surnames by rank", xlabel="rank", ylabel="share", xscale="log", yscale="log")
    pair = None if theirs is None else (np.arange(1, 201), theirs[:200])
    _lines(axes[1, 1], (np.arange(1, len(ours) + 1), ours), pair, "INE padrón 2017")
    return _save(figure, file)


def _traffic(made: Made, data: Path, file: Path) -> Path:
    figure, axes = plt.subplots(2, 2, figsize=(10, 6.6), layout="constrained")
    calls = made.dialled
    hours = np.bincount(calls["momento"].dt.hour().to_numpy(), minlength=24) / len(calls)
    theirs = real.calls_by_hour(data)
    axes[0, 0].set(title="Calls by hour of the day", xlabel="hour", ylabel="share")
    _lines(
        axes[0, 0],
        (np.arange(24), hours),
        None if theirs is None else (np.arange(24), theirs),
        "CNS, students",
    )
    seconds = calls.filter(pl.col("segundos") > 0)["segundos"].to_numpy()
    axes[0, 1].set(
        title="Longer calls than ...", xlabel="seconds", ylabel="share", xscale="log", yscale="log"
    )
    _lines(axes[0, 1], _longer(seconds), _longer(real.call_seconds(data)), "CNS, students")
    ties = made.tied
    egos = pl.concat([ties.select(ego="low", alter="high", calls="calls"),
                      ties.select(ego="high", alter="low", calls="calls")])  # fmt: skip
    egos = egos.filter(pl.col("ego") < len(made.world.contracts.lines))
    ranks, theirs = real.shares_by_rank(egos), real.alter_shares(data)
    axes[1, 0].set(
        title="Calls with the first, second, ... alter", xlabel="alter", ylabel="share of a user's calls"
    )
    other = None if theirs is None else (np.arange(1, len(theirs) + 1), theirs)
    _lines(axes[1, 0], (np.arange(1, len(ranks) + 1), ranks), other, "CNS, students")
    axes[1, 1].set(
        title="Calls of a pair in the month", xlabel="calls", ylabel="pairs", xscale="log", yscale="log"
    )
    bins = np.unique(np.geomspace(1, max(ties["calls"].max(), 2), 25).round())
    for inside, label, colour in ((True, "of one home", OURS), (False, "of two homes", THEIRS)):
        values = ties.filter(
            (pl.col("inside") == inside) & (pl.col("high") < len(made.world.contracts.lines))
        )
        count, edges = np.histogram(values["calls"].to_numpy(), bins)
        axes[1, 1].step(edges[:-1], np.maximum(count, 0.5), where="post", label=label, color=colour)
    axes[1, 1].legend(frameon=False)
    return _save(figure, file)


def _sizes(axis: plt.Axes, made: Made, data: Path) -> None:
    ours = np.bincount(made.sizes, minlength=6)[1:] / len(made.sizes)
    rows = [("twin", ours, OURS), ("EU-28 2017 (Eurostat)", np.array(EUROSTAT_SIZES), THEIRS)]
    spain = real.sizes_spain(data)
    if spain is not None:
        rows.append(("Spain 2019 (ECV)", spain, ALSO))
    for place, (label, values, colour) in enumerate(rows):
        axis.bar(np.arange(1, 6) + (place - 1) * 0.27, values, 0.25, label=label, color=colour)
    axis.set(title="Members of a household", xlabel="members (5: and more)", ylabel="share")
    axis.legend(frameon=False)


def _histogram(
    axis: plt.Axes, ours: np.ndarray, theirs: np.ndarray | None, bins: np.ndarray, label: str
) -> None:
    curves = [(ours, "twin", OURS)] + ([(theirs, label, THEIRS)] if theirs is not None else [])
    for values, name, colour in curves:
        count, edges = np.histogram(values, bins)
        axis.step((edges[:-1] + edges[1:]) / 2, count / len(values), where="mid", label=name, color=colour)
    axis.legend(frameon=False)


def _lines(axis: plt.Axes, ours: real.Curve, theirs: real.Curve | None, label: str) -> None:
    axis.plot(*ours, label="twin", color=OURS)
    if theirs is not None:
        axis.plot(*theirs, label=label, color=THEIRS)
    axis.legend(frameon=False)


def _longer(seconds: np.ndarray | None) -> real.Curve | None:
    if seconds is None:
        return None
    at = np.geomspace(1, 7200, 60)
    share = 1 - np.searchsorted(np.sort(seconds), at, side="right") / len(seconds)
    return at[share > 0], share[share > 0]


def _save(figure: plt.Figure, file: Path) -> Path:
    figure.savefig(file, dpi=110)
    plt.close(figure)
    return file
