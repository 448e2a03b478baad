"""When do we stay silent on purpose? The calendar of policies.yml: days on which channels that we open say nothing.

An entry silences channels, for some purposes or actions or for all. What the customer opens is never silent: to take
an action out everywhere there are `suppressions`. Messages of law are never withheld. Neighbours: `season`, `policies`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from hogar.errors import Place
from hogar.strategy.documents import Document, Node
from hogar.strategy.fields import Fields
from hogar.strategy.levers import PURPOSES
from hogar.strategy.season import DAYS, EVERY_YEAR, Season, read_season
from hogar.strategy.shapes import TEXT, Field, Table, names_of, some_of, table
from hogar.telco.channels import OUTBOUND_CHANNELS, MessageClass

CLASSES: tuple[MessageClass, ...] = ("marketing", "service")
"""What may be held back on purpose: everything but messages of law."""

SILENT = table(
    Field("channels", some_of(OUTBOUND_CHANNELS), "channels that we open; left out: all of them"),
    Field("purposes", some_of(PURPOSES), "for actions of these purposes"),
    Field("actions", names_of("action"), "for these actions"),
    Field("message_classes", some_of(CLASSES), "for these classes; left out: marketing"),
    help="what is silent",
)
ENTRY: Table = table(
    Field("name", TEXT, "what people call it", required=True),
    *(replace(day, required=True) for day in DAYS),
    EVERY_YEAR,
    Field("silent", SILENT, "what is silent", required=True),
    Field("because", TEXT, "why, in words for people", required=True),
    help="days on which we stay silent",
)


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """Days on which these channels are silent, for these purposes or actions (both empty: for all)."""

    name: str
    season: Season
    channels: tuple[str, ...]
    purposes: tuple[str, ...]
    actions: tuple[str, ...]
    message_classes: tuple[MessageClass, ...]
    because: str
    place: Place

    def silences(self, channel: str, action: str, purpose: str, message_class: str) -> bool:
        """Whether it silences this action in this channel, on the days of its season."""
        about_all = not self.purposes and not self.actions
        about_it = about_all or action in self.actions or purpose in self.purposes
        return about_it and channel in self.channels and message_class in self.message_classes


def read_calendar(
    document: Document, nodes: Sequence[Node], action_keys: Sequence[str]
) -> tuple[CalendarEntry, ...]:
    """The entries of the calendar; what is wrong is noted."""
    found = [_entry(document, node, number, action_keys) for number, node in enumerate(nodes)]
    unique_names(document, "calendar entries", [(each.name, each.place) for each in found])
    return tuple(found)


def unique_names(document: Document, what: str, named: Sequence[tuple[str, Place]]) -> None:
    """Note where two things of one list have the same name."""
    names = [name for name, _ in named]
    for name, place in named:
        if name and names.count(name) > 1:
            document.problem(place, f"two {what} are called `{name}`", "give each its own name")


def _entry(document: Document, node: Node, number: int, action_keys: Sequence[str]) -> CalendarEntry:
    owner = f"calendar entry {number + 1}"
    fields = Fields(document, node, owner, ENTRY)
    silent = Fields(document, fields.node("silent"), "`silent`", SILENT)
    return CalendarEntry(
        name=fields.text("name"),
        season=read_season(fields, every_year=fields.switch("every_year", False)),
        channels=silent.choices(
            "channels", "a channel that we open", OUTBOUND_CHANNELS, tuple(OUTBOUND_CHANNELS)
        ),
        purposes=silent.choices("purposes", "a purpose", PURPOSES),
        actions=silent.choices("actions", "an action", action_keys),
        message_classes=cast(
            "tuple[MessageClass, ...]",
            silent.choices(
                "message_classes", "a message class that may be withheld", CLASSES, ("marketing",)
            ),
        ),
        because=" ".join(fields.text("because").split()),
        place=fields.place,
    )
