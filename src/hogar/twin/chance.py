"""Where does chance come from? One seed, and a named stream of random numbers for each step.

A step that draws more or fewer numbers leaves the other steps' streams as they were, so a market changes
only where its parameters did. `uniform` is chance without order: the number of a key is the same whoever asks,
whenever; strategies that are compared meet the same luck. Nothing else in `twin` makes a generator.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import Flags, Floats, Index, Texts


@dataclass(frozen=True)
class Chance:
    """The chance of one market: `Chance(seed).stream("homes")` is the same generator every time."""

    seed: int

    def stream(self, name: str, *parts: int) -> np.random.Generator:
        """A fresh generator that depends on nothing but the seed, `name` and `parts` (a day, a block of rows)."""
        return np.random.Generator(
            np.random.PCG64(np.random.SeedSequence([self.seed, zlib.crc32(name.encode()), *parts]))
        )


def uniform(seed: int, name: str, *keys: NDArray[Any] | int) -> Floats:
    """One number in [0, 1) a row that depends on the seed, `name` and the row's whole-number keys alone.

    The keys are mixed by splitmix64 (Steele, Lea, Flood 2014), whose output passes the usual batteries.

    >>> bool(uniform(1, "visit", np.array([3, 4]))[1] == uniform(1, "visit", np.array([4]))[0])
    True
    """
    state = np.full(
        (), _mixed(np.uint64(seed) ^ (np.uint64(zlib.crc32(name.encode())) << np.uint64(32))), np.uint64
    )
    for key in keys:
        state = _mixed(state ^ _mixed(np.asarray(key).astype(np.uint64)))
    return np.asarray((state >> np.uint64(11)).astype(np.float64) * 2.0**-53)


def _mixed(state: Any) -> Any:
    with np.errstate(over="ignore"):
        state = np.asarray(state, dtype=np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return state ^ (state >> np.uint64(31))


def pick(rng: np.random.Generator, weights: Any, count: int) -> Index:
    """`count` positions drawn by weight."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    places = np.searchsorted(edges, rng.random(count) * edges[-1], side="right")
    return np.asarray(np.minimum(places, len(edges) - 1))


def flip(rng: np.random.Generator, probability: Any, count: int) -> Flags:
    """`count` flags, true with this probability (one for all, or one a row); draws `count` numbers always."""
    return np.asarray(rng.random(count) < probability)


def between(rng: np.random.Generator, low: Any, high: Any, count: int) -> Index:
    """`count` whole numbers from `low` to `high`, both included (one for all, or one a row)."""
    low, high = np.asarray(low), np.asarray(high)
    return np.asarray(low + (rng.random(count) * (high - low + 1)).astype(np.int64))


def by_quota(rng: np.random.Generator, shares: Mapping[str, float], block: int, count: int) -> Index:
    """`count` positions of keys in random order, of which every `block` in a row holds each key by its share.

    So a rare kind is never missing from a small market, whatever the seed.
    """
    weights = np.array(list(shares.values()), dtype=np.float64)
    blocks = -(-count // block) + 1
    upto = np.floor(np.arange(blocks + 1)[:, None] * weights[None, :] * block + 1e-9).astype(np.int64)
    owed = np.diff(upto, axis=0)
    sizes = owed.sum(axis=1)
    keys = np.repeat(np.tile(np.arange(len(weights)), blocks), owed.ravel())
    shuffled = np.lexsort((rng.random(len(keys)), np.repeat(np.arange(blocks), sizes)))
    return np.asarray(keys[shuffled][:count])


def unique_ids(rng: np.random.Generator, letter: str, count: int, digits: int = 7) -> Texts:
    """`count` different ids that say nothing about their order: a letter and random digits (more for many)."""
    while 9 * 10 ** (digits - 1) < 20 * count:
        digits += 1
    low = 10 ** (digits - 1)
    numbers = distinct(rng, 9 * low, count)
    return np.array([f"{letter}{low + number}" for number in numbers.tolist()], dtype=object)


def distinct(rng: np.random.Generator, below: int, count: int) -> Index:
    """`count` different whole numbers from 0 to `below` - 1 in random order, without an array of all of them."""
    found = rng.integers(0, below, count)
    while True:
        _, first = np.unique(found, return_index=True)
        if len(first) == count:
            return np.asarray(found, dtype=np.int64)
        again = np.ones(count, dtype=bool)
        again[first] = False
        found[again] = rng.integers(0, below, int(again.sum()))
