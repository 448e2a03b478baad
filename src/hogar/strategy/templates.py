"""What may a text hold? Templates of treatments and reasons checked, every problem at its place.

A template is text with `{{ action.saving_eur | euros }}` in it: a name that the action may use, and at most one of
five filters, of the right type. Nothing else of Jinja: a sentence for another case is another action, or other words
for another role. Before: `treatments` found the texts. After: `say`.
"""

from __future__ import annotations

import re

import jinja2
from jinja2 import nodes

from hogar.errors import did_you_mean
from hogar.strategy.documents import Document, Scalar
from hogar.strategy.expressions import offset_of_name
from hogar.strategy.names import Allowed, Vocabulary, barrier
from hogar.strategy.positions import offset_of, place_in_value
from hogar.strategy.say import FILTERS, parsed

PLURAL = "plural"
_PLACE = re.compile(r"\{\{ *([a-z_]+\.[a-z_][a-z0-9_]*) *(?:\| *([a-z_]+) *)?\}\}")
_PLAIN = re.compile(rf"[^{{}}]*(?:{_PLACE.pattern}[^{{}}]*)*")


def template_names(
    document: Document, scalar: Scalar, allowed: Allowed, words: Vocabulary
) -> tuple[str, ...]:
    """The names that a template says, each checked; problems are noted at their places."""
    text = scalar.value
    if "{" not in text:
        return ()
    plain = _plain_names(text, allowed, words)
    if plain is not None:
        return plain
    try:
        tree = parsed(text)
    except jinja2.TemplateSyntaxError as error:
        place = place_in_value(document, scalar, _offset_of_error(text, error.lineno))
        document.problem(
            place, f"the template cannot be read: {str(error.message).rstrip('.')}", "write `{{ name }}`"
        )
        return ()
    found: dict[str, None] = {}
    for output in tree.body:
        for part in output.nodes if isinstance(output, nodes.Output) else [output]:
            if isinstance(part, nodes.TemplateData):
                continue
            said = _name_said(document, scalar, part)
            if said is not None and _sayable(document, scalar, *said, allowed, words):
                found[said[0]] = None
    return tuple(found)


def _plain_names(text: str, allowed: Allowed, words: Vocabulary) -> tuple[str, ...] | None:
    """The names of a text that is plain and right, found without parsing it; None leaves it to those who look closer.

    Nearly every text is, and parsing is most of the time that it takes to read a strategy.
    """
    if not _PLAIN.fullmatch(text):
        return None
    found: dict[str, None] = {}
    for name, written_by in _PLACE.findall(text):
        kind = words.types.get(name, "boolean")
        if kind == "boolean" or (written_by and FILTERS.get(written_by) != kind) or written_by == PLURAL:
            return None
        if name not in found and barrier(name, allowed, words) is not None:
            return None
        found[name] = None
    return tuple(found)


def _name_said(document: Document, scalar: Scalar, part: nodes.Node) -> tuple[str, str] | None:
    """The name and filter ("" for none) of `{{ a.b | euros }}`; None, and a problem noted, for everything else."""
    inner: nodes.Node | None = part
    name_of_filter = ""
    if isinstance(part, nodes.Filter):
        wrong = _wrong_filter(part)
        if wrong is not None:
            line = offset_of(scalar.value, part.lineno, 1)
            place = place_in_value(document, scalar, max(scalar.value.find(part.name, line), line))
            document.problem(place, *wrong)
            return None
        inner, name_of_filter = part.node, part.name
    if isinstance(inner, nodes.Getattr) and isinstance(inner.node, nodes.Name):
        return f"{inner.node.name}.{inner.attr}", name_of_filter
    place = place_in_value(document, scalar, _offset_of_error(scalar.value, part.lineno))
    if isinstance(inner, nodes.Name):
        place = place_in_value(document, scalar, offset_of_name(scalar.value, inner.name))
        document.problem(
            place, f"`{inner.name}` is not a name", "write it in full, such as `household.adults`"
        )
    else:
        document.problem(place, "a text may hold `{{ name }}` and `{{ name | euros }}` only")
    return None


def _wrong_filter(part: nodes.Filter) -> tuple[str, str] | None:
    """What is wrong with a filter and its arguments, and the cure; None where nothing is."""
    if part.name not in FILTERS:
        return f"`{part.name}` is not a filter here", did_you_mean(part.name, list(FILTERS))
    plain = not part.kwargs and part.dyn_args is None and part.dyn_kwargs is None
    words = [
        each.value for each in part.args if isinstance(each, nodes.Const) and isinstance(each.value, str)
    ]
    if part.name == PLURAL and not (plain and len(words) == len(part.args) == 2):
        return "`plural` takes the word for one and the word for many", "write `plural('line', 'lines')`"
    if part.name != PLURAL and not (plain and not part.args):
        return f"`{part.name}` takes nothing in brackets", f"write `| {part.name}`"
    return None


def _sayable(
    document: Document, scalar: Scalar, name: str, name_of_filter: str, allowed: Allowed, words: Vocabulary
) -> bool:
    place = place_in_value(document, scalar, offset_of_name(scalar.value, name))
    if name not in words.types:
        document.problem(place, f"`{name}` is not a known name", did_you_mean(name, sorted(words.types)))
        return False
    wall = barrier(name, allowed, words)
    if wall is not None:
        document.problem(place, *wall)
        return False
    kind = words.types[name]
    if kind == "boolean":
        document.problem(place, f"`{name}` is a boolean: there is nothing to say", "ask it in a condition")
        return False
    if name_of_filter and FILTERS[name_of_filter] != kind:
        document.problem(
            place, f"`{name_of_filter}` writes a {FILTERS[name_of_filter]}, but `{name}` is a {kind}",
            "leave the filter out",
        )  # fmt: skip
        return False
    return True


def _offset_of_error(text: str, line: int) -> int:
    start = offset_of(text, line, 1)
    return max(text.find("{", start), start)
