"""Which rules hold for whom, and where does each of the others fail first? Many rules over shared conditions at once.

A rule is a sequence of conditions that must all hold. `Rules.of` lays the conditions out once (`rules_tracks`):
a subject is then a byte a track, and a condition one comparison of bytes. `Rules.codes` gathers for every rule the
bytes of its conditions and combines them: thousands of rules cost some twenty microseconds for one subject, and for a
batch less than a nanosecond a condition. What reads several columns is asked as a closure (few subjects) or a
Polars expression (many), and then the codes are the same. Refused layouts: docs/decisions/bit-index.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from hogar.expr.expression import Expression
from hogar.expr.frame import frame
from hogar.expr.nodes import Node, Value
from hogar.expr.row import row
from hogar.expr.rules_rest import PASSES, Rest, ask
from hogar.expr.rules_subjects import Floats, Index, RuleColumn, Subjects
from hogar.expr.rules_tracks import UNKNOWN, Bytes, Tracks, laid_out

CONDITIONS_MAX = 120  # of one rule: two codes a condition
LANES = 8  # subjects whose bytes lie together, where they are few
FEW_MAX = 64  # above this many subjects they lie in blocks
BLOCK = 512  # subjects whose bytes stay in the processor's cache together


@dataclass(frozen=True, kw_only=True, eq=False)
class Rules:
    """Rules laid out over columns. Arrays with an entry a folded condition lie in *ranks*: first of the rules, in
    `order`, the first conditions that are folded, then their second ones, ...; `ranks` says how many each has.

    `track`, `low` and `span` say where a condition holds, `code` twice its position. `reads` are the columns that
    the `rest` needs. `wide` keeps the arrays repeated for the subjects that lie together.
    """

    columns: tuple[RuleColumn, ...]
    count: int
    tracks: Tracks
    order: Index | None
    ranks: tuple[int, ...]
    track: Index
    low: Bytes
    span: Bytes
    code: Bytes
    rest: tuple[Rest, ...]
    reads: tuple[int, ...]
    wide: dict[int, tuple[Bytes, Bytes, Bytes]] = field(default_factory=dict, repr=False)

    @staticmethod
    def of(
        rules: Sequence[Sequence[Expression]], columns: Sequence[RuleColumn], *, cut: int | None = None
    ) -> Rules:
        """Lay out the rules. Columns from `cut` on are given once for all subjects, the others for each.

        Raises ValueError where a rule has more than `CONDITIONS_MAX` conditions, KeyError where a name has no column.
        """
        if any(len(rule) > CONDITIONS_MAX for rule in rules):
            raise ValueError(f"a rule has more than {CONDITIONS_MAX} conditions")
        layout = {column.name: number for number, column in enumerate(columns)}
        conditions = [condition for rule in rules for condition in rule]
        tracks, folded = laid_out(conditions, columns, len(columns) if cut is None else cut)
        entries: list[tuple[int, int, int, int, int]] = []
        rest: dict[Node, list[tuple[int, int]]] = {}
        for number, rule in enumerate(rules):
            for position, condition in enumerate(rule):
                where = folded.get(condition.node)
                if where is None:
                    rest.setdefault(condition.node, []).append((number, position))
                else:
                    entries.append((number, position, where.track, where.low, where.high - where.low))
        by_node = {condition.node: condition for condition in conditions if condition.node in rest}
        reads = {layout[name] for condition in by_node.values() for name in condition.names}
        rule_of, position_of, track, low, span = np.array(entries, dtype=np.intp).reshape(-1, 5).T
        return _ranked(
            Rules(
                columns=tuple(columns), count=len(rules), tracks=tracks, order=None, ranks=(), track=track,
                low=low.astype(np.uint8), span=span.astype(np.uint8), code=(2 * position_of).astype(np.uint8),
                reads=tuple(sorted(reads)),
                rest=tuple(
                    Rest(at=tuple(at), row=row(by_node[node], layout), frame=frame(by_node[node]))
                    for node, at in rest.items()
                ),
            ),
            rule_of,
        )  # fmt: skip

    def only(self, wanted: Index) -> Rules:
        """Some of the rules, by number, in this order; the columns and their tracks stay."""
        place = np.full(self.count, -1, dtype=np.intp)
        place[wanted] = np.arange(len(wanted))
        rule_of = place[self._rule_of()]
        kept = np.flatnonzero(rule_of >= 0)
        kept = kept[np.lexsort((self.code[kept], rule_of[kept]))]
        rest = [
            replace(each, at=tuple((int(place[rule]), at) for rule, at in each.at if place[rule] >= 0))
            for each in self.rest
        ]
        return _ranked(
            replace(
                self, count=len(wanted), track=self.track[kept], low=self.low[kept], span=self.span[kept],
                code=self.code[kept], rest=tuple(each for each in rest if each.at), wide={},
            ),
            rule_of[kept],
        )  # fmt: skip

    def matrix(self, rows: Iterable[Sequence[Value]]) -> Floats:
        """Rows of Python values, laid out like the columns, as `codes` takes them.

        Raises KeyError where a text is not in its column's dictionary.
        """
        floats = []
        for row_ in rows:
            values = list(row_)
            for place, of_text in self.texts:
                values[place] = of_text[values[place]]
            floats.append(values)
        return np.array(floats, dtype=np.float64).reshape(-1, len(self.columns)).T  # None becomes NaN

    @cached_property
    def texts(self) -> tuple[tuple[int, Mapping[Value, float]], ...]:
        """Which columns are texts, and their codes."""
        return tuple(
            (place, column.codes) for place, column in enumerate(self.columns) if column.type == "text"
        )

    def codes(self, values: Floats | Subjects, given: Sequence[Value] = ()) -> Bytes:
        """For each subject and rule twice the position of the first condition that does not hold, plus 1 where it
        is unknown; `PASSES` where all hold. `values` has a row a column: see `Subjects`.
        """
        subjects = (
            values
            if isinstance(values, Subjects)
            else Subjects(self.columns, values, given, reads=self.reads)
        )
        codes = self._folded_codes(subjects.matrix)
        if self.rest:
            ask(self.rest, codes, subjects)
        return codes

    def _folded_codes(self, matrix: Floats) -> Bytes:
        """The codes as far as conditions on one column go."""
        subjects = matrix.shape[1]
        if subjects == 1 and self.ranks and self.ranks[0] == self.count and self.order is None:
            return self._first_failing(self.tracks.bytes_at(matrix), 1).T
        codes = np.empty((subjects, self.count), dtype=np.uint8)
        if not self.ranks:
            codes[:] = PASSES
            return codes
        step = BLOCK if subjects > FEW_MAX else 1 if subjects == 1 else LANES
        for start in range(0, subjects, step):
            block = matrix[:, start : start + step]
            found = self._first_failing(self.tracks.bytes_at(block), step)
            codes[start : start + step, : self.ranks[0]] = found[:, : block.shape[1]].T
        if self.ranks[0] < self.count:
            codes[:, self.ranks[0] :] = PASSES
        return codes if self.order is None else codes.take(self.order, axis=1)

    def _first_failing(self, bytes_: Bytes, lanes: int) -> Bytes:
        """The code of every rule that has a folded condition: shape (such rules in order, at least the subjects)."""
        if lanes == BLOCK:
            return self._by_rank(bytes_)
        if bytes_.shape[1] < lanes:
            wide = np.zeros((len(bytes_), lanes), dtype=np.uint8)
            wide[:, : bytes_.shape[1]] = bytes_
            bytes_ = wide
        if lanes not in self.wide:
            self.wide[lanes] = (
                self.low[:, None].repeat(lanes, 1),
                self.span[:, None].repeat(lanes, 1),
                self.code[:, None].repeat(lanes, 1),
            )
        low, span, code = self.wide[lanes]
        failing = _failing(bytes_.take(self.track, axis=0), low, span, code)
        if self.ranks[0] == self.ranks[-1]:
            least: Bytes = np.minimum.reduce(failing.reshape(len(self.ranks), -1), axis=0).reshape(-1, lanes)
            return least
        first, start = failing[: self.ranks[0]], self.ranks[0]
        for size in self.ranks[1:]:
            np.minimum(first[:size], failing[start : start + size], out=first[:size])
            start += size
        return first

    def _by_rank(self, bytes_: Bytes) -> Bytes:
        """The same for many subjects, one rank after the other."""
        low, span, code = self.low[:, None], self.span[:, None], self.code[:, None]
        first = np.empty((0, 0), dtype=np.uint8)
        start = 0
        for size in self.ranks:
            of_rank = slice(start, start + size)
            failing = _failing(
                bytes_.take(self.track[of_rank], axis=0), low[of_rank], span[of_rank], code[of_rank]
            )
            if start:
                np.minimum(first[:size], failing, out=first[:size])
            else:
                first = failing
            start += size
        return first

    def _rule_of(self) -> Index:
        """The rule of each folded condition."""
        ordered = np.arange(self.count) if self.order is None else np.argsort(self.order)
        return np.concatenate([ordered[:size] for size in self.ranks] or [ordered[:0]])


def _failing(found: Bytes, low: Bytes, span: Bytes, code: Bytes) -> Bytes:
    """The code of each condition, `PASSES` where it holds; `found` has the bytes of their tracks, and is used up.

    Bytes below `low` wrap around to more than any span. What holds becomes 255, what does not 0; then the code goes in.
    """
    unknown = (found == UNKNOWN).view(np.uint8)
    found -= low
    failing: Bytes = (found <= span).view(np.uint8)
    np.negative(failing, out=failing)
    failing |= unknown
    failing |= code
    return failing


def _ranked(rules: Rules, rule_of: Index) -> Rules:
    """The rules with their conditions, which lie by rule, put into ranks."""
    counts = np.bincount(rule_of, minlength=rules.count)
    order = np.argsort(-counts, kind="stable")
    place = np.empty(rules.count, dtype=np.intp)
    place[order] = np.arange(rules.count)
    rank = np.arange(len(rule_of)) - np.repeat(np.cumsum(counts) - counts, counts)
    by_rank = np.lexsort((place[rule_of], rank))
    return replace(
        rules,
        order=None if (order == np.arange(rules.count)).all() else place,
        ranks=tuple(np.bincount(rank).tolist()),
        track=rules.track[by_rank], low=rules.low[by_rank], span=rules.span[by_rank], code=rules.code[by_rank],
    )  # fmt: skip
