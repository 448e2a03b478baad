"""What does an author's expression in a YAML leaf mean? Parsed, typed, held against what it may use here.

Each problem gets its exact place in the file, also inside quotes and block text. The same text is parsed once
a compile. Before: `documents`, `names`. After: `actions`, `objectives`, `triggers`, `campaigns`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from hogar import expr
from hogar.errors import Place, Problem, ProblemsFound
from hogar.expr import Expression
from hogar.strategy import leaves
from hogar.strategy.documents import Document, Node, Scalar, Sequence
from hogar.strategy.names import Allowed, Vocabulary, barrier
from hogar.strategy.positions import offset_of, place_in_value
from hogar.strategy.types import Condition, ConditionKind
from hogar.telco.catalogue import FeatureType

_START = Place(file="", line=1, column=1)  # a place within a value; `place_in_value` finds it in the file

_HAS_OFFER = re.compile(r"\b(household|person|line)\s*\.\s*has_offer\s*\(\s*'((?:[^']|'')*)'\s*\)")
_NAME = re.compile(r"\b[a-z_]+\.[a-z_0-9]+\b")
_BOOLEAN: FeatureType = "boolean"


@dataclass
class Parser:
    """Parses against one vocabulary and remembers what it parsed."""

    words: Vocabulary
    _seen: dict[str, Expression | tuple[Problem, ...]] = field(default_factory=dict)

    def expression(
        self, document: Document, node: Node, wanted: FeatureType, allowed: Allowed
    ) -> Expression | None:
        """The node's expression, of the wanted type and within what is allowed; None with problems noted."""
        if not isinstance(node, Scalar) or leaves.is_empty(node):
            document.problem(node, f"must be an expression, not {leaves.kind_of(node)}")
            return None
        parsed = self._parsed(node.value)
        if isinstance(parsed, tuple):
            for problem in parsed:
                offset = offset_of(node.value, problem.place.line, problem.place.column)
                document.problem(place_in_value(document, node, offset), problem.what, problem.cure)
            self._permitted(document, node, self._names_in(node.value), allowed)
            return None
        fine = self._permitted(document, node, parsed.names, allowed)
        if parsed.type != wanted and not _is_null(parsed):
            document.problem(node, f"must be a {wanted}, but `{_short(parsed.text)}` is a {parsed.type}")
            fine = False
        return replace(parsed, place=node.place) if fine else None

    def conditions(
        self, document: Document, node: Node, kind: ConditionKind, allowed: Allowed
    ) -> list[Condition]:
        """The conditions of one expression or of a list of them, cut at each `and`, in the order written."""
        found: list[Condition] = []
        for each in node.items if isinstance(node, Sequence) else (node,):
            expression = self.expression(document, each, "boolean", allowed)
            if expression is None or not isinstance(each, Scalar):
                continue
            for part in expr.conjuncts(replace(expression, place=_START)):
                offset = offset_of(each.value, part.place.line, part.place.column)
                place = place_in_value(document, each, offset)
                text = " ".join(part.text.split())
                found.append(
                    Condition(
                        kind=kind, text=text, expression=replace(part, place=place), place=place, because=text
                    )
                )
        return found

    def house(self, text: str, place: Place) -> Expression:
        """One of the house's own expressions; its names are in the vocabulary, the caller has looked."""
        parsed = self._parsed(text)
        assert isinstance(parsed, Expression), f"the house's own rule is wrong: {parsed}"
        return replace(parsed, place=place)

    def derived(self, document: Document, text: str, place: Place) -> Expression | None:
        """An expression made of an author's own; None, and a problem noted, where it grows too big."""
        parsed = self._parsed(text)
        if isinstance(parsed, Expression):
            return replace(parsed, place=place)
        document.problem(place, parsed[0].what, parsed[0].cure)
        return None

    def _parsed(self, text: str) -> Expression | tuple[Problem, ...]:
        if text not in self._seen:
            try:
                self._seen[text] = expr.parse(text, _START, self._schema(text))
            except ProblemsFound as found:
                self._seen[text] = found.problems
        return self._seen[text]

    def _names_in(self, text: str) -> set[str]:
        """The known names of a text that cannot be parsed, so that its other problems are found in the same run."""
        return {match[0] for match in _NAME.finditer(text) if match[0] in self.words.types}

    def _schema(self, text: str) -> Mapping[str, FeatureType]:
        """All names, and the offers that this text asks after: whether they exist is `barrier`'s to say."""
        asked = {f"{match[1]}.has_offer('{match[2]}')" for match in _HAS_OFFER.finditer(text)}
        return {**self.words.types, **dict.fromkeys(asked, _BOOLEAN)} if asked else self.words.types

    def _permitted(self, document: Document, node: Scalar, names: Iterable[str], allowed: Allowed) -> bool:
        fine = True
        for name in sorted(names):
            wall = barrier(name, allowed, self.words)
            if wall is not None:
                document.problem(place_of_name(document, node, name), *wall)
                fine = False
        return fine


def place_of_name(document: Document, scalar: Scalar, name: str) -> Place:
    """Where a name first stands in a value."""
    return place_in_value(document, scalar, offset_of_name(scalar.value, name))


def offset_of_name(text: str, name: str) -> int:
    """The offset of a name's first occurrence in a text; 0 where it is spelt otherwise."""
    member = name.split("(")[0]
    argument = name[len(member) :].strip("()")
    pattern = r"(?<![\w.])" + r"\s*\.\s*".join(re.escape(part) for part in member.split(".", 1))
    pattern += r"\s*\(\s*" + re.escape(argument) if argument else r"(?!\w)"
    found = re.search(pattern, text, re.IGNORECASE)
    return found.start() if found else 0


def all_names(expressions: Iterable[Expression]) -> frozenset[str]:
    """The names that several expressions use together."""
    return frozenset(name for expression in expressions for name in expression.names)


def filled(
    expression: Expression, mapping: Mapping[str, Expression], document: Document
) -> Expression | None:
    """The expression with names replaced by expressions; None, and a problem noted, where it grows too big."""
    try:
        return expr.substitute(expression, mapping)
    except ProblemsFound as found:
        document.problems.extend(found.problems)
        return None


def _is_null(expression: Expression) -> bool:
    return expression.text.strip().lower() == "null"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 60 else words[:57] + "..."
