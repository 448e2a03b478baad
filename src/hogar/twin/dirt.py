"""What do clerks, forms and interfaces do to data? Typing errors, lost accents, doubled, empty and invalid rows.

Works on rows of text; returns rows of text. Only silos use it; the truth stays clean.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pyarrow as pa

from hogar.twin.parameters import Dirt

Row = list[str | None]
NEIGHBOURS = {"a": "s", "e": "r", "i": "o", "o": "i", "n": "m", "m": "n", "r": "t", "s": "d", "l": "k", "z": "x",
              "c": "v", "b": "v", "v": "b", "d": "f", "g": "h", "t": "r", "u": "y", "p": "o"}  # fmt: skip


def typo(word: str, rng: np.random.Generator) -> str:
    """One typing error: a neighbouring key, a letter too few, two exchanged, or one twice."""
    if len(word) < 3:
        return word
    place = 1 + int(rng.random() * (len(word) - 2))
    letter, kind = word[place], int(rng.random() * 4)
    if kind == 0:
        return word[:place] + NEIGHBOURS.get(letter.lower(), letter) + word[place + 1 :]
    if kind == 1:
        return word[:place] + word[place + 1 :]
    if kind == 2:
        return word[:place] + word[place + 1] + letter + word[place + 2 :]
    return word[:place] + letter + word[place:]


def without_accents(text: str) -> str:
    """The same letters as a terminal of the nineties wrote them."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def smudge(text: str, dirt: Dirt, rng: np.random.Generator) -> str:
    """A name or street as it stands in a silo."""
    draws = rng.random(3)
    if draws[0] < dirt.typo * dirt.level:
        text = typo(text, rng)
    if draws[1] < dirt.no_accents * dirt.level:
        text = without_accents(text)
    return text.upper() if draws[2] < dirt.upper_case * dirt.level else text


def lose(value: str | None, dirt: Dirt, rng: np.random.Generator) -> str | None:
    """An optional field, sometimes empty."""
    return None if rng.random() < dirt.missing * dirt.level else value


def spoil(
    rows: list[Row], invalid: Sequence[Callable[[Row], Row]], dirt: Dirt, rng: np.random.Generator
) -> None:
    """Spoils a few rows in place, each in one of the given ways; at least one of each way in a dirty market."""
    if dirt.level == 0 or not rows or not invalid:
        return
    wanted = max(len(invalid), round(dirt.invalid_rows * dirt.level * len(rows)))
    for turn, place in enumerate(rng.permutation(len(rows))[: min(wanted, len(rows) // 20)]):
        rows[place] = invalid[turn % len(invalid)](list(rows[place]))


def extract(
    columns: Sequence[str], rows: Iterable[Sequence[str | None]], dirt: Dirt, rng: np.random.Generator,
    *, invalid: Sequence[Callable[[Row], Row]] = (), encoding: str = "utf-8", delimiter: str = ",",
) -> pa.Table:  # fmt: skip
    """A silo's file as a table of text in random order, some rows twice; encoding and delimiter in its metadata."""
    table = [list(row) for row in rows]
    spoil(table, invalid, dirt, rng)
    count = min(round(dirt.duplicate_rows * dirt.level * len(table)), len(table))
    table += [list(table[place]) for place in rng.permutation(len(table))[:count]]
    order = rng.permutation(len(table))
    arrays = [
        pa.array([table[place][column] or None for place in order], pa.string())
        for column in range(len(columns))
    ]
    schema = pa.schema(
        [(name, pa.string()) for name in columns],
        metadata={b"encoding": encoding.encode(), b"delimiter": delimiter.encode()},
    )
    return pa.table(arrays, schema=schema)


def bad(column: int, value: str) -> Callable[[Row], Row]:
    """A way to spoil a row: this value in this column."""

    def spoiled(row: Row) -> Row:
        row[column] = value
        return row

    return spoiled
