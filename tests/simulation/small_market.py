"""A small market by hand: households of three, four actions, a ledger. What the runtime's tests stand on.

Everything is real but the silos: texts compile to a strategy, profiles are what `publish` would write, and the ledger
is a file. The conftest of a test folder makes it importable as `small_market`; so do the tests that start processes.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hogar.runtime.engine import Engine
from hogar.runtime.strategies import strategy_of, strategy_row
from hogar.stores.ledger import Ledger
from hogar.stores.moment import to_micros
from hogar.stores.profiles import Profiles, write_profiles
from hogar.telco.catalogue import Catalogue, Entity, Feature, FeatureType, Whose
from hogar.telco.channels import CHANNELS
from hogar.telco.profile import (
    HouseholdProfile,
    LineProfile,
    MemberProfile,
    OfferFact,
    ProfileColumn,
    ProfileSchema,
)
from hogar.telco.roles import ROLES

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)  # a Monday, 11:00 in Madrid
ALL_CHANNELS = (1 << len(CHANNELS)) - 1

_FEATURES: tuple[tuple[Entity, str, FeatureType, Whose], ...] = (
    ("household", "mobile_lines", "number", "payer"),
    ("household", "open_complaints", "number", "person"),
    ("household", "payers", "number", "payer"),
    ("household", "spend_band_eur", "number", "payer"),
    ("household", "spend_eur", "number", "payer"),
    ("person", "age", "number", "person"),
    ("line", "device_age_months", "number", "person"),
    ("line", "plan", "text", "payer"),
)
CATALOGUE = Catalogue.of(
    [Feature(entity=entity, name=name, type=type_, whose=whose) for entity, name, type_, whose in _FEATURES]
)
OFFERS = {"FAM-3": "bundle", "PHONE": "device", "ROAM": "roaming"}
PLANS = ("M", "S")

TEXTS: dict[str, str] = {
    "strategy/policies.yml": """
languages: [es, en]
channels:
  web: {reach: 0.9}
  call_centre: {reach: 0.9}
  sms: {reach: 0.6, cost: 0.05, quiet: "21:00-09:00"}
  email: {reach: 0.3}
contact_rules:
  - {name: sms_30d, per: person, kind: contact, channels: [sms, email], max: 2, days: 30}
  - {name: home_7d, per: household, kind: contact, channels: [sms, email], max: 2, days: 7}
  - {name: shown_1d, per: household, kind: impression, channels: [web], max: 4, days: 1}
control_group: {share: 0, salt: none}
proposals_max: {inbound: 1, campaign: 2, triggered: 1}
""",
    "strategy/objectives.yml": """
objectives: {yearly: {value: action.value_eur}}
default: yearly
""",
    "strategy/roles.yml": """
priors:
  yes: {financial_controller: 0.8, legal_representative: 0.9, office_manager: 0.9, ict_agent: 0.9, salesperson: 0.9,
        consumer: 0.9}
  pass_on: 0.5
  holder_default: 0.9
  declared: 0.95
  adviser: 0.6
profile_types:
  all_in_one: {roles: [financial_controller, consumer], self_sufficient: true}
  payer: {roles: [financial_controller]}
  signer: {roles: [legal_representative]}
  organiser: {roles: [office_manager]}
  adviser: {roles: [ict_agent, salesperson]}
  user: {roles: [consumer]}
""",
    "strategy/actions/family_plan.yml": """
name: Plan familiar
purpose: upgrade
scope: household
offering: FAM-3
eligible_when: household.mobile_lines >= 2
interest: 0.3
value: 12 * action.monthly_eur
reason: "Ahorra {{ action.saving_eur | euros }} al mes"
roles_needed: [financial_controller]
modes: [inbound]
treatments:
  web: {es: "Plan familiar por {{ action.monthly_eur | euros }}"}
  call_centre: {es: "Plan familiar por {{ action.monthly_eur | euros }}"}
""",
    "strategy/actions/new_phone.yml": """
name: Movil nuevo
purpose: retain
scope: line
offering: PHONE
suitable_when: line.device_age_months >= 24
interest: 0.2
value: 60
reason: "=El movil tiene {{ line.device_age_months }} meses\\ny cansa"
modes: [campaign]
treatments:
  sms: {es: "Estrena movil: el tuyo tiene {{ line.device_age_months }} meses", en: "A new phone for you"}
  email: {es: {subject: "Estrena", text: "Movil nuevo"}}
""",
    "strategy/actions/roaming.yml": """
name: Bono de viaje
purpose: grow
scope: line
interest: 0.5
value: 10
applicable_when: event.country <> 'FR'
reason: "Estas en {{ event.country }}"
modes: [triggered]
treatments:
  sms: {es: "Bienvenido a {{ event.country }}"}
""",
    "strategy/triggers/arrived.yml": """
event: com.acme.roaming.v1.arrived
fields: {country: text, stay_days: number}
when: event.country is not null
actions: [roaming]
channels: [sms]
expires_minutes: 240
""",
    "strategy/campaigns/renewals.yml": """
