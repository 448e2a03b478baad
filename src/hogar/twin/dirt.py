"""What do clerks, forms and interfaces do to data? Typing errors, lost accents, doubled, empty and invalid rows.

Works on whole columns of text (object arrays of str and None) and returns columns; a Python loop runs only over
cells that get an error. Only silos use it; the truth stays clean. With `dirt.level` 0 nothing is changed.

For a silo: make its columns in the order of the file, `smudge` names, `lose` optional fields, then `extract`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hogar.twin.arrays import Flags, Texts
from hogar.twin.mistakes import mistake
from hogar.twin.parameters.silos import Dirt

Column = Any  # an object array of str, or an Arrow array


def extract(
    columns: Mapping[str, Column],
    dirt: Dirt,
    rng: np.random.Generator,
    *,
    invalid: Iterable[tuple[str, str]] = (),
    encoding: str = "utf-8",
    delimiter: str = ",",
) -> pa.Table:
    """A silo's file as a table of text in random order, some rows twice; encoding and delimiter in its metadata.

    `columns` are equally long: object arrays of str (None or "" is an empty cell), or Arrow arrays of any type that
    casts to text. `invalid` are (column, value) pairs: each is written over that column of a few rows, at least one
    row each in a dirty market.
    """
    table = pa.table([_as_text(column) for column in columns.values()], names=list(columns))
    table = _spoiled(table, tuple(invalid), dirt, rng)
    rows = len(table)
    again = min(round(dirt.duplicate_rows * dirt.level * rows), rows)
    order = rng.permutation(np.concatenate([np.arange(rows), rng.permutation(rows)[:again]]))
    return table.take(pa.array(order)).replace_schema_metadata(
        {b"encoding": encoding.encode(), b"delimiter": delimiter.encode()}
    )


def smudge(texts: Texts, dirt: Dirt, rng: np.random.Generator) -> Texts:
    """Names or streets as they stand in a silo: some with a mistake, without accents, or in capitals."""
    texts = misspell(texts, dirt, rng)
    texts = some(texts, rng.random(len(texts)) < dirt.no_accents * dirt.level, without_accents)
    return some(texts, rng.random(len(texts)) < dirt.upper_case * dirt.level, str.upper)


def misspell(texts: Texts, dirt: Dirt, rng: np.random.Generator) -> Texts:
    """One mistake in some of the cells."""
    chosen = np.flatnonzero(rng.random(len(texts)) < dirt.typo * dirt.level)
    found = texts.copy()
    for row, draws in zip(chosen.tolist(), rng.random((len(chosen), 3)).tolist(), strict=True):
        if found[row]:
            found[row] = mistake(found[row], draws)
    return found


def lose(texts: Texts, dirt: Dirt, rng: np.random.Generator) -> Texts:
    """An optional column, some of its cells empty (None)."""
    return empty(texts, rng.random(len(texts)) < dirt.missing * dirt.level)


def empty(texts: Texts, where: Flags) -> Texts:
    """The column with None in these rows."""
    found = texts.copy()
    found[where] = None
    return found


def some(texts: Texts, where: Flags, change: Callable[[str], str]) -> Texts:
    """The column with `change` made to the cells of these rows; empty cells stay empty."""
    rows = np.flatnonzero(where)
    found = texts.copy()
    found[rows] = [change(text) if text else text for text in found[rows].tolist()]
    return found


def each(texts: Texts, change: Callable[[str], str]) -> Texts:
    """`change` made to every cell, computed once for each distinct text; empty cells stay empty."""
    coded = pa.array(texts, pa.string()).dictionary_encode()
    words = [change(word) for word in coded.dictionary.to_pylist()]
    places = coded.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)
    return np.asarray(np.array([*words, None], dtype=object)[places])


def without_accents(text: str) -> str:
    """The same letters as a terminal of the nineties wrote them."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _as_text(column: Any) -> Any:
    array = column if isinstance(column, pa.Array | pa.ChunkedArray) else _array(column)
    if array.type != pa.string():
        array = array.cast(pa.string())
    return pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.string()), array)


def _array(column: Any) -> Any:
    found = np.asarray(column)
    return pa.array(found, pa.string()) if found.dtype == object else pa.array(found)


def _spoiled(
    table: pa.Table, invalid: tuple[tuple[str, str], ...], dirt: Dirt, rng: np.random.Generator
) -> pa.Table:
    """A few rows spoiled, each in one of the given ways."""
    if dirt.level == 0 or not len(table) or not invalid:
        return table
    wanted = max(len(invalid), round(dirt.invalid_rows * dirt.level * len(table)))
    rows = rng.permutation(len(table))[: min(wanted, len(table) // 20)]
    for turn, (name, value) in enumerate(invalid):
        mask = np.zeros(len(table), dtype=bool)
        mask[rows[turn :: len(invalid)]] = True
        place = table.column_names.index(name)
        table = table.set_column(place, name, pc.if_else(pa.array(mask), value, table.column(name)))
    return table
