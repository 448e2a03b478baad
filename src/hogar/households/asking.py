"""Of which pairs would an analyst's word help most? Reads scored pairs and households; returns questions.

A pair is worth asking when the answer may change what stands: by how likely the found state is wrong, by how many
links hang on it, and by how many other pairs show the same evidence. The questions name persons and kinds of
evidence, no name, number or address. Who has objected to profiling is not asked about. After: `clusters`; before:
`judgements`, which reads the answers.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hogar.errors import UsageError
from hogar.households.constants import KINDS, Floats
from hogar.households.succession import Indices, flat, labels, places
from hogar.stores.durable import write_file

COLUMNS = ("person_a", "person_b", "probability", "evidence", "together", "rater")
PATTERN_WEIGHT = 0.25  # what each doubling of the pairs with one pattern adds to the worth of asking about it
IMPACT_MAX = 4  # links that may hang on one answer: bigger homes are not asked about for their size alone
NOTHING_OBSERVED = "nothing observed"


def ask(pairs: pa.Table, n: int, *, membership: pa.Table, judged: pa.Table | None = None) -> pa.Table:
    """The `n` pairs that are most useful to judge, the best first, with empty columns for the answers.

    `pairs` are those of a resolution with their `probability`, `membership` its households, `judged` (person_a,
    person_b) pairs that need no second word. Of two pairs that touch one household the second waits until no pair
    without one is left; of pairs with the same evidence each next is worth less. No chance is involved.
    """
    if n < 1:
        raise UsageError(f"{n} pairs cannot be asked for; ask for one or more")
    pairs = _open(pairs, judged).sort_by([("person_a", "ascending"), ("person_b", "ascending")])
    levels, pattern, alike = _patterns(pairs)
    probability = np.asarray(pairs["probability"].to_numpy(), dtype=np.float64)
    home_a, home_b, members = _homes(pairs, membership)
    worth = _change(probability, home_a, home_b, members)
    worth *= 1.0 + PATTERN_WEIGHT * np.log2(alike[pattern])
    worth /= _turn(pattern, worth)
    chosen = _spread(np.lexsort((np.arange(len(pairs)), -np.round(worth, 12))), home_a, home_b, n)
    rows = pairs.take(pa.array(chosen))
    blank = pa.nulls(len(chosen), pa.string())
    columns = [
        rows["person_a"],
        rows["person_b"],
        pa.array(np.round(probability[chosen], 3)),
        pa.array([_words(one) for one in levels[chosen]], pa.string()),
        blank,
        blank,
    ]
    return pa.table(dict(zip(COLUMNS, columns, strict=True)))


def write_questions(questions: pa.Table, path: Path) -> None:
    """Write questions (of `ask`, or of `raters.sample`) as a CSV file that a spreadsheet opens and an analyst fills."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(questions.column_names)
    for row in questions.to_pylist():
        writer.writerow("" if value is None else value for value in row.values())
    write_file(path, text.getvalue())


def _open(pairs: pa.Table, judged: pa.Table | None) -> pa.Table:
    """The pairs that are estimated and not yet judged: what is declared or of the contract alone stands as it is."""
    pairs = pairs.filter(pc.and_(pairs["contract"].is_null(), pairs["declared"].is_null()))
    if judged is None:
        return pairs
    known = judged.select(["person_a", "person_b"])
    return pairs.join(known, keys=["person_a", "person_b"], join_type="left anti")


def _patterns(pairs: pa.Table) -> tuple[npt.NDArray[np.int8], Indices, Indices]:
    """Each pair's levels of evidence (-1 for not observed), the number of its pattern, and how many pairs share it."""
    columns = [pc.fill_null(pairs[kind.name], -1).to_numpy().astype(np.int8) for kind in KINDS]
    levels = np.stack(columns, axis=1)
    _, pattern, alike = np.unique(levels, axis=0, return_inverse=True, return_counts=True)
    return levels, pattern.reshape(-1).astype(np.int64), alike.astype(np.int64)


def _homes(pairs: pa.Table, membership: pa.Table) -> tuple[Indices, Indices, Indices]:
    """The found household of both ends, and how many members each household has."""
    persons = flat(membership, "person_id")
    households, home = labels(membership, persons)
    a, b = (home[places(flat(pairs, end), persons)] for end in ("person_a", "person_b"))
    return a, b, np.bincount(home, minlength=len(households))


def _change(probability: Floats, home_a: Indices, home_b: Indices, members: Indices) -> Floats:
    """How many links an answer is expected to change: how likely it contradicts what stands, times what hangs on that.

    Two households that turn out to be one gain a link for each two members; a member who turns out to be none loses
    those to the others.
    """
    same = home_a == home_b
    wrong = np.where(same, 1 - probability, probability)
    links = np.where(same, members[home_a] - 1, members[home_a] * members[home_b])
    return np.asarray(wrong * np.minimum(links, IMPACT_MAX), dtype=np.float64)


def _turn(pattern: Indices, worth: Floats) -> Floats:
    """The how-manieth of its pattern each pair is, from the worthiest down."""
    order = np.lexsort((np.arange(len(pattern)), -np.round(worth, 12), pattern))
    begins = np.flatnonzero(np.diff(pattern[order], prepend=-1))
    turn = np.empty(len(pattern))
    turn[order] = np.arange(len(pattern)) - np.repeat(begins, np.diff(begins, append=len(pattern))) + 1.0
    return turn


def _spread(order: Indices, home_a: Indices, home_b: Indices, n: int) -> Indices:
    """The first `n` in this order, of each round those whose households were not touched in it before."""
    chosen: list[int] = []
    waiting = order.tolist()
    a, b = home_a.tolist(), home_b.tolist()
    while waiting and len(chosen) < n:
        touched: set[int] = set()
        later: list[int] = []
        for place in waiting:
            if len(chosen) == n:
                break
            if a[place] in touched or b[place] in touched:
                later.append(place)
                continue
            touched |= {a[place], b[place]}
            chosen.append(place)
        waiting = later
    return np.array(chosen, dtype=np.int64)


def _words(levels: Any) -> str:
    """What was observed of a pair, in the words of each kind."""
    said = [
        f"{kind.name}: {kind.words[level]}"
        for kind, level in zip(KINDS, levels.tolist(), strict=True)
        if level >= 0
    ]
    return "; ".join(said) or NOTHING_OBSERVED
