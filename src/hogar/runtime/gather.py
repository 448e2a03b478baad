"""What do we know of these households, now? Published profiles, live counters and contacts become a situation.

Reads everything before the kernel starts; returns the situation, its record (enough to decide again, byte for byte)
and what the commit must find unchanged. After: `decide`, then `drafts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from hogar.decide import ContactFact, Kernel, Request, Situation
from hogar.errors import UsageError
from hogar.runtime.capacities import within_capacities
from hogar.runtime.engine import Engine, Live, contacts_since
from hogar.runtime.live import Change, changed, changes
from hogar.stores.commit import Seen
from hogar.stores.ledger import ContactRow
from hogar.stores.moment import DAY_MICROS, to_micros, to_moment
from hogar.telco.channels import Mode
from hogar.telco.profile import HouseholdProfile, MemberProfile


class UnknownSubject(UsageError):
    """There is no such person, party or line in the published profiles."""


class Recorded(msgspec.Struct, array_like=True, frozen=True):
    """What a decision was made from, beside the published versions: the moment, the request, the contacts.

    `live` are the values of live counters that were others by then than the published ones.
    """

    now: int
    local_minute: int
    local_weekday: int
    request: Request
    contacts: tuple[ContactFact, ...]
    audience: tuple[int, ...] | None = None
    live: tuple[Change, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Gathered:
    """A situation, its households with the live values, and for each of them the record and what gather saw."""

    situation: Situation
    households: tuple[HouseholdProfile, ...]
    records: tuple[bytes, ...]
    seen: tuple[Seen, ...]


def gather(
    engine: Engine,
    live: Live,
    households: Sequence[HouseholdProfile],
    *,
    mode: Mode,
    request: Request,
    now: datetime,
    audience: Sequence[tuple[int, ...]] | None = None,
    fresh: Sequence[tuple[Change, ...]] | None = None,
) -> Gathered:
    """The situation of these households, as published, at this moment.

    `audience` has the members that a campaign is about, `fresh` the live values where the caller has looked already.
    """
    if mode != "campaign":  # which settles this once, so that all its households are asked alike
        request = within_capacities(engine, live, request, mode, now)
    minute, weekday = engine.local(now)
    since, at = contacts_since(live, now), to_micros(now)
    places = {
        party: (number, position)
        for number, household in enumerate(households)
        for position, member in enumerate(household.members)
        for party in member.parties
    }
    rows = engine.ledger.contacts(list(places), since)
    facts: list[list[ContactFact]] = [[] for _ in households]
    last = [0] * len(households)
    for row in rows:
        number, position = places[row.party_id]
        facts[number].append(_fact(row, position, at))
        last[number] = row.seq
    if fresh is None:
        fresh = changes(engine.ledger, live.published.live, households, at)
    households = tuple(changed(home, found) for home, found in zip(households, fresh, strict=True))
    about: Sequence[tuple[int, ...] | None] = [None] * len(households) if audience is None else audience
    records = tuple(
        _ENCODER.encode(Recorded(at, minute, weekday, request, tuple(contacts), positions, found))
        for contacts, positions, found in zip(facts, about, fresh, strict=True)
    )
    seen = tuple(
        Seen(
            pointers=live.pointers,
            parties=tuple(party for member in household.members for party in member.parties),
            since=since,
            contacts=len(facts[number]),
            last=last[number],
        )
        for number, household in enumerate(households)
    )
    situation = Situation.of(
        live.kernel, households, mode=mode, now=now, local_minute=minute, local_weekday=weekday,
        counters=tuple(tuple(contacts) for contacts in facts), request=request, audience=audience,
    )  # fmt: skip
    return Gathered(situation=situation, households=households, records=records, seen=seen)


def recorded_situation(
    kernel: Kernel, household: HouseholdProfile, mode: Mode, recorded: Recorded
) -> Situation:
    """The situation as it was recorded, for deciding again."""
    return recorded_batch(kernel, [household], mode, [recorded])


def recorded_batch(
    kernel: Kernel, households: Sequence[HouseholdProfile], mode: Mode, recorded: Sequence[Recorded]
) -> Situation:
    """Several recorded situations as one: the moment and the request of the first hold for all of them."""
    first = recorded[0]
    households = [changed(home, one.live) for home, one in zip(households, recorded, strict=True)]
    return Situation.of(
        kernel, households, mode=mode, now=to_moment(first.now), local_minute=first.local_minute,
        local_weekday=first.local_weekday, counters=tuple(one.contacts for one in recorded), request=first.request,
        audience=None if first.audience is None else [one.audience or () for one in recorded],
    )  # fmt: skip


def decode_record(data: bytes) -> Recorded:
    """A record from its bytes."""
    return _DECODER.decode(data)


def locate(
    live: Live, *, person: str | None = None, party: str | None = None, line: str | None = None
) -> tuple[HouseholdProfile, MemberProfile]:
    """The household and the member that is named: exactly one of person, party or line (then its user).

    Raises UnknownSubject where nobody is found.
    """
    profiles = live.profiles
    household_id = None
    if person is not None:
        household_id = profiles.of_person(person)
    elif party is not None:
        household_id = profiles.of_party(party)
    elif line is not None:
        household_id = profiles.of_line(line)
    household = None if household_id is None else profiles.household(household_id)
    if household is None:
        name, value = next(
            (n, v) for n, v in (("person", person), ("party", party), ("line", line)) if v is not None
        )
        raise UnknownSubject(f"no {name} `{value}` in the published profiles")
    if person is not None:
        return household, next(member for member in household.members if member.id == person)
    if party is not None:
        return household, next(member for member in household.members if party in member.parties)
    user = next(one.user for one in household.lines if one.id == line)
    if user < 0:
        raise UnknownSubject(f"nobody is known to use line `{line}`")
    return household, household.members[user]


def member_of(household: HouseholdProfile, person_id: str) -> MemberProfile | None:
    """The member with this person id, or None."""
    return next((member for member in household.members if member.id == person_id), None)


def _fact(row: ContactRow, position: int, now: int) -> ContactFact:
    """A contact that seems to lie ahead (another system's clock) counts as one made now: caution."""
    days_ago = max(now - row.at, 0) / DAY_MICROS
    return ContactFact(position, row.channel, row.kind, row.message_class, days_ago, row.action)


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Recorded)
