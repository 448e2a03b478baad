"""A published project of a stated size, made without silos: real texts, real profiles, a real ledger.

Strategy: 160 actions for a person, each of 4 conditions over 40 features (`workload`), and 40 offers to a household
under the house's rules; three modes, five channels. Base: households of 1 to 6, 10 % of values unknown, 70 % consent
a channel, 5 % control group; each household knows 10 offers; a fifth of persons was contacted lately.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from benchmarks import workload

from hogar.runtime.engine import Engine
from hogar.runtime.strategies import strategy_of, strategy_row
from hogar.stores.ledger import ImportedContact, Ledger, StrategyRow
from hogar.stores.moment import to_micros
from hogar.stores.profiles import Profiles, write_profiles
from hogar.telco.catalogue import Catalogue, Feature, FeatureType
from hogar.telco.channels import CHANNELS
from hogar.telco.profile import (
    HouseholdProfile,
    MemberProfile,
    OfferFact,
    ProfileColumn,
    ProfileSchema,
)
from hogar.telco.roles import ROLES

NOW = workload.NOW
PERSON_ACTIONS, HOUSEHOLD_ACTIONS, CONDITIONS, OFFERS = 160, 40, 4, 10
ACTIONS = PERSON_ACTIONS + HOUSEHOLD_ACTIONS
BLOCK = 20_000  # households whose values are drawn together
OFFER_IDS = tuple(f"OFFER-{number}" for number in range(OFFERS))
HOUSEHOLD_FEATURES = ("members", "payers", "tenure_months")
CONTACTED_SHARE = 0.2


def publish(folder: Path, persons: int, seed: int) -> int:
    """Write profiles of about so many persons, publish the strategy over them; how many households there are."""
    rng = np.random.default_rng(seed)
    sizes = rng.choice([1, 2, 3, 4, 5, 6], size=persons, p=[0.30, 0.31, 0.18, 0.14, 0.05, 0.02])
    sizes = sizes[: int(np.searchsorted(np.cumsum(sizes), persons)) + 1]
    written = write_profiles(folder / "aside", schema(), _homes(sizes, rng))
    (folder / "aside").rename(folder / written.version)
    row = candidate(texts(seed))
    with Ledger.open(folder / "ledger.db") as ledger:
        ledger.publish_strategy(row)
        ledger.point({"strategy": row.hash, "profile": written.version}, at=to_micros(NOW), by="benchmark")
        ledger.import_contacts("elsewhere", _contacts(sizes, rng))
    return len(sizes)


@contextmanager
def opened(folder: Path, clock: Callable[[], datetime] = lambda: NOW) -> Iterator[Engine]:
    """The engine over a published folder."""
    with Ledger.open(folder / "ledger.db") as ledger:
        yield Engine(
            ledger=ledger, zone=ZoneInfo("Europe/Madrid"), clock=clock, compile_strategy=strategy_of,
            open_profiles=lambda version: Profiles.open(folder / version), outbox=folder / "outbox",
        )  # fmt: skip


def candidate(files: dict[str, str]) -> StrategyRow:
    """Texts as a row of the ledger."""
    return strategy_row(
        files, catalogue(), dict.fromkeys(OFFER_IDS, "bundle"), at=NOW, by="benchmark", why=""
    )


def catalogue() -> Catalogue:
    """The features that the strategy may read."""
    own = [
        Feature(entity="household", name=name, type="number", whose="payer") for name in HOUSEHOLD_FEATURES
    ]
    return Catalogue.of(
        [
            *own,
            *(
                Feature(entity="person", name=f"f{n:02d}", type=_type(n), whose="person")
                for n in range(workload.FEATURES)
            ),
        ]
    )


def schema() -> ProfileSchema:
    """What is published."""
    person = tuple(
        ProfileColumn(
            name=workload.name_of(n), type=_type(n),
            dictionary=workload.TEXTS if workload.kind_of(n) == "text" else (),
        )
        for n in range(workload.FEATURES)
    )  # fmt: skip
    household = tuple(ProfileColumn(name=f"household.{name}", type="number") for name in HOUSEHOLD_FEATURES)
    return ProfileSchema(
        version="", membership="benchmark", models="none", as_of="2026-03-01", household=household, line=(),
        person=person, offers=OFFER_IDS,
    )  # fmt: skip


def texts(seed: int) -> dict[str, str]:
    """The strategy's files."""
    rng = np.random.default_rng(seed)
    files = {
        "strategy/policies.yml": (
            "languages: [es]\nchannels:\n  web: {reach: 0.9}\n  call_centre: {reach: 0.9}\n"
            "  email: {reach: 0.25, cost: 0.01}\n  push: {reach: 0.4}\n  sms: {reach: 0.8, cost: 0.05}\n"
            "contact_rules:\n"
            "  - {name: month_person, per: person, kind: contact, channels: [email, push, sms], max: 3, days: 30}\n"
            "  - {name: sms_week, per: person, kind: contact, channels: [sms], max: 1, days: 7}\n"
            "  - {name: month_home, per: household, kind: contact, channels: [email, push, sms], max: 5, days: 30}\n"
            "  - {name: shown, per: household, kind: impression, channels: [web, call_centre], max: 60, days: 1}\n"
            "house_rules: {open_complaint: off, spend_band: off}\n"
            "control_group: {share: 0.05, salt: benchmark}\n"
            "proposals_max: {inbound: 3, campaign: 2, triggered: 1}\n"
        ),
        "strategy/objectives.yml": (
            "objectives:\n  yearly: {value: action.value_eur}\n  careful: {value: 0.5 * action.value_eur}\n"
            "default: yearly\n"
        ),
        "strategy/roles.yml": (
            "priors:\n  yes: {" + ", ".join(f"{role}: 0.6" for role in ROLES) + "}\n  pass_on: 0.4\n"
            "  holder_default: 0.7\n  declared: 0.95\n  adviser: 0.5\nprofile_types:\n"
            "  all: {roles: [financial_controller], self_sufficient: true}\n"
            + "".join(f"  depends_{n}: {{roles: [consumer]}}\n" for n in range(5))
        ),
        "strategy/campaigns/everybody.yml": (
            "audience: everybody\nactions: [" + ", ".join(_keys()) + "]\nchannels: [email, push, sms]\n"
            'schedule: "0 9 * * 1"\n'
        ),
        "strategy/triggers/seen.yml": (
            "event: com.benchmark.v1.seen\nfields: {page: text}\nactions: ["
            + ", ".join(f"person_{n:03d}" for n in range(20)) + "]\nchannels: [push, sms]\nexpires_minutes: 240\n"
        ),
    }  # fmt: skip
    for number, rule in enumerate(workload.rules(PERSON_ACTIONS, CONDITIONS, rng)):
        files[f"strategy/actions/person_{number:03d}.yml"] = _action(
            number, rule, "person", suitable_when=" and ".join(test.sql for test in rule.tests)
        )
    for number, rule in enumerate(workload.rules(HOUSEHOLD_ACTIONS, CONDITIONS, rng)):
        files[f"strategy/actions/home_{number:03d}.yml"] = _action(
            number, rule, "household", offering=OFFER_IDS[number % OFFERS],
            suitable_when=f"household.members >= {number % 3 + 1} and household.tenure_months > {number}",
            interest="0.05", value="12 * coalesce(action.monthly_eur, 5)",
        )  # fmt: skip
    return files


