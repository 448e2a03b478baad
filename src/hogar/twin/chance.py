"""Where does chance come from? One seed, and a named stream of random numbers for each step.

A step that draws more or fewer numbers leaves the other steps' streams as they were, so a market changes
only where its parameters did. Nothing else in `twin` makes a generator.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np


@dataclass(frozen=True)
class Chance:
    """The chance of one market: `Chance(seed).stream("homes")` is the same generator every time."""

    seed: int

    def stream(self, name: str) -> np.random.Generator:
        """A fresh generator that depends on nothing but the seed and `name`."""
        return np.random.Generator(
            np.random.PCG64(np.random.SeedSequence([self.seed, zlib.crc32(name.encode())]))
        )


def pick_index(rng: np.random.Generator, cumulative: Sequence[float]) -> int:
    """One position, drawn by rising cumulative weights (the last is the sum)."""
    return min(bisect_right(cumulative, rng.random() * cumulative[-1]), len(cumulative) - 1)


def cumulative(weights: Sequence[float]) -> list[float]:
    """The running sum of weights, for `pick_index`."""
    return list(accumulate(weights))


def pick(rng: np.random.Generator, shares: Mapping[str, float]) -> str:
    """One key, drawn by its share. For small tables; loops over many draws keep a `cumulative`."""
    return list(shares)[pick_index(rng, cumulative(list(shares.values())))]


def flip(rng: np.random.Generator, probability: float) -> bool:
    """True with this probability; always draws one number."""
    return bool(rng.random() < probability)


def between(rng: np.random.Generator, low: int, high: int) -> int:
    """A whole number from `low` to `high`, both included."""
    return low + int(rng.random() * (high - low + 1))


def by_quota(rng: np.random.Generator, shares: Mapping[str, float], block: int, count: int) -> list[str]:
    """`count` keys in random order, of which every `block` in a row holds each key by its share, rounded.

    So a rare kind is never missing from a small market, whatever the seed.
    """
    keys: list[str] = []
    owed = dict.fromkeys(shares, 0.0)
    while len(keys) < count:
        part: list[str] = []
        for key, share in shares.items():
            owed[key] += share * block
            whole = int(owed[key] + 1e-9)
            owed[key] -= whole
            part += [key] * whole
        keys += [part[i] for i in rng.permutation(len(part))]
    return keys[:count]


def unique_ids(rng: np.random.Generator, letter: str, count: int, digits: int = 7) -> list[str]:
    """`count` different ids that say nothing about their order: a letter and random digits."""
    low = 10 ** (digits - 1)
    return [f"{letter}{low + number}" for number in rng.choice(9 * low, size=count, replace=False)]
