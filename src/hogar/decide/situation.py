"""What was known when it was decided? Everything the kernel reads, gathered before it starts.

A `Situation` holds arrays over a batch of whole households: one for inbound and triggered decisions, thousands
for a campaign. Members and lines of a household lie next to each other. Values are float64, NaN for unknown.
Made by `Situation.of` from published profiles, the contacts in the ledger, and the request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import numpy.typing as npt

from hogar.decide.offer_facts import offer_values
from hogar.telco.catalogue import Entity
from hogar.telco.channels import Mode
from hogar.telco.profile import HouseholdProfile, LineProfile, MemberProfile
from hogar.telco.roles import ROLES

if TYPE_CHECKING:
    from hogar.decide.kernel import Kernel

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]
LooseValue = float | str | bool | None


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: through which channels, about what; `recipient` is the person in front of us, if any.

    `heard_by` are the only persons to whom the moment itself may be known (an event is somebody's data): for
    anybody else a proposal falls at the leak guard. `wait_minutes_max` is how long a message may wait for the
    next allowed minute before it is worthless. `full_capacities` are the names of those that have nothing left.
    """

    channels: tuple[str, ...]
    recipient: str | None = None
    subject: str | None = None
    heard_by: tuple[str, ...] | None = None
    actions: tuple[str, ...] | None = None
    event: Mapping[str, LooseValue] = msgspec.field(default_factory=dict)
    context: Mapping[str, str] = msgspec.field(default_factory=dict)
    proposals_max: int | None = None
    wait_minutes_max: int = 0
    stopped_actions: tuple[str, ...] = ()
    stopped_channels: tuple[str, ...] = ()
    full_capacities: tuple[str, ...] = ()


class ContactFact(msgspec.Struct, frozen=True, array_like=True):
    """One earlier contact or impression of a member: position among the members, and how many days ago."""

    person: int
    channel: str
    kind: str
    message_class: str
    days_ago: float
    action: str = ""


Counters = tuple[tuple[ContactFact, ...], ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Situation:
    """Arrays over a batch. `*_start` are offsets by household; indices into members are -1 for none.

    `values[entity]` has shape (columns of the entity that the strategy uses, subjects); `room_person` and
    `room_household` say how many more contacts each contact rule leaves; a rule that counts by the other of the two
    leaves room for ever. `audience` marks the members that a campaign is about, None is everybody. `in_front` marks
    who is in front of us where that is another one in each household of a batch; it stands for the request's recipient.
    """

    mode: Mode
    now: datetime
    local_minute: int
    local_weekday: int
    request: Request
    household_ids: Sequence[str]
    anchors: Sequence[str]
    person_ids: Sequence[str]
    line_ids: Sequence[str]
    person_start: Ints
    line_start: Ints
    person_household: Ints
    line_household: Ints
    line_user: Ints
    line_payer: Ints
    person_payer: Ints
    household_payer: Ints
    values: Mapping[Entity, Floats]
    minor: npt.NDArray[np.int8]
    objects: Bools
    marketing: Ints
    membership: Floats
    adviser: Bools
    roles: Floats
    language: Sequence[str]
    room_person: Ints
    room_household: Ints
    audience: Bools | None = None
    in_front: Bools | None = None

    def household_of(self, entity: Entity) -> Ints:
        """The household of each subject of an entity, as an index into the batch."""
        if entity == "household":
            return np.arange(len(self.household_ids), dtype=np.int32)
        return self.person_household if entity == "person" else self.line_household

    @staticmethod
    def of(
        kernel: Kernel,
        households: Sequence[HouseholdProfile],
        *,
        mode: Mode,
        now: datetime,
        local_minute: int,
        local_weekday: int,
        counters: Counters,
        request: Request,
        audience: Sequence[Sequence[int]] | None = None,
    ) -> Situation:
        """The situation of some households, in their order. `counters` has one entry a household.

        `audience` has the positions of the members that a campaign is about; None is everybody.
        """
        members = [member for household in households for member in household.members]
        lines = [line for household in households for line in household.lines]
        person_start = _starts([len(household.members) for household in households])
        line_start = _starts([len(household.lines) for household in households])
        person_household = _owners(person_start)
        line_household = _owners(line_start)
        first = person_start[:-1]
        first_of_line = first[line_household]
        adviser = np.zeros(len(members), dtype=np.bool_)
        for start, household in zip(first, households, strict=True):
            for position, _ in household.advisers:
                adviser[start + position] = True
        room_person, room_household = _room(kernel, person_start, counters)
        return Situation(
            mode=mode, now=now, local_minute=local_minute, local_weekday=local_weekday, request=request,
            household_ids=[household.id for household in households],
            anchors=[household.anchor for household in households],
            person_ids=[member.id for member in members],
            line_ids=[line.id for line in lines],
            person_start=person_start, line_start=line_start,
            person_household=person_household, line_household=line_household,
            line_user=_global([line.user for line in lines], first_of_line),
            line_payer=_global([line.payer for line in lines], first_of_line),
            person_payer=_global([member.payer for member in members], first[person_household]),
            household_payer=_global([household.payer for household in households], first),
            values={
                "household": _values(kernel, "household", households),
                "person": _values(kernel, "person", members),
                "line": _values(kernel, "line", lines),
            },
            minor=np.array([-1 if m.minor is None else int(m.minor) for m in members], dtype=np.int8),
            objects=np.array([m.objects for m in members], dtype=np.bool_),
            marketing=np.array([m.marketing for m in members], dtype=np.int32),
            membership=np.array([m.membership for m in members], dtype=np.float64),
            adviser=adviser,
            roles=np.array([m.roles for m in members], dtype=np.float64).reshape(len(members), len(ROLES)),
            language=[m.language for m in members],
            room_person=room_person, room_household=room_household, audience=_audience(person_start, audience),
        )  # fmt: skip


def _audience(person_start: Ints, audience: Sequence[Sequence[int]] | None) -> Bools | None:
    if audience is None:
        return None
    of_member = np.zeros(int(person_start[-1]), dtype=np.bool_)
    for start, positions in zip(person_start[:-1].tolist(), audience, strict=True):
        of_member[[start + position for position in positions]] = True
    return of_member


def _starts(counts: Sequence[int]) -> Ints:
    starts = np.zeros(len(counts) + 1, dtype=np.int32)
    np.cumsum(counts, out=starts[1:])
    return starts


def _owners(starts: Ints) -> Ints:
    return np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))


