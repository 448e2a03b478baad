"""What are many number expressions worth, each for a few of the subjects? Expressions of one form at once.

Expressions that differ in their constants and names only have one *form*: `0.1 + 0.2 * coalesce(person.x, 0.5)` and
`3 + 12 * coalesce(line.y, 0)` are computed by the same few operations on arrays, whoever asks for which. Forms know
numbers, + - * /, signs, `abs` and `coalesce`; any other expression is asked as a closure (few subjects) or a Polars
expression (many), and so is everything when little is asked. The same to the last bit: see `row`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np
import polars as pl

from hogar.expr.expression import Expression
from hogar.expr.frame import frame
from hogar.expr.nodes import Absolute, Arithmetic, Coalesce, Name, Negate, Node, Value, walk
from hogar.expr.row import compiled, row
from hogar.expr.rules_subjects import Floats, Index, RuleColumn, Subjects

PAIRS_A_FORM = 24  # fewer (expression, subject) pairs than that a form are asked as closures


@dataclass(frozen=True)
class Form:
    """What expressions that differ in constants and names only have in common: an operation and its parts."""

    kind: str
    parts: tuple[Form, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Numbers:
    """Expressions laid out over columns. `form` is each one's place among `forms`, -1 where it has none; `constants`
    and `names` (positions of columns) have its own, in the order of writing: shapes (most of them, expressions).
    `frames` are of those without a form.
    """

    columns: tuple[RuleColumn, ...]
    rows: tuple[Callable[[Sequence[Value]], Value], ...]
    frames: Mapping[int, pl.Expr]
    forms: tuple[Form, ...]
    form: Index
    constants: Floats
    names: Index
    reads: tuple[int, ...]

    @staticmethod
    def of(
        expressions: Sequence[Expression], columns: Sequence[RuleColumn], *, cut: int | None = None
    ) -> Numbers:
        """Lay out the expressions. Columns from `cut` on are given once for all subjects, the others for each.

        Raises KeyError where a name has no column.
        """
        layout = {column.name: number for number, column in enumerate(columns)}
        own = {column.name for column in columns[:cut] if column.type == "number"}
        forms: dict[Form, int] = {}
        form = np.full(len(expressions), -1, dtype=np.intp)
        parts: list[tuple[list[float], list[int]]] = []
        for number, expression in enumerate(expressions):
            constants: list[float] = []
            names: list[int] = []
            found = _form(expression.node, own, layout, constants, names)
            if found is not None:
                form[number] = forms.setdefault(found, len(forms))
            parts.append((constants, names) if found is not None else ([], []))
        return Numbers(
            columns=tuple(columns), forms=tuple(forms), form=form,
            rows=tuple(row(expression, layout) for expression in expressions),
            frames={n: frame(expression) for n, expression in enumerate(expressions) if form[n] < 0},
            constants=_table([constants for constants, _ in parts], np.nan),
            names=_table([[float(name) for name in names] for _, names in parts], 0.0).astype(np.intp),
            reads=tuple(sorted({layout[name] for expression in expressions for name in expression.names})),
        )  # fmt: skip

    def at(self, which: Index, subject: Index, subjects: Subjects) -> Floats:
        """The value of each (expression, subject) pair; NaN where it is NULL."""
        if subjects.few and len(which) < PAIRS_A_FORM * len(self.forms):
            return self._by_row(which, subject, subjects)
        if len(self.forms) == 1 and (self.form >= 0).all():
            return self._by_form(0, which, subject, subjects)
        values = np.empty(len(which), dtype=np.float64)
        form = self.form.take(which)
        for number in range(-1, len(self.forms)):
            of_form = (form == number).nonzero()[0]
            if len(of_form):
                some, whom = which.take(of_form), subject.take(of_form)
                if number >= 0:
                    values[of_form] = self._by_form(number, some, whom, subjects)
                else:
                    values[of_form] = (self._by_row if subjects.few else self._by_frame)(some, whom, subjects)
        return values

    def _by_row(self, which: Index, subject: Index, subjects: Subjects) -> Floats:
        """One pair after the other."""
        if not len(which):
            return np.zeros(0, dtype=np.float64)
        asked = map(self.rows.__getitem__, which.tolist())
        rows = map(subjects.rows.__getitem__, subject.tolist())
        return np.array([test(values) for test, values in zip(asked, rows, strict=True)], dtype=np.float64)

    def _by_frame(self, which: Index, subject: Index, subjects: Subjects) -> Floats:
        """Each expression that occurs for all subjects, and then picked."""
        wanted = np.unique(which)
        frame = subjects.frame.select(
            self.frames[number].cast(pl.Float64).fill_null(np.nan).alias(str(number))
            for number in wanted.tolist()
        )
        answers = np.stack([series.to_numpy() for series in frame.get_columns()])
        found: Floats = answers[np.searchsorted(wanted, which), subject]
        return found

    def _by_form(self, number: int, which: Index, subject: Index, subjects: Subjects) -> Floats:
        """All pairs of one form at once."""
        values, width = np.ascontiguousarray(subjects.matrix), len(subjects)
        constants, names = iter(self.constants), iter(self.names)

        def computed(form: Form) -> Floats:
            """The form's value; what is no finite number stands for NULL, and arithmetic passes it on."""
            found: Floats
            if form.kind == "constant":
                found = next(constants).take(which)
            elif form.kind == "name":
                at = next(names).take(which)
                at *= width
                at += subject
                found = values.take(at)
            else:
                found = computed(form.parts[0])
                for part in form.parts[1:]:
                    found = _OPERATIONS[form.kind](found, computed(part))
                if form.kind in _SIGNS:
                    found = _SIGNS[form.kind](found)
            return found

        with np.errstate(all="ignore"):
            return _finite(computed(self.forms[number]))


def _first_known(values: Floats, others: Floats) -> Floats:
    return np.where(np.isfinite(values), values, others)


def _divided(values: Floats, by: Floats) -> Floats:
    """The quotient; divided by infinity, which stands for NULL, a number would come out."""
    return values / _finite(by)


_OPERATIONS: dict[str, Callable[[Floats, Floats], Floats]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": _divided, "coalesce": _first_known,
}  # fmt: skip
_SIGNS: dict[str, Callable[[Floats], Floats]] = {"negative": np.negative, "abs": np.abs}


def _finite(values: Floats) -> Floats:
    """The values, NaN where they are not finite."""
    return np.where(np.isfinite(values), values, np.nan)


def _form(
    node: Node, own: Set[str], layout: Mapping[str, int], constants: list[float], names: list[int]
) -> Form | None:
    """The node's form, its constants and names appended in the order of writing; None where it has none."""
    if not any(isinstance(part, Name) for part in walk(node)):
        value = compiled(node, {})(())
        constants.append(np.nan if value is None else float(value))
        return Form("constant")
    if isinstance(node, Name):
        names.append(layout[node.name])
        return Form("name") if node.name in own else None
    kind: str
    match node:
        case Arithmetic(op=op):
            kind = op
        case Negate():
            kind = "negative"
        case Absolute():
            kind = "abs"
        case Coalesce():
            kind = "coalesce"
        case _:
            return None
    parts = [_form(arg, own, layout, constants, names) for arg in node.args]
    known = tuple(part for part in parts if part is not None)
    return Form(kind, known) if len(known) == len(parts) else None


def _table(rows: Sequence[Sequence[float]], filler: float) -> Floats:
    """Rows of unequal length as columns of a table: shape (the longest, rows)."""
    table = np.full((max(map(len, rows), default=0), len(rows)), filler, dtype=np.float64)
    for number, each in enumerate(rows):
        table[: len(each), number] = each
    return table
