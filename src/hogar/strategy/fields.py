"""Which fields does a mapping have? One YAML mapping read field by field; what nobody asks for is unknown.

Opened with the table of its fields (or the names it may have), so that misspelt ones are found at once, with the
nearest right one. A field that is wrong gives its default and a noted problem, so that reading goes on and finds the
rest. Bounds of numbers stand in the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from hogar.errors import Place, did_you_mean
from hogar.strategy import leaves
from hogar.strategy.documents import Document, Mapping, Node, Scalar
from hogar.strategy.shapes import Either, Kind, Leaf, Listed, Table

T = TypeVar("T")


class Fields:
    """The fields of one mapping. `owner` is what messages call it: "action `fibre`".

    `known` is the table of its fields, or their bare names with those that are `required`.
    """

    def __init__(
        self,
        document: Document,
        node: Node | None,
        owner: str,
        known: Sequence[str] | Table,
        required: Sequence[str] = (),
    ) -> None:
        self._table = known if isinstance(known, Table) else None
        if isinstance(known, Table):
            required = known.required
            known = known.names
        self.document = document
        self.owner = owner
        self.place: Place = document.start if node is None else node.place
        self.nodes: dict[str, Node] = {}
        self.keys: dict[str, Scalar] = {}
        items = () if node is None or leaves.is_empty(node) else leaves.entries(document, node, owner)
        for key, value in items:
            if key.value in known:
                self.nodes[key.value] = value
                self.keys[key.value] = key
            else:
                document.problem(
                    key, f"unknown field `{key.value}` in {owner}", did_you_mean(key.value, known)
                )
        if node is None or isinstance(node, Mapping) or leaves.is_empty(node):
            for name in required:
                if name not in self.nodes:
                    document.problem(self.place, f"{owner} has no `{name}`", f"add `{name}:`")

    def __contains__(self, name: str) -> bool:
        return name in self.nodes

    def node(self, name: str) -> Node | None:
        """The field's node, None when it was not written."""
        return self.nodes.get(name)

    def at(self, name: str) -> Place:
        """Where the field's value stands; the mapping itself when it was not written."""
        return self.nodes[name].place if name in self.nodes else self.place

    def text(self, name: str, default: str = "") -> str:
        """A text field."""
        self._expect(name, "text", "expression")
        node = self.nodes.get(name)
        return (leaves.text(self.document, node, f"`{name}`") or default) if node is not None else default

    def number(self, name: str, default: float) -> float:
        """A number field within the bounds of the table."""
        return self._number(name, default, "number")

    def whole(self, name: str, default: int) -> int:
        """A whole-number field within the bounds of the table."""
        return int(self._number(name, default, "whole"))

    def _number(self, name: str, default: float, kind: Kind) -> float:
        leaf = self._expect(name, kind)
        node = self.nodes.get(name)
        if node is None:
            return default
        at_least, at_most = (leaf.at_least, leaf.at_most) if leaf else (None, None)
        value = leaves.number(
            self.document, node, f"`{name}`", at_least=at_least, at_most=at_most, whole=kind == "whole"
        )
        return default if value is None else value

    def switch(self, name: str, default: bool) -> bool:
        """An on/off field."""
        self._expect(name, "switch")
        node = self.nodes.get(name)
        value = None if node is None else leaves.switch(self.document, node, f"`{name}`")
        return default if value is None else value

    def choice(self, name: str, what: str, options: Sequence[str], default: str) -> str:
        """A field that is one of some words; `what` finishes "`x` is not ..."."""
        self._expect_words(self._expect(name, "text"), options)
        node = self.nodes.get(name)
        value = None if node is None else leaves.choice(self.document, node, what, options)
        return default if value is None else value

    def one_of_two(self, first: str, second: str) -> None:
        """A problem unless exactly one of two fields is written."""
        if (first in self) == (second in self):
            self.document.problem(
                self.place, f"{self.owner} must have a `{first}` or an `{second}`, and not both"
            )

    def choices(
        self, name: str, what: str, options: Sequence[str], default: tuple[str, ...] = ()
    ) -> tuple[str, ...]:
        """A field that is a list of some words."""
        if self._table is not None:
            listed = self._table.shape(name)
            assert isinstance(listed, Listed), f"`{name}` is no list in the table of {self.owner}"
            self._expect_words(listed.item, options)
        node = self.nodes.get(name)
        return default if node is None else leaves.choices(self.document, node, what, options)

    def inner(self, name: str, known: Table) -> Fields:
        """The fields of a field that is a mapping; where it was not written none of them is missed."""
        node = self.nodes.get(name)
        return Fields(self.document, node, f"`{name}`", known if node is not None else known.optional)

    def elements(self, name: str) -> tuple[Node, ...]:
        """The nodes of a list field; none when it was not written."""
        node = self.nodes.get(name)
        return () if node is None else leaves.elements(self.document, node, f"`{name}` a list")

    def entries(self, name: str) -> tuple[tuple[Scalar, Node], ...]:
        """The keys and values of a mapping field; none when it was not written."""
        node = self.nodes.get(name)
        return () if node is None else leaves.entries(self.document, node, f"`{name}`")

    def _expect(self, name: str, *kinds: Kind) -> Leaf | None:
        """The field's form in the table, where there is one: it must be what the reader takes it for."""
        if self._table is None:
            return None
        shape = self._table.shape(name)
        forms = shape.forms if isinstance(shape, Either) else (shape,)
        fitting = [form for form in forms if isinstance(form, Leaf) and form.kind in (*kinds, "value")]
        assert fitting, f"`{name}` is another thing in the table of {self.owner}"
        return fitting[0]

    def _expect_words(self, leaf: object, options: Sequence[str]) -> None:
        """Words of the house's own stand in the table as the reader has them; a project's names do not."""
        if isinstance(leaf, Leaf) and leaf.options:
            assert set(leaf.options) >= set(options), f"other words in the table of {self.owner}"
