"""For which values does a condition hold? Conditions on one thing, asked at one value of each kind there is.

The *thing* is a name, or any part that conditions share, such as `coalesce(event.stay_days, person.trip_days_usual)`:
it is taken for free, so what holds for all its values holds for every row, and what no value meets no row meets.
Between the constants that conditions name nothing changes, so one value of each interval, the constants themselves
and NULL speak for all. Texts are known at the constants and at one other text, where conditions only ask whether
texts are equal; conditions that order or match texts are known at a finite list only. Pure; used by the findings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from hogar.expr import Expression, Steps, Value, row, step_points
from hogar.expr.nodes import (
    And,
    Between,
    Coalesce,
    Compare,
    Constant,
    In,
    IsNull,
    IsTruth,
    Like,
    Name,
    Node,
    Not,
    Or,
    walk,
)
from hogar.telco.catalogue import FeatureType

_THING = "thing"
_OTHER_TEXT = "\U0010fffd another text"  # equal to no constant: nobody writes this character


@dataclass(frozen=True, kw_only=True)
class Question:
    """A condition as a question about one thing; `thing` is None where it asks nothing at all, as `1 < 2`."""

    asked: Expression
    thing: Node | None

    def holds(self, value: Value) -> Value:
        """The condition's truth where the thing has this value."""
        return self._truth([value])

    @cached_property
    def steps(self) -> Steps | None:
        """Where its truth changes; None where that is not known."""
        return step_points(self.asked)

    @cached_property
    def texts(self) -> frozenset[str]:
        """The texts that it names."""
        found: set[str] = set()
        for node in walk(self.asked.node):
            options = node.options if isinstance(node, In) else ()
            value = (node.value,) if isinstance(node, Constant) else ()
            found |= {each for each in (*options, *value) if isinstance(each, str)}
        return frozenset(found)

    @cached_property
    def only_equals(self) -> bool:
        """Whether it asks of texts only if they are equal: never their order, never a pattern."""
        return not any(
            isinstance(node, Like | Between)
            or (isinstance(node, Compare) and node.op not in ("=", "<>") and node.args[0].type == "text")
            for node in walk(self.asked.node)
        )

    @cached_property
    def _truth(self) -> Callable[[Sequence[Value]], Value]:
        return row(self.asked, {_THING: 0})


def question(condition: Expression) -> Question | None:
    """The condition as a question about one thing; None where it asks about several, or in a way that is not seen
    through."""
    if condition.type != "boolean":
        return None
    if not condition.names:
        return Question(asked=condition, thing=None)
    things = _things(condition.node)
    if things is None and len(condition.names) == 1:
        things = {node for node in walk(condition.node) if isinstance(node, Name)}
    if things is None or len(things) != 1:
        return None
    (thing,) = things
    asked = replace(condition, node=_put(condition.node, thing))
    found = Question(asked=asked, thing=thing)
    return found if asked.names == {_THING} and found.steps is not None else None


def witnesses(holding: Sequence[Question], other: Sequence[Question] = ()) -> list[Value] | None:
    """Values of the thing, NULL among them, that speak for all values at which `holding` all hold: what the others
    say there they say everywhere. None where no such list is known. All questions are about one thing."""
    both = [*holding, *other]
    kind: FeatureType = next((each.thing.type for each in both if each.thing is not None), "boolean")
    if kind == "boolean":
        return [None, True, False]
    if kind == "text":
        return _texts(holding, other)
    points = sorted({point for each in both if each.steps is not None for point in each.steps.points})
    if kind == "date":
        days = {int(point) + step for point in points for step in (-1, 0, 1)}
        return [None, *sorted(days or {0})]
    return [None, *Steps(name=_THING, type=kind, points=tuple(points)).samples]


def _texts(holding: Sequence[Question], other: Sequence[Question]) -> list[Value] | None:
    if all(each.only_equals for each in (*holding, *other)):
        return [None, *sorted({text for each in (*holding, *other) for text in each.texts}), _OTHER_TEXT]
    for each in holding:  # one that holds for the texts it names only decides for all
        if each.only_equals and each.holds(_OTHER_TEXT) is not True:
            return [None, *sorted(each.texts)]
    return None


def _things(node: Node) -> set[Node] | None:
    """What the parts of a condition are about; None where a part is not seen through."""
    if isinstance(node, And | Or | Not | IsTruth):
        found = [_things(arg) for arg in node.args]
        return None if None in found else {thing for things in found if things for thing in things}
    if isinstance(node, Constant):
        return set()
    if isinstance(node, Name):
        return {node}
    if isinstance(node, Compare | Between | In | Like | IsNull):
        about = {_bare(arg) for arg in node.args if _uses_names(arg)}
        return about if len(about) <= 1 else None
    return None


def _bare(node: Node) -> Node:
    """The thing itself, without the constant that stands for it where it is NULL."""
    if isinstance(node, Coalesce) and not any(_uses_names(arg) for arg in node.args[1:]):
        return _bare(node.args[0])
    return node


def _put(node: Node, thing: Node) -> Node:
    """The condition with the thing as a name of its own."""
    if node == thing:
        return Name(type=thing.type, name=_THING)
    return replace(node, args=tuple(_put(arg, thing) for arg in node.args))


def _uses_names(node: Node) -> bool:
    return any(isinstance(part, Name) for part in walk(node))
