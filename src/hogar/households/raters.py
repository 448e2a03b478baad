"""Do the analysts agree, and how right is the resolution by their word? Reads judgements; returns shares.

Kappa says how much two raters agree beyond chance. `sample` draws households at random for a blind audit, and `audit`
says which share of their links is right, with its interval: judgements of pairs that were *asked* for (see `asking`)
are about the hardest pairs and would give a share that is too low. After: `judgements`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hogar.households.constants import Floats
from hogar.households.judgements import Judgements, Word
from hogar.households.succession import flat, labels

INTERVAL_Z = 1.959964  # of 95 %
SAMPLE_COLUMNS = ("household_id", "person_a", "person_b", "together", "rater")


@dataclass(frozen=True, kw_only=True)
class Kappa:
    """How two raters agree over the pairs that both judged; no kappa where one word is all that was said."""

    rater_a: str
    rater_b: str
    pairs: int
    agreed: int
    kappa: float | None


@dataclass(frozen=True, kw_only=True)
class Share:
    """A share of judged things that are right, with the ends of its 95 % interval; None where nothing was judged."""

    judged: int
    right: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What analysts' words say about a resolution, over households drawn at random.

    `links` are pairs of fellow members; `households` are right where all their judged links are, and count where at
    least one is; `disputed` links were left out, for raters did not agree.
    """

    links: Share
    households: Share
    disputed: int


def kappas(judgements: Judgements) -> tuple[Kappa, ...]:
    """Cohen's kappa of each two raters who judged pairs in common; unsure is a word like the others."""
    both: dict[tuple[str, str], list[tuple[Word, Word]]] = {}
    for words in judgements.by_pair().values():
        for a, b in combinations(sorted(words), 2):
            both.setdefault((a, b), []).append((words[a], words[b]))
    return tuple(_kappa(a, b, said) for (a, b), said in sorted(both.items()))


def _kappa(rater_a: str, rater_b: str, said: list[tuple[Word, Word]]) -> Kappa:
    agreed = sum(a == b for a, b in said)
    of_a, of_b = Counter(a for a, _ in said), Counter(b for _, b in said)
    by_chance = sum(of_a[word] * of_b[word] for word in of_a) / len(said) ** 2
    kappa = (agreed / len(said) - by_chance) / (1 - by_chance) if by_chance < 1 else None
    return Kappa(rater_a=rater_a, rater_b=rater_b, pairs=len(said), agreed=agreed, kappa=kappa)


def sample(membership: pa.Table, count: int, *, seed: int) -> pa.Table:
    """All links of `count` households of two and more, drawn at random, to be filled in by each rater alone.

    No probability stands beside them: who judges the resolution must not know what it thinks.
    """
    persons = flat(membership, "person_id")
    persons = persons.take(pc.array_sort_indices(persons))
    households, home = labels(membership, persons)
    fit = np.flatnonzero(np.bincount(home, minlength=len(households)) >= 2)
    drawn = np.random.default_rng(seed).permutation(fit)[:count]
    member = np.flatnonzero(np.isin(home, drawn))
    member = member[np.argsort(home[member], kind="stable")]
    groups = np.split(member, np.flatnonzero(np.diff(home[member])) + 1) if len(member) else []
    ends = [np.stack([group[i], group[j]]) for group in groups for i, j in [np.triu_indices(len(group), 1)]]
    a, b = np.concatenate(ends, axis=1) if ends else np.zeros((2, 0), dtype=np.int64)
    blank = pa.nulls(len(a), pa.string())
    columns = [
        households.take(pa.array(home[a])),
        persons.take(pa.array(a)),
        persons.take(pa.array(b)),
        blank,
        blank,
    ]
    return pa.table(dict(zip(SAMPLE_COLUMNS, columns, strict=True)))


def audit(membership: pa.Table, judgements: Judgements) -> Audit:
    """Which share of the links that were judged is right, by what raters agreed on; links across homes do not count.

    Links of one household are right or wrong together: their interval is as wide as that makes it.
    """
    home_of = dict(
        zip(membership["person_id"].to_pylist(), membership["household_id"].to_pylist(), strict=True)
    )
    right: dict[str, list[bool]] = {}
    for row in judgements.table().to_pylist():
        home = home_of.get(row["person_a"])
        if home is not None and home == home_of.get(row["person_b"]):
            right.setdefault(home, []).append(row["together"])
    disputed = sum(home_of.get(a) == home_of.get(b) and a in home_of for a, b in judgements.disputed())
    links = np.array([len(words) for words in right.values()], dtype=np.float64)
    kept = np.array([sum(words) for words in right.values()], dtype=np.float64)
    whole = int((links == kept).sum())
    return Audit(
        links=_share(int(kept.sum()), int(links.sum()), _independent(links, kept)),
        households=_share(whole, len(right), float(len(right))),
        disputed=disputed,
    )


def wilson(right: float, judged: float) -> tuple[float, float]:
    """The ends of Wilson's 95 % interval of a share; fractions of judgements count as such.

    >>> [round(end, 4) for end in wilson(45, 50)]
    [0.7864, 0.9565]
    """
    share, square = right / judged, INTERVAL_Z**2
    middle = (share + square / (2 * judged)) / (1 + square / judged)
    half = (
        INTERVAL_Z / (1 + square / judged) * np.sqrt(share * (1 - share) / judged + square / (4 * judged**2))
    )
    return max(float(middle - half), 0.0), min(float(middle + half), 1.0)


def _share(right: int, judged: int, independent: float) -> Share:
    if not judged:
        return Share(judged=0, right=0, share=None, low=None, high=None)
    share = right / judged
    low, high = wilson(share * independent, independent)
    return Share(judged=judged, right=right, share=share, low=low, high=high)


def _independent(links: Floats, kept: Floats) -> float:
    """How many independent links would say as much as these: between the number of households and that of links.

    The variance of a share over groups, divided into what it would be without groups.
    """
    households, total = len(links), float(links.sum())
    share = float(kept.sum()) / total if total else 0.0
    if households < 2 or share in (0.0, 1.0):
        return float(households)
    variance = households / (households - 1) * float(((kept - share * links) ** 2).sum()) / total**2
    return (
        min(max(share * (1 - share) / variance, float(households)), total) if variance else float(households)
    )