def _keys() -> list[str]:
    return [f"person_{n:03d}" for n in range(PERSON_ACTIONS - 2)] + [
        f"home_{n:03d}" for n in range(HOUSEHOLD_ACTIONS)
    ]


def changed(files: dict[str, str]) -> dict[str, str]:
    """Another strategy: a tenth of the actions weigh more, some ask something else, two are new, two are gone."""
    other = dict(files)
    for number in range(0, PERSON_ACTIONS, 10):
        path = f"strategy/actions/person_{number:03d}.yml"
        other[path] = json.dumps(json.loads(files[path]) | {"urgency": 2})
    for number in range(1, PERSON_ACTIONS, 30):
        path = f"strategy/actions/person_{number:03d}.yml"
        asked = json.loads(files[path])
        other[path] = json.dumps(asked | {"suitable_when": asked["suitable_when"] + " and person.f00 < 0.5"})
    for number in (158, 159):
        path = f"strategy/actions/person_{number:03d}.yml"
        other[f"strategy/actions/new_{number}.yml"] = other.pop(path)
    return other


def _action(number: int, rule: workload.Rule, scope: str, **other: str) -> str:
    factor, value = rule.interest, rule.value
    return json.dumps(
        {
            "name": f"{scope} {number}", "purpose": "grow", "scope": scope,
            "interest": f"{factor[0]} + {factor[1]} * coalesce({workload.name_of(factor[2])}, 0.5)",
            "value": f"{value[0]} + {value[1]} * coalesce({workload.name_of(value[2])}, 0.5)",
            "reason": "It fits", "roles_needed": [ROLES[role] for role in rule.roles],
            "modes": ["inbound", "campaign", "triggered"],
            "treatments": {
                "web": {"es": f"Oferta {number}"}, "call_centre": {"es": f"Oferta {number}"},
                "sms": {"es": f"Oferta {number}"}, "push": {"es": f"Oferta {number}"},
                "email": {"es": {"subject": "Oferta", "text": f"Oferta {number}"}},
            },
            **other,
        }
    )  # fmt: skip


