"""Do an action's conditions fit together? Those that can never hold, that contradict, repeat or follow from others.

Every finding is a proof (see `ranges`), never a guess: where a condition is not seen through, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from hogar.errors import Place, Problem
from hogar.expr import Expression, Value
from hogar.expr.nodes import Compare, Comparison, Node, Not
from hogar.strategy.lint.ranges import Question, question, witnesses

_CONTRARY: dict[Comparison, Comparison] = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One condition and who asks it; the house's own stand at the place where the action names its offering."""

    expression: Expression
    text: str
    place: Place
    by_house: bool = False

    def __str__(self) -> str:
        return f"the house's own `{self.text}`" if self.by_house else f"`{self.text}`"


def conditions_findings(owner: str, asked: Sequence[Asked]) -> list[Problem]:
    """What is wrong with conditions that must all hold; `owner` is what can never come of it: "action `x`"."""
    dead = never_together(asked)
    if dead:
        return [contradiction(owner, dead)]
    found: list[Problem] = []
    _note_needless(asked, found)
    return found


def warning(place: Place, what: str, cure: str = "") -> Problem:
    """A finding that stops nothing."""
    return Problem(place=place, what=what, cure=cure, severity="warning")


def implies(stronger: Sequence[Expression], weaker: Expression) -> bool:
    """Whether a condition is sure to hold wherever the others all do; False where that is not known."""
    if any(each.node == weaker.node for each in stronger):
        return True
    asked = question(weaker)
    if asked is None:
        return False
    if asked.thing is None:
        return asked.holds(None) is True
    same = [each for each in map(question, stronger) if each is not None and each.thing == asked.thing]
    values = witnesses(same, [asked])
    return values is not None and all(asked.holds(value) is True for value in _meeting(same, values))


def never_together(asked: Sequence[Asked]) -> list[Asked]:
    """A group of conditions that can never all hold, as small as it is seen; empty where there is none."""
    for each, other in _contraries(asked):
        return [each, other]
    for group in _groups(asked):
        for size in (1, 2, len(group)):
            for some in combinations(group, size):
                if _never([whole for _, whole in some]):
                    return [each for each, _ in some]
    return []


def _contraries(asked: Sequence[Asked]) -> Iterator[tuple[Asked, Asked]]:
    """Pairs of a condition and its plain contrary, whatever they are about."""
    for each, other in combinations(asked, 2):
        if other.expression.node in _contrary(each.expression.node):
            yield each, other


def _contrary(node: Node) -> list[Node]:
    found: list[Node] = [Not(args=(node,))]
    if isinstance(node, Not):
        found.append(node.args[0])
    if isinstance(node, Compare):
        found.append(replace(node, op=_CONTRARY[node.op]))
    return found


def _groups(asked: Sequence[Asked]) -> list[list[tuple[Asked, Question]]]:
    """The conditions that are seen through, by what they are about, in the order of writing."""
    groups: dict[Node | None, list[tuple[Asked, Question]]] = {}
    for each in asked:
        about = question(each.expression)
        if about is not None:
            groups.setdefault(about.thing, []).append((each, about))
    return list(groups.values())


def _never(questions: Sequence[Question]) -> bool:
    values = [None] if questions[0].thing is None else witnesses(questions)
    return values is not None and not _meeting(questions, values)


def _meeting(questions: Sequence[Question], values: Sequence[Value]) -> list[Value]:
    """The values at which all hold."""
    return [value for value in values if all(each.holds(value) is True for each in questions)]


def contradiction(owner: str, group: Sequence[Asked]) -> Problem:
    """The warning about conditions that can never all hold, at the last one that an author wrote."""
    last = next((each for each in reversed(group) if not each.by_house), group[-1])
    others = [each for each in group if each is not last]
    if not others:
        return warning(last.place, f"{owner} can never be proposed: {last} never holds", "see what was meant")
    said = " and ".join(f"{each} ({each.place})" for each in others)
    return warning(
        last.place, f"{owner} can never be proposed: {last} never holds together with {said}",
        "change one of them",
    )  # fmt: skip


def _note_needless(asked: Sequence[Asked], found: list[Problem]) -> None:
    """Conditions that never stop anybody: always true, said before, or sure once the earlier ones hold."""
    for number, each in enumerate(asked):
        if each.by_house:
            continue
        if implies([], each.expression):
            found.append(warning(each.place, f"{each} always holds", "leave it out"))
            continue
        earlier = list(asked[:number])
        same = next((one for one in earlier if one.expression.node == each.expression.node), None)
        if same is not None:
            found.append(warning(each.place, f"{each} is asked twice, first at {same.place}", "leave it out"))
            continue
        stronger = next((one for one in earlier if implies([one.expression], each.expression)), None)
        if stronger is not None:
            found.append(
                warning(
                    each.place,
                    f"{each} always holds where {stronger} does ({stronger.place})",
                    "leave it out",
                )
            )
        elif implies([one.expression for one in earlier], each.expression):
            found.append(
                warning(each.place, f"{each} always holds where the conditions before it do", "leave it out")
            )
