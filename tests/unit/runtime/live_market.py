"""The small market with live counters: visits of pages by a person, megabytes abroad by a line with consent."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import small_market
from small_market import NOW, TEXTS

from hogar.runtime.engine import Engine
from hogar.runtime.strategies import strategy_row
from hogar.stores.moment import to_micros
from hogar.stores.profiles import write_profiles
from hogar.telco.catalogue import Catalogue, Feature
from hogar.telco.events import Event
from hogar.telco.live import Counter
from hogar.telco.profile import HouseholdProfile, ProfileColumn

VIEWS = Counter(
    entity="person", name="views_24h", event="web.visited", fold="count", hours=24, type="number",
    when="event.topic = 'devices'", fields=(("topic", "text"),),
)  # fmt: skip
LAST = Counter(
    entity="person", name="last_topic_2d", event="web.visited", fold="last", of="topic", hours=48, type="text",
    fields=(("topic", "text"),), one_of=("devices", "plans"),
)  # fmt: skip
ABROAD = Counter(
    entity="line", name="mb_2d", event="usage.abroad", fold="sum", of="mb", hours=48, type="number",
    fields=(("mb", "number"),), consent="traffic",
)  # fmt: skip
HOME = Counter(
    entity="household", name="topics_14d", event="web.visited", fold="distinct", of="topic", hours=14 * 24,
    type="number", fields=(("topic", "text"),),
)  # fmt: skip
COUNTERS = (VIEWS, LAST, ABROAD, HOME)
STRATEGY = {
    **TEXTS,
    "strategy/actions/phone_seen.yml": """
name: Movil que miras
purpose: upgrade
scope: person
suitable_when: person.views_24h >= 2 and person.last_topic_2d = 'devices'
interest: 0.9
value: 500
reason: "Has mirado {{ person.views_24h }} veces"
treatments:
  web: {es: "Miraste {{ person.views_24h }} veces"}
  sms: {es: "Miraste {{ person.views_24h }} veces"}
""",
    "strategy/actions/abroad.yml": """
name: Bono de datos
purpose: grow
scope: line
suitable_when: line.mb_2d > 1000000
interest: 0.1
value: 1
reason: "Has gastado {{ line.mb_2d }} MB"
treatments:
  web: {es: "Un bono"}
""",
    "strategy/actions/curious_home.yml": """
name: Casa curiosa
purpose: grow
scope: household
suitable_when: household.topics_14d > 1000000
interest: 0.1
value: 1
reason: "Habeis mirado mucho"
treatments:
  web: {es: "Un plan"}
""",
    "strategy/campaigns/lookers.yml": """
audience: person.views_24h >= 3
actions: [phone_seen]
channels: [sms]
schedule: "0 9 * * 1"
""",
    "strategy/triggers/visited.yml": """
event: web.visited
fields: {topic: text}
actions: [phone_seen]
channels: [sms]
expires_minutes: 240
""",
}
CATALOGUE = Catalogue.of(
    [
        *small_market.CATALOGUE,
        *(Feature(entity=c.entity, name=c.name, type=c.type, live=True,
                  whose="aggregate" if c.entity == "household" else "person") for c in COUNTERS),
    ]
)  # fmt: skip


def home(
    number: int, *, unprofiled: tuple[int, ...] = (2,), consented: int = 1, **more: Any
) -> HouseholdProfile:
    """A home of the small market; of its child nothing is known; lines allow traffic, not location."""
    nothing = struct.pack("<d", float("nan"))
    zero = struct.pack("<d", 0.0)
    plain = small_market.home(number, **more)
    members = tuple(
        msgspec.structs.replace(
            member, unprofiled=place in unprofiled,
            values=member.values + (nothing if place in unprofiled else zero) + nothing,
        )
        for place, member in enumerate(plain.members)
    )  # fmt: skip
    lines = tuple(
        msgspec.structs.replace(line, values=line.values + nothing, consented=consented)
        for line in plain.lines
    )
    return msgspec.structs.replace(plain, members=members, lines=lines, values=plain.values + zero)


def write(folder: Path, homes: list[HouseholdProfile], counters: tuple[Counter, ...] = COUNTERS) -> str:
    """Write a profile version that carries the counters; its name."""
    plain = small_market.schema()
    schema = msgspec.structs.replace(
        plain, live=counters,
        person=(*plain.person, ProfileColumn(VIEWS.full_name, "number"),
                ProfileColumn(LAST.full_name, "text", LAST.one_of)),
        line=(*plain.line, ProfileColumn(ABROAD.full_name, "number")),
        household=(*plain.household, ProfileColumn(HOME.full_name, "number")),
    )  # fmt: skip
    aside = folder / "profiles"
    version = write_profiles(aside, schema, homes).version
    if (folder / version).exists():
        shutil.rmtree(aside)
    else:
        aside.rename(folder / version)
    return version


def publish(
    made: Engine, folder: Path, homes: list[HouseholdProfile], counters: tuple[Counter, ...] = COUNTERS
) -> str:
    """Make these homes live, under the strategy that asks for what they look at; the version."""
    version = write(folder, homes, counters)
    row = strategy_row(STRATEGY, CATALOGUE, small_market.OFFERS, at=NOW, by="test", why="a test")
    made.ledger.publish_strategy(row)
    made.ledger.point({"strategy": row.hash, "profile": version}, at=to_micros(NOW), by="test")
    return version


def engine(folder: Path, *, clock: Callable[[], datetime] = lambda: NOW) -> Engine:
    """An engine over three such homes."""
    made = small_market.engine(folder, clock=clock, publish=False)
    publish(made, folder, [home(number) for number in range(1, 4)])
    return made


def visit(id_: str, topic: object = "devices", *, hours: float = 1.0, subject: str = "crm:00001a") -> Event:
    """Somebody looked at a page, so many hours ago."""
    at = NOW - timedelta(hours=hours)
    return Event(
        id=id_, source="/web", type="web.visited", time=at.isoformat(), subject=subject, data={"topic": topic}
    )