def _global(positions: Sequence[int], first: Ints) -> Ints:
    """Positions inside a household as indices into the batch's members; -1 stays -1."""
    local = np.array(positions, dtype=np.int32)
    return np.where(local >= 0, local + first, np.int32(-1)).astype(np.int32)


def _values(
    kernel: Kernel, entity: Entity, profiles: Sequence[HouseholdProfile | MemberProfile | LineProfile]
) -> Floats:
    """The columns that the strategy uses: published values first, then the facts about its offers."""
    used, slots = kernel.used_columns[entity], kernel.offer_slots[entity]
    values = np.empty((len(used) + len(slots), len(profiles)), dtype=np.float64)
    if used:
        packed = b"".join(profile.values for profile in profiles)
        table = np.frombuffer(packed, dtype="<f8").reshape(len(profiles), len(kernel.schema.columns(entity)))
        values[: len(used)] = table[:, used].T
    if slots:
        values[len(used) :] = offer_values(
            profiles, kernel.offer_positions[entity], kernel.offer_defaults[entity]
        )
    return values


def _room(kernel: Kernel, person_start: Ints, counters: Counters) -> tuple[Ints, Ints]:
    """How many contacts each contact rule still allows, by person and by household."""
    rules = kernel.strategy.policies.contact_rules
    room_person = np.full((len(rules), int(person_start[-1])), np.iinfo(np.int32).max, dtype=np.int32)
    room_household = np.full((len(rules), len(person_start) - 1), np.iinfo(np.int32).max, dtype=np.int32)
    for number, rule in enumerate(rules):
        (room_person if rule.per == "person" else room_household)[number] = rule.max
    for household, contacts in enumerate(counters):
        for contact in contacts:
            for number, rule in enumerate(rules):
                if (
                    contact.kind == rule.kind
                    and contact.days_ago < rule.days
                    and contact.channel in rule.channels
                    and contact.message_class in rule.message_classes
                ):
                    if rule.per == "person":
                        room_person[number, person_start[household] + contact.person] -= 1
                    else:
                        room_household[number, household] -= 1
    return room_person, room_household
