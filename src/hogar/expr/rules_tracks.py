"""Where on its column does a condition hold? Columns cut into cells, and conditions laid out on tracks over them.

The truth of a condition on one column changes only at the constants it names. All conditions of all rules cut a
column into *cells*: below the first constant, at it, between the first and the second, ..., and one for unknown.
A *track* gives each cell a byte, so that a condition on it holds where the byte lies between two bounds: one
comparison of bytes, whatever the condition says. Conditions that hold from one constant to another share tracks, since
cells in order are numbers in order; any other condition has a track that says 0 where it holds.
Identical conditions are laid out once. Reads `step_points` and closures; before: `rules`, which combines bytes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hogar.expr.expression import Expression
from hogar.expr.nodes import Node, Value
from hogar.expr.row import compiled
from hogar.expr.rules_subjects import Floats, Index, RuleColumn
from hogar.expr.steps import Steps, step_points

Bytes = npt.NDArray[np.uint8]

UNKNOWN = 255  # a track's byte where the condition is unknown
BOUNDS_MAX = 254  # bounds on one track: bytes 0 to 254
DICTIONARY_MAX = 4096  # a text column with more values is read by closures and frames
BY_PAIRS_MAX = 1024  # values to look up; more than that go column by column


@dataclass(frozen=True, kw_only=True, eq=False)
class Tracks:
    """Cells of columns and bytes of tracks.

    `folded` are the columns that have cells; `keys` the (column's place, constant) pairs of all of them as complex
    numbers, which NumPy orders by the real part first, so that one search finds the cells of all columns of all
    subjects. By column: its `place`, twice the keys `before` its own, and its cell for `unknown`. `column` and `offset`
    say of each track which column's cell it reads and where its bytes begin in `marks`.
    """

    folded: Index
    keys: npt.NDArray[np.complex128]
    place: Floats
    before: Index
    unknown: Index
    column: Index
    offset: Index
    marks: Bytes

    def bytes_at(self, matrix: Floats) -> Bytes:
        """The byte of every track for every subject: shape (tracks, subjects)."""
        cells = self._cells(matrix).take(self.column, axis=0)
        cells += self.offset
        found: Bytes = self.marks.take(cells)
        return found

    def _cells(self, matrix: Floats) -> Index:
        """The cell of every folded column for every subject, counted within the column."""
        values = matrix if len(self.folded) == len(matrix) else matrix.take(self.folded, axis=0)
        if values.size <= BY_PAIRS_MAX:
            pairs = np.empty(values.shape, dtype=np.complex128)
            pairs.real = self.place
            pairs.imag = values
            cells = self.keys.searchsorted(pairs)
            at = self.keys.take(cells, mode="clip") == pairs
            cells *= 2
            cells += at
            cells -= self.before
        else:  # the same answer, without a comparison of pairs
            constants = self.keys.imag.copy()
            cells = np.empty(values.shape, dtype=np.intp)
            edges = self.before[:, 0] // 2
            for number, of_column in enumerate(values):
                own = constants[edges[number] : self.unknown[number, 0] // 2 + edges[number]]
                found = own.searchsorted(of_column)
                cells[number] = 2 * found
                if len(own):
                    cells[number] += own.take(found, mode="clip") == of_column
        np.copyto(cells, self.unknown, where=~np.isfinite(values))
        return cells


@dataclass(frozen=True, kw_only=True)
class Folded:
    """A condition laid out: it holds where the byte of its track is at least `low` and at most `high`."""

    track: int
    low: int
    high: int


def laid_out(
    conditions: Sequence[Expression], columns: Sequence[RuleColumn], cut: int
) -> tuple[Tracks, dict[Node, Folded]]:
    """Lay out the conditions that read one column with cells; the others are not among the answers.

    Only the first `cut` columns have values of their own for each subject.
    """
    place = {column.name: number for number, column in enumerate(columns[:cut])}
    by_column: dict[int, dict[Node, tuple[Expression, Steps]]] = {}
    for condition in conditions:
        steps = step_points(condition)
        number = None if steps is None else place.get(steps.name)
        if steps is not None and number is not None and len(columns[number].dictionary) <= DICTIONARY_MAX:
            by_column.setdefault(number, {}).setdefault(condition.node, (condition, steps))
    found: dict[Node, Folded] = {}
    keys: list[complex] = []
    edges, unknown = [0], []
    track_column: list[int] = []
    marks: list[Bytes] = []
    for row, (number, asked) in enumerate(sorted(by_column.items())):
        column = _ColumnTracks(columns[number], [steps for _, steps in asked.values()])
        for node, (_, steps) in asked.items():
            column.ask(node, steps)
        first = len(marks)
        for node, folded in column.placed().items():
            found[node] = Folded(track=first + folded.track, low=folded.low, high=folded.high)
        marks += column.marks
        track_column += [row] * len(column.marks)
        keys += [complex(row, point) for point in column.points]
        edges.append(len(keys))
        unknown.append(2 * len(column.points) + 1)
    sizes = [len(track) for track in marks]
    tracks = Tracks(
        folded=np.array(sorted(by_column), dtype=np.intp),
        keys=np.array([*keys, complex(np.inf, np.inf)], dtype=np.complex128),  # the last is after everything
        place=np.arange(len(by_column), dtype=np.float64)[:, None],
        before=2 * np.array(edges[:-1], dtype=np.intp)[:, None],
        unknown=np.array(unknown, dtype=np.intp)[:, None],
        column=np.array(track_column, dtype=np.intp),
        offset=np.array([0, *np.cumsum(sizes)[:-1]] if sizes else [], dtype=np.intp)[:, None],
        marks=np.concatenate(marks) if marks else np.zeros(0, dtype=np.uint8),
    )
    return tracks, found


class _ColumnTracks:
    """One column: its cells, and its tracks as they are made. The last cell is the one for unknown."""

    def __init__(self, column: RuleColumn, steps: Sequence[Steps]) -> None:
        self.column = column
        if column.type == "text":
            self.points = [float(code) for code in range(len(column.dictionary))]
        elif column.type == "boolean":
            self.points = [0.0, 1.0]
        else:
            self.points = sorted({point for each in steps for point in each.points})
        self.marks: list[Bytes] = []
        self._sets: dict[bytes, Node] = {}
        self._spans: list[tuple[int, int, Node]] = []
        self._same: dict[Node, Node] = {}

    def ask(self, node: Node, steps: Steps) -> None:
        """Ask a condition for its truth in every cell: 0 holds, 1 does not, 255 unknown."""
        truths = self._truths(compiled(node, {self.column.name: 0}), steps)
        same = self._sets.setdefault(truths.tobytes(), node)
        self._same[node] = same
        if same is not node:
            return
        holds = np.flatnonzero(truths[:-1] == 0)
        is_span = len(holds) > 0 and len(holds) == holds[-1] - holds[0] + 1 and truths[-1] == UNKNOWN
        if is_span and self.column.type in ("number", "date") and not (truths[:-1] == UNKNOWN).any():
            self._spans.append((int(holds[0]), int(holds[-1]), node))

    def placed(self) -> dict[Node, Folded]:
        """Where each condition lies; makes the tracks."""
        found: dict[Node, Folded] = {}
        bounds: set[int] = set()
        waiting: list[tuple[int, int, Node]] = []
        for low, high, node in sorted(self._spans, key=lambda span: span[:2]):
            wanted = bounds | {low, high + 1}
            if len(wanted) > BOUNDS_MAX:
                found |= self._shared(bounds, waiting)
                wanted, waiting = {low, high + 1}, []
            bounds = wanted
            waiting.append((low, high, node))
        if waiting:
            found |= self._shared(bounds, waiting)
        for truths, node in self._sets.items():
            if node not in found:
                found[node] = Folded(track=len(self.marks), low=0, high=0)
                self.marks.append(np.frombuffer(truths, dtype=np.uint8))
        return {node: found[same] for node, same in self._same.items()}

    def _shared(self, bounds: set[int], spans: Sequence[tuple[int, int, Node]]) -> dict[Node, Folded]:
        """One track for several spans: each cell's byte is the number of bounds up to it."""
        ordered = sorted(bounds)
        cells = 2 * len(self.points) + 1
        track = np.searchsorted(ordered, np.arange(cells + 1), side="right").astype(np.uint8)
        track[cells] = UNKNOWN
        self.marks.append(track)
        number = len(self.marks) - 1
        return {
            node: Folded(track=number, low=bisect_left(ordered, low) + 1, high=bisect_left(ordered, high + 1))
            for low, high, node in spans
        }

    def _truths(self, test: Callable[[Sequence[Value]], Value], steps: Steps) -> Bytes:
        """The truth in every cell. A condition is asked between its own constants only."""
        cells = 2 * len(self.points) + 2
        truths = np.empty(cells, dtype=np.uint8)
        truths[-1] = _byte(test((None,)))
        if self.column.type == "text":  # only the points themselves can occur; the cells between repeat them
            own = [_byte(test((text,))) for text in self.column.dictionary]
            truths[:-1] = UNKNOWN if not own else [*np.repeat(own, 2), own[-1]]
        elif self.column.type == "boolean":
            no, yes = _byte(test((False,))), _byte(test((True,)))
            truths[:-1] = [no, no, no, yes, yes]
        else:
            own = [_byte(test((value,))) for value in self._samples(steps)]
            truths[:-1] = np.array(own, dtype=np.uint8).take(self._own_cells(steps))
        return truths

    def _samples(self, steps: Steps) -> Sequence[Value]:
        """One value of each of the condition's own cells."""
        if self.column.type == "number" or not steps.points:
            return steps.samples
        first, last = steps.points[0], steps.points[-1]
        return [int(np.floor(value)) for value in (first - 1, *steps.samples[1:-1], last + 1)]

    def _own_cells(self, steps: Steps) -> Index:
        """For each cell of the column, the condition's own cell that it lies in."""
        points = np.array(self.points)
        below = np.searchsorted(steps.points, points, side="left")
        after = np.searchsorted(steps.points, points, side="right")
        cells = np.zeros(2 * len(points) + 1, dtype=np.intp)
        cells[1::2] = below + after
        cells[2::2] = 2 * after
        return cells


def _byte(truth: Value) -> int:
    return 0 if truth is True else UNKNOWN if truth is None else 1
