"""What do we know of these households, now? Published profiles and the ledger's contacts become a situation.

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
from hogar.runtime.engine import Engine, Live, contacts_since
from hogar.stores.commit import Seen
from hogar.stores.ledger import ContactRow
from hogar.stores.moment import DAY_MICROS, to_micros, to_moment
from hogar.telco.channels import Mode
from hogar.telco.profile import HouseholdProfile, MemberProfile


class UnknownSubject(UsageError):
    """There is no such person, party or line in the published profiles."""


class Recorded(msgspec.Struct, array_like=True, frozen=True):
    """What a decision was made from, beside the published versions: the moment, the request, the contacts."""

    now: int
    local_minute: int
    local_weekday: int
    request: Request
    contacts: tuple[ContactFact, ...]
    audience: tuple[int, ...] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Gathered:
    """A situation, and for each of its households the record and what gather saw."""

    situation: Situation
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
) -> Gathered:
    """The situation of these households at this moment; `audience` has the members that a campaign is about."""
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
    about: Sequence[tuple[int, ...] | None] = [None] * len(households) if audience is None else audience
    records = tuple(
        _ENCODER.encode(Recorded(at, minute, weekday, request, tuple(contacts), positions))
        for contacts, positions in zip(facts, about, strict=True)
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
    return Gathered(situation=situation, records=records, seen=seen)


def recorded_situation(
    kernel: Kernel, household: HouseholdProfile, mode: Mode, recorded: Recorded
) -> Situation:
    """The situation as it was recorded, for deciding again."""
    return Situation.of(
        kernel, [household], mode=mode, now=to_moment(recorded.now), local_minute=recorded.local_minute,
        local_weekday=recorded.local_weekday, counters=(recorded.contacts,), request=recorded.request,
        audience=None if recorded.audience is None else (recorded.audience,),
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