def _type(feature: int) -> FeatureType:
    kinds: dict[str, FeatureType] = {"boolean": "boolean", "text": "text", "number": "number"}
    return kinds[workload.kind_of(feature)]


def person_id(home: int, position: int) -> str:
    """The id of a member."""
    return f"P-{home:07d}-{position}"


def _homes(sizes: np.ndarray, rng: np.random.Generator) -> Iterator[HouseholdProfile]:
    for start in range(0, len(sizes), BLOCK):
        yield from _block(start, sizes[start : start + BLOCK], rng)


def _block(start: int, sizes: np.ndarray, rng: np.random.Generator) -> Iterator[HouseholdProfile]:
    persons = int(sizes.sum())
    values = rng.random((persons, workload.FEATURES))
    for feature in range(workload.FEATURES):
        if workload.kind_of(feature) == "boolean":
            values[:, feature] = values[:, feature] < 0.69
        elif workload.kind_of(feature) == "text":
            values[:, feature] = np.floor(values[:, feature] * len(workload.TEXTS))
    values[rng.random(values.shape) < workload.UNKNOWN_SHARE] = np.nan
    packed, width = values.astype("<f8").tobytes(), 8 * workload.FEATURES
    roles = np.round(rng.random((persons, len(ROLES))), 3).tolist()
    bits = np.zeros(persons, dtype=np.int64)
    for name in ("email", "push", "sms"):
        bits |= (rng.random(persons) < 0.7).astype(np.int64) << CHANNELS.index(name)
    marketing, objects = bits.tolist(), (rng.random(persons) < 0.03).tolist()
    young = (rng.random(persons) < 2 / 3).tolist()
    own = np.stack([sizes, np.ones(len(sizes)), np.floor(rng.random(len(sizes)) * 120)], axis=1).astype("<f8")
    drawn = rng.integers(0, 4, (len(sizes), OFFERS)).tolist()
    at = 0
    for number, size in enumerate(sizes.tolist()):
        home = start + number
        members = tuple(
            MemberProfile(
                id=person_id(home, n), parties=(f"{home:07d}-{n}",), membership=1.0, minor=n >= 2 and young[at + n],
                objects=objects[at + n], marketing=marketing[at + n], language="es", payer=0,
                roles=tuple(roles[at + n]), values=packed[(at + n) * width : (at + n + 1) * width], offers=(),
            )
            for n in range(size)
        )  # fmt: skip
        at += size
        yield HouseholdProfile(
            id=f"H-{home:07d}", anchor=f"{home:07d}-0", payer=0, advisers=(), values=own[number].tobytes(),
            offers=tuple(
                OfferFact(n, what == 0, False, what != 1, 1500 + 100 * n, 4000, 3000 + 400 * what)
                for n, what in enumerate(drawn[number])
            ),
            members=members, lines=(),
        )  # fmt: skip


def _contacts(sizes: np.ndarray, rng: np.random.Generator) -> Iterator[ImportedContact]:
    ahead = datetime(2026, 1, 1, tzinfo=UTC)
    span = (NOW - ahead) / timedelta(minutes=1)
    for home, size in enumerate(sizes.tolist()):
        for position in np.flatnonzero(rng.random(size) < CONTACTED_SHARE).tolist():
            at = NOW - timedelta(minutes=int(rng.random() * span))
            yield ImportedContact(
                id=f"{home}-{position}", party_id=f"{home:07d}-{position}", channel="sms", message_class="marketing",
                at=to_micros(at),
            )  # fmt: skip
