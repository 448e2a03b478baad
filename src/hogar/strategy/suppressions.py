"""What is asleep, for whom, until when, and why? Suppressions of policies.yml, held against the actions they name.

One without `when` takes its actions out for everybody, on the days it names. One with `when` is a condition that
compile puts before the author's: whoever it holds for, or of whom it cannot be said, does not get them. Like the
house's rules it only silences, so whose data it reads does not matter. Neighbours: `house_rules`, `actions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hogar.strategy.calendar import unique_names
from hogar.strategy.documents import Document, Node
from hogar.strategy.expressions import Parser
from hogar.strategy.fields import Fields
from hogar.strategy.levers import PURPOSES
from hogar.strategy.names import CONTEXT, TODAY, Allowed, barrier
from hogar.strategy.season import DAYS, read_season
from hogar.strategy.shapes import EXPRESSION, TEXT, Field, names_of, some_of, table
from hogar.strategy.types import Condition, Suppression
from hogar.telco.catalogue import Entity
from hogar.telco.channels import MessageClass

SUPPRESSIONS_MAX = 1000
SUPPRESSION = table(
    Field("name", TEXT, "what people call it", required=True),
    Field("actions", names_of("action"), "the actions that are asleep"),
    Field("offerings", names_of("offer"), "all actions with one of these offerings"),
    Field("purposes", some_of(PURPOSES), "all actions of these purposes"),
    *DAYS,
    Field("when", EXPRESSION, "for whom; left out: for everybody"),
    Field("because", TEXT, "why, in words for people", required=True),
    help="actions that are asleep",
)
_ABOUT = ("actions", "offerings", "purposes")


@dataclass(frozen=True, kw_only=True)
class Suppressions:
    """All suppressions, and the file that they stand in."""

    document: Document
    found: tuple[Suppression, ...]

    def conditions(
        self,
        parser: Parser,
        action: str,
        scope: Entity,
        *,
        offering: str | None,
        purpose: str,
        message_class: MessageClass,
    ) -> list[Condition]:
        """The conditions that those with a `when` put on an action; problems where an action cannot be asked."""
        asked: list[Condition] = []
        for each in self.found:
            if not each.names(action, offering, purpose):
                continue
            if message_class == "legal":
                if action in each.actions:
                    self.document.problem(
                        each.place, f"action `{action}` is a message of law, which is never withheld",
                        "`suppressed_actions` puts it to sleep for everybody",
                    )  # fmt: skip
            elif each.when is not None and self._can_be_asked(each, parser, action, scope):
                asked += self._condition(each, parser)
        return asked

    def _can_be_asked(self, one: Suppression, parser: Parser, action: str, scope: Entity) -> bool:
        assert one.when is not None
        allowed = _allowed(f"suppression `{one.name}` of action `{action}`", scope)
        walls = [wall for name in sorted(one.when.names) if (wall := barrier(name, allowed, parser.words))]
        for what, _ in walls:
            self.document.problem(one.when.place, what, "name the actions that it can be asked of")
        return not walls

    def _condition(self, one: Suppression, parser: Parser) -> list[Condition]:
        """That the suppression does not hold: on the days of its season, `when` is false."""
        assert one.when is not None
        outside = [f"{TODAY} < date '{one.season.first}'"] if one.season.first else []
        outside += [f"{TODAY} > date '{one.season.last}'"] if one.season.last else []
        text = " or ".join([*outside, f"not ({' '.join(one.when.text.split())})"])
        expression = parser.derived(self.document, text, one.place)
        if expression is None:
            return []
        return [
            Condition(
                kind="suppressed", text=text, expression=expression, place=one.place, because=one.because
            )
        ]


def read_suppressions(
    document: Document, nodes: Sequence[Node], parser: Parser, action_keys: Sequence[str]
) -> Suppressions:
    """The suppressions of a list; what is wrong is noted, and such a one suppresses nothing."""
    if len(nodes) > SUPPRESSIONS_MAX:
        document.problem(nodes[0].place, f"there are {len(nodes)} suppressions, {SUPPRESSIONS_MAX} allowed")
    found = [
        _suppression(document, node, number, parser, action_keys)
        for number, node in enumerate(nodes[:SUPPRESSIONS_MAX])
    ]
    unique_names(document, "suppressions", [(each.name, each.place) for each in found])
    return Suppressions(document=document, found=tuple(found))


def _suppression(
    document: Document, node: Node, number: int, parser: Parser, action_keys: Sequence[str]
) -> Suppression:
    owner = f"suppression {number + 1}"
    fields = Fields(document, node, owner, SUPPRESSION)
    if not any(name in fields for name in _ABOUT):
        document.problem(fields.place, f"{owner} names nothing", f"add one of {', '.join(_ABOUT)}")
    when = fields.node("when")
    return Suppression(
        name=fields.text("name"),
        actions=fields.choices("actions", "an action", action_keys),
        offerings=_offerings(fields, parser),
        purposes=fields.choices("purposes", "a purpose", PURPOSES),
        season=read_season(fields),
        when=None if when is None else parser.expression(document, when, "boolean", _allowed(owner, "line")),
        for_all=when is None,
        because=" ".join(fields.text("because").split()),
        place=fields.place,
    )


def _offerings(fields: Fields, parser: Parser) -> tuple[str, ...]:
    offers = parser.words.offers
    if offers is not None:
        return fields.choices("offerings", "an offer of the catalogue", sorted(offers))
    nodes = fields.elements("offerings")
    return tuple(getattr(node, "value", "") for node in nodes)


def _allowed(owner: str, scope: Entity) -> Allowed:
    return Allowed(owner=owner, scope=scope, fields=frozenset(CONTEXT), silences=True)
