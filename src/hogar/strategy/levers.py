"""How hard is each action pulled? Weights on a purpose or an action, for ever or for some days.

A lever stands in objectives.yml, or in controls.yml where somebody pulled it at run time; all that pull at an action
are multiplied with each other and with its urgency. Before: `objectives`, `controls`. After: `actions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hogar.errors import Place
from hogar.strategy.documents import Document, Node
from hogar.strategy.fields import Fields
from hogar.strategy.season import ALWAYS, DAYS, Season, read_season
from hogar.strategy.shapes import HELP, Field, Listed, name_of, number, one_of, table

PURPOSES = ("acquire", "grow", "upgrade", "retain", "care")
WEIGHT_MAX = 10.0
PULL_MAX = 100.0
"""Urgency and all levers together: a score has room for no more."""

LEVER = table(
    Field("purpose", one_of(PURPOSES), "the purpose that it pulls at, or"),
    Field("action", name_of("action"), "the action that it pulls at"),
    Field("weight", number(0, WEIGHT_MAX), "a factor; 1 changes nothing, 0 switches off", required=True),
    *DAYS,
    HELP,
    help="a weight on a purpose or an action",
)
LEVERS = Field("levers", Listed(item=LEVER), "weights on purposes and actions")


@dataclass(frozen=True, kw_only=True)
class Lever:
    """A weight on all actions of a purpose, or on one action, on the days of its season; `help` says what for."""

    purpose: str = ""
    action: str = ""
    weight: float
    season: Season = ALWAYS
    help: str = ""
    place: Place | None = None

    def pulls(self, action: str, purpose: str) -> bool:
        """Whether it pulls at an action of a purpose, on some day."""
        return action == self.action or purpose == self.purpose


@dataclass(frozen=True, kw_only=True)
class TimedWeight:
    """A weight that counts on the days of a season only."""

    season: Season
    weight: float


@dataclass(frozen=True, kw_only=True)
class Pull:
    """All levers on one action: the product of those for ever, and the others with their days."""

    always: float
    timed: tuple[TimedWeight, ...]

    @property
    def most(self) -> float:
        """The largest weight that a day may bring, were all that raise it to meet."""
        most = self.always
        for each in self.timed:
            most *= max(each.weight, 1.0)
        return most


def pull(levers: Iterable[Lever], action: str, purpose: str) -> Pull:
    """The levers that pull at an action, taken together."""
    always, timed = 1.0, []
    for lever in levers:
        if lever.pulls(action, purpose):
            if lever.season.is_always:
                always *= lever.weight
            else:
                timed.append(TimedWeight(season=lever.season, weight=lever.weight))
    return Pull(always=always, timed=tuple(timed))


def read_levers(document: Document, nodes: Sequence[Node], action_keys: Sequence[str]) -> tuple[Lever, ...]:
    """The levers of a list; what is wrong is noted, and pulls at nothing."""
    return tuple(_lever(document, node, number, action_keys) for number, node in enumerate(nodes))


def _lever(document: Document, node: Node, number: int, action_keys: Sequence[str]) -> Lever:
    fields = Fields(document, node, f"lever {number + 1}", LEVER)
    fields.one_of_two("purpose", "action")
    return Lever(
        purpose=fields.choice("purpose", "a purpose", PURPOSES, ""),
        action=fields.choice("action", "an action", action_keys, ""),
        weight=fields.number("weight", 1.0),
        season=read_season(fields),
        help=" ".join(fields.text("help").split()),
        place=fields.place,
    )