audience: person.age >= 18
actions: [new_phone]
channels: [sms, email]
schedule: "0 9 * * 1"
""",
    "strategy/campaigns/few.yml": """
audience: everybody
actions: [new_phone]
channels: [sms]
schedule: "0 9 * * 1"
capacity: 2
""",
}


def columns(entity: Entity) -> tuple[ProfileColumn, ...]:
    """The published columns of one entity."""
    return tuple(
        ProfileColumn(
            name=feature.full_name, type=feature.type, dictionary=PLANS if feature.type == "text" else ()
        )
        for feature in CATALOGUE.of_entity(entity)
    )


def schema() -> ProfileSchema:
    """What the positions mean."""
    return ProfileSchema(
        version="", membership="m1", models="none", as_of=NOW.isoformat(), household=columns("household"),
        person=columns("person"), line=columns("line"), offers=tuple(sorted(OFFERS)),
    )  # fmt: skip


def packed(entity: Entity, **values: float) -> bytes:
    """Values by name, unknown where not given."""
    named = {f"{entity}.{name}": value for name, value in values.items()}
    return b"".join(struct.pack("<d", named.get(column.name, float("nan"))) for column in columns(entity))


def home(
    number: int, *, device_age: float = 30.0, consent: int = ALL_CHANNELS, objects: bool = False
) -> HouseholdProfile:
    """A couple and a child; the first pays all, each adult uses a line, the child uses the third."""
    name = f"{number:05d}"
    monthly, code = 4000, {offer: n for n, offer in enumerate(sorted(OFFERS))}
    ids = [f"P-crm:{name}{letter}" for letter in "abc"]

    def member(position: int, age: float) -> MemberProfile:
        return MemberProfile(
            id=ids[position], parties=(ids[position][2:],), membership=1.0, minor=age < 18, objects=objects,
            marketing=consent, language="es", payer=0,
            roles=tuple((0.9 if position == 0 else 0.1) for _ in ROLES), values=packed("person", age=age), offers=(),
        )  # fmt: skip

    def line(position: int) -> LineProfile:
        return LineProfile(
            id=f"crm:{name}L{position}", user=position, payer=0, holder=0,
            values=packed("line", device_age_months=device_age - position, plan=float(position % 2)),
            offers=(OfferFact(code["PHONE"], False, False, True, 500, None, 500),),
        )  # fmt: skip

    return HouseholdProfile(
        id=f"H-crm:{name}a", anchor=f"crm:{name}a", payer=0, advisers=(),
        values=packed(
            "household", mobile_lines=3.0, open_complaints=0.0, payers=1.0, spend_band_eur=80.0, spend_eur=60.0
        ),
        offers=(OfferFact(code["FAM-3"], False, False, True, monthly, 6000, 4000),),
        members=(member(0, 45.0), member(1, 44.0), member(2, 10.0)), lines=(line(0), line(1), line(2)),
    )  # fmt: skip


def write(folder: Path, homes: list[HouseholdProfile]) -> str:
    """Write a profile version below a folder; its name."""
    aside = folder / "profiles"
    version = write_profiles(aside, schema(), homes).version
    if not (folder / version).exists():
        aside.rename(folder / version)
    return version


def arrivals(folder: Path, homes: range, at: datetime = NOW) -> Path:
    """A file of events: in each of these homes somebody arrives abroad."""
    path = folder / f"arrivals-{homes.start}-{at:%d}.jsonl"
    lines = (
        json.dumps(
            {
                "specversion": "1.0", "id": f"{at:%d}-{n}", "source": "/network", "time": at.isoformat(),
                "type": "com.acme.roaming.v1.arrived", "subject": f"crm:{n:05d}L0", "data": {"country": "US"},
            }
        )
        for n in homes
    )  # fmt: skip
    path.write_text("\n".join(lines))
    return path


def engine(
    folder: Path,
    homes: list[HouseholdProfile] | None = None,
    *,
    clock: Callable[[], datetime] = lambda: NOW,
    texts: dict[str, str] = TEXTS,
    publish: bool = True,
) -> Engine:
    """An engine over a ledger in a folder, with this strategy and these homes (ten) published."""
    made = Engine(
        ledger=Ledger.open(folder / "ledger.db"), zone=ZoneInfo("Europe/Madrid"), clock=clock,
        compile_strategy=strategy_of, open_profiles=lambda version: Profiles.open(folder / version),
        outbox=folder / "outbox",
    )  # fmt: skip
    if publish:
        version = write(folder, homes if homes is not None else [home(number) for number in range(1, 11)])
        row = strategy_row(texts, CATALOGUE, OFFERS, at=NOW, by="test", why="a test")
        made.ledger.publish_strategy(row)
        made.ledger.point({"strategy": row.hash, "profile": version}, at=to_micros(NOW), by="test")
    return made


@contextmanager
def opened(folder: Path) -> Iterator[Engine]:
    """The engine over what is published in a folder, as another process opens it."""
    made = engine(folder, publish=False)
    yield made
    made.ledger.close()
