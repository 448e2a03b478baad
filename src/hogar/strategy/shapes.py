"""Of which form is what an author writes? Tables of fields: what readers read by, and editors complete from.

A reader opens a mapping with its `Table` (see `fields`); `schema` writes the same table as a JSON Schema. So what is
read and what an editor accepts is one thing, written once, beside the reader whose fields they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["text", "number", "whole", "switch", "expression", "value"]


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """One plain value; a `value` is any of them, or `~` for unknown.

    `options` are the words it may be; `pattern` is what its text matches as a whole.

    `known` says which of a project's own names it holds (`Names`), for editors to offer.
    """

    kind: Kind
    options: tuple[str, ...] = ()
    pattern: str = ""
    known: str = ""
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A list, each item of one form; `once`: no item stands twice."""

    item: Shape
    items_min: int = 0
    once: bool = False


@dataclass(frozen=True, kw_only=True)
class Named:
    """A mapping whose keys the author chooses: from `options`, by `pattern`, or from a project's names (`known`).

    `closed`: no key but the project's names, where these are known.
    """

    value: Shape
    options: tuple[str, ...] = ()
    pattern: str = ""
    known: str = ""
    closed: bool = False


@dataclass(frozen=True, kw_only=True)
class Either:
    """One of several forms, such as a text or a mapping that has one."""

    forms: tuple[Shape, ...]


@dataclass(frozen=True)
class Field:
    """One field of a table: its name, its form, and what it says in one line."""

    name: str
    shape: Shape
    help: str
    required: bool = False


@dataclass(frozen=True)
class Table:
    """A mapping with fields that the house names; `help` says what it is about."""

    fields: tuple[Field, ...]
    help: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The fields' names, in the order in which they are told."""
        return tuple(field.name for field in self.fields)

    @property
    def required(self) -> tuple[str, ...]:
        """The fields that must be written."""
        return tuple(field.name for field in self.fields if field.required)

    @property
    def optional(self) -> Table:
        """The same fields, none of which must be written."""
        return replace(self, fields=tuple(replace(field, required=False) for field in self.fields))

    def shape(self, name: str) -> Shape:
        """The form of a field that the table has."""
        return next(field.shape for field in self.fields if field.name == name)


Shape = Leaf | Listed | Named | Either | Table

TEXT = Leaf(kind="text")
SWITCH = Leaf(kind="switch")
EXPRESSION = Leaf(kind="expression")
VALUE = Leaf(kind="value")
PROBABILITY = Leaf(kind="number", at_least=0, at_most=1)
HELP = Field("help", TEXT, "a note for people")


def table(*fields: Field, help: str = "") -> Table:
    """A table of these fields."""
    return Table(fields, help)


def number(at_least: float | None = None, at_most: float | None = None) -> Leaf:
    """A number within bounds, both ends allowed."""
    return Leaf(kind="number", at_least=at_least, at_most=at_most)


def whole(at_least: float | None = None, at_most: float | None = None) -> Leaf:
    """A whole number within bounds, both ends allowed."""
    return Leaf(kind="whole", at_least=at_least, at_most=at_most)


def one_of(options: Sequence[str]) -> Leaf:
    """One of some words."""
    return Leaf(kind="text", options=tuple(options))


def some_of(options: Sequence[str]) -> Listed:
    """A list out of some words, none twice."""
    return Listed(item=one_of(options), once=True)


def name_of(known: str) -> Leaf:
    """One of the project's own names, such as an `action` or an `offer`."""
    return Leaf(kind="text", known=known)


def names_of(known: str) -> Listed:
    """A list of the project's own names, none twice."""
    return Listed(item=name_of(known), once=True)


def matching(pattern: str) -> Leaf:
    """A text that matches a pattern as a whole."""
    return Leaf(kind="text", pattern=pattern)
