"""Which value does one YAML leaf hold? A node in, a checked value out, or None and a problem noted.

Plain words mean what they say: `21:00` is no number, `no` is a switch only where a switch is asked for. Every
function takes the document (to note problems), the node, and `what` the author would call it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from hogar.errors import did_you_mean
from hogar.strategy.documents import Document, Mapping, Node, Scalar
from hogar.strategy.documents import Sequence as NodeSequence
from hogar.telco.roles import MEANT

_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")
_SWITCHES = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}
_EMPTY = ("", "~", "null")


def text(document: Document, node: Node, what: str) -> str | None:
    """A text that is not empty."""
    scalar = _scalar(document, node, what, "text")
    if scalar is None:
        return None
    if not scalar.value.strip() or is_empty(scalar):
        document.problem(node, f"{what} is empty")
        return None
    return scalar.value


def number(
    document: Document,
    node: Node,
    what: str,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    whole: bool = False,
) -> float | None:
    """A finite number within bounds (both ends allowed); `whole` refuses fractions."""
    scalar = _scalar(document, node, what, "a whole number" if whole else "a number")
    if scalar is None:
        return None
    value = float(scalar.value) if scalar.plain and _NUMBER.fullmatch(scalar.value) else float("nan")
    if value != value or abs(value) == float("inf") or (whole and not value.is_integer()):
        document.problem(
            node, f"{what} must be {'a whole number' if whole else 'a number'}, not `{scalar.value}`"
        )
        return None
    low = at_least is not None and value < at_least
    high = at_most is not None and value > at_most
    if low or high:
        bound = f"at least {at_least:g}" if low else f"at most {at_most:g}"
        document.problem(node, f"{what} must be {bound}, not {scalar.value}")
        return None
    return value


def switch(document: Document, node: Node, what: str) -> bool | None:
    """`on`/`off`, `true`/`false` or `yes`/`no`."""
    scalar = _scalar(document, node, what, "`on` or `off`")
    if scalar is None:
        return None
    value = _SWITCHES.get(scalar.value.lower()) if scalar.plain else None
    if value is None:
        document.problem(node, f"{what} must be `on` or `off`, not `{scalar.value}`")
    return value


def choice(document: Document, node: Node, what: str, options: Sequence[str]) -> str | None:
    """One of the words in `options`."""
    scalar = _scalar(document, node, what, "one word")
    if scalar is None:
        return None
    if scalar.value not in options:
        document.problem(node, f"`{scalar.value}` is not {what}", _meant(scalar.value, options))
        return None
    return scalar.value


def _meant(word: str, options: Sequence[str]) -> str:
    """The nearest word, or the role that is called so in everyday words."""
    role = MEANT.get(word.lower(), "")
    return f"did you mean `{role}`?" if role in options else did_you_mean(word, options)


def choices(document: Document, node: Node, what: str, options: Sequence[str]) -> tuple[str, ...]:
    """A list of words out of `options`, none of them twice; wrong ones are noted and left out."""
    chosen: list[str] = []
    for item in elements(document, node, "a list"):
        word = choice(document, item, what, options)
        if word in chosen:
            document.problem(item, f"`{word}` stands twice in the list")
        elif word is not None:
            chosen.append(word)
    return tuple(chosen)


def elements(document: Document, node: Node, what: str) -> tuple[Node, ...]:
    """The nodes of a list."""
    if isinstance(node, NodeSequence):
        return node.items
    document.problem(
        node, f"must be {what}, not {kind_of(node)}", "write `[first, second]` or one `- ` a line"
    )
    return ()


def entries(document: Document, node: Node, what: str) -> tuple[tuple[Scalar, Node], ...]:
    """The keys and values of a mapping."""
    if isinstance(node, Mapping):
        return node.items
    document.problem(node, f"{what} must be a mapping (`key: value` lines), not {kind_of(node)}")
    return ()


def is_empty(node: Node) -> bool:
    """True where nothing was written, or `~` or `null`."""
    return isinstance(node, Scalar) and node.plain and node.value.lower() in _EMPTY


def kind_of(node: Node) -> str:
    """What a node is, in an author's words."""
    if isinstance(node, Scalar):
        return "nothing" if is_empty(node) else f"`{node.value[:40]}`"
    return "a list" if isinstance(node, NodeSequence) else "a mapping"


def _scalar(document: Document, node: Node, what: str, wanted: str) -> Scalar | None:
    if isinstance(node, Scalar) and not (is_empty(node) and wanted != "text"):
        return node
    document.problem(node, f"{what} must be {wanted}, not {kind_of(node)}")
    return None
