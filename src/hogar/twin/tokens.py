"""What do numbers and days look like in a silo's text? Keyed hashes, days and months as each system writes them.

Arrays in, object arrays of str out; each distinct value is written once. Used by `silos` and `truth`.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import Texts


def tokens(key: bytes, kind: str, numbers: NDArray[Any], length: int = 24) -> Texts:
    """Keyed hashes as silos hold them: the same for the same thing, and nothing said of it without `key`.

    None for numbers below 0. The key follows from the market's seed and stands nowhere in it: without one, hashes
    of small numbers could be undone by anybody, and neighbouring numbers live together.
    """
    distinct, places = np.unique(np.asarray(numbers), return_inverse=True)
    words = [token(key, kind, number, length) if number >= 0 else None for number in distinct.tolist()]
    return np.asarray(np.array(words, dtype=object)[places])


def token(key: bytes, kind: str, number: int, length: int = 24) -> str:
    """One such hash, of an even number of characters."""
    return hashlib.blake2b(f"{kind}/{number}".encode(), key=key, digest_size=length // 2).hexdigest()


def day_texts(days: NDArray[Any], style: str = "%Y-%m-%d") -> Texts:
    """Days written in this style ("%d/%m/%Y" is CRM's), None for a day that never came."""
    days = np.asarray(days).astype("datetime64[D]")
    distinct, places = np.unique(days, return_inverse=True)
    words = [None if day is None else day.strftime(style) for day in distinct.astype(object).tolist()]
    return np.asarray(np.array(words, dtype=object)[places])


def moment_texts(moments: NDArray[Any], style: str = "%Y-%m-%dT%H:%M:%SZ") -> Texts:
    """Moments (datetime64[s]) written in this style, None for one that never came."""
    moments = np.asarray(moments).astype("datetime64[s]")
    if style == "%Y-%m-%dT%H:%M:%SZ":  # many times faster than moment by moment
        texts = np.char.add(np.datetime_as_string(moments, unit="s"), "Z").astype(object)
        texts[np.isnat(moments)] = None
        return np.asarray(texts)
    words = [None if at is None else at.strftime(style) for at in moments.astype(object).tolist()]
    return np.array(words, dtype=object)
