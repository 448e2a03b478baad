"""How much can the house carry? Capacities of policies.yml: at most so many a day or a week, over all customers.

They count in true rolling windows the contacts of the ledger through some channels or for some actions, in all modes
together: what a customer opens is no contact. Messages of law neither count nor wait. Neighbours: `policies`; `runtime`
reads what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hogar.errors import Place
from hogar.strategy.calendar import unique_names
from hogar.strategy.documents import Document, Node
from hogar.strategy.fields import Fields
from hogar.strategy.shapes import TEXT, Field, names_of, one_of, some_of, table, whole
from hogar.telco.channels import OUTBOUND_CHANNELS

DAYS = {"day": 1.0, "week": 7.0}
CAPACITY_MAX = 100_000_000
CAPACITY = table(
    Field("name", TEXT, "what people call it", required=True),
    Field(
        "channels",
        some_of(OUTBOUND_CHANNELS),
        "what is said through these; left out: through all that we open",
    ),
    Field("actions", names_of("action"), "what is said of these; left out: of all"),
    Field("max", whole(0, CAPACITY_MAX), "at most so many", required=True),
    Field("per", one_of(tuple(DAYS)), "in any 24 hours, or in any seven days", required=True),
    help="how much the house can carry",
)


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """At most `max` in any window of `days` through these channels, for these actions (empty: for all)."""

    name: str
    channels: tuple[str, ...]
    actions: tuple[str, ...]
    max: int
    days: float
    place: Place

    @property
    def per(self) -> str:
        """The window in a word."""
        return next(word for word, days in DAYS.items() if days == self.days)

    def counts(self, channel: str, action: str, message_class: str) -> bool:
        """Whether what is said of this action through this channel takes one of it."""
        about_it = not self.actions or action in self.actions
        return about_it and channel in self.channels and message_class != "legal"


def read_capacities(
    document: Document, nodes: Sequence[Node], action_keys: Sequence[str]
) -> tuple[Capacity, ...]:
    """The capacities of a list; what is wrong is noted."""
    found = [_capacity(document, node, number, action_keys) for number, node in enumerate(nodes)]
    unique_names(document, "capacities", [(each.name, each.place) for each in found])
    return tuple(found)


def _capacity(document: Document, node: Node, number: int, action_keys: Sequence[str]) -> Capacity:
    owner = f"capacity {number + 1}"
    fields = Fields(document, node, owner, CAPACITY)
    if "channels" not in fields and "actions" not in fields:
        document.problem(fields.place, f"{owner} has no `channels` and no `actions`", "add one of them")
    return Capacity(
        name=fields.text("name"),
        channels=fields.choices("channels", "a channel that we open", OUTBOUND_CHANNELS, OUTBOUND_CHANNELS),
        actions=fields.choices("actions", "an action", action_keys),
        max=fields.whole("max", 0),
        days=DAYS[fields.choice("per", "a window", tuple(DAYS), "day")],
        place=fields.place,
    )
