"""What are the live counters' values at this moment? What the ledger keeps of events, folded over what is published.

Reads entries and profiles; returns, for each household, which published values are others by now. A decision records
these changes, so that it replays. Before: `gather`. Neighbour: `live_state` keeps the entries.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from struct import Struct

import msgspec

from hogar.features.live import value_at
from hogar.stores import live
from hogar.stores.ledger import Ledger
from hogar.telco.catalogue import ENTITIES, Entity, Whose
from hogar.telco.live import CONSENT_BITS, Counter, Entry, Value
from hogar.telco.profile import HouseholdProfile, LineProfile, MemberProfile, ProfileSchema

_DOUBLE = Struct("<d")
_NAN = float("nan")

Change = tuple[int, int, int, float | None]
"""One value that is not the published one: place of the entity, of the subject, of the column; None for unknown."""

Found = Mapping[tuple[str, str], Sequence[tuple[str, Entry]]]


@dataclass(frozen=True, kw_only=True)
class LiveColumn:
    """One counter and its place among the published values of its entity."""

    counter: Counter
    key: str
    position: int
    codes: Mapping[str, int]

    @property
    def nothing(self) -> float | None:
        """The value where no event was seen."""
        return self.code(0.0 if self.counter.fold in ("count", "distinct") else None)

    def code(self, value: Value | None) -> float | None:
        """A value as it is published; the default where there is none."""
        found = self.counter.default if value is None else value
        if isinstance(found, str):
            return float(self.codes[found]) if found in self.codes else None
        return None if found is None else float(found)


@dataclass(frozen=True, kw_only=True)
class LiveColumns:
    """The counters of one published version that are read, by entity."""

    of_entity: Mapping[Entity, tuple[LiveColumn, ...]]
    window: int

    def __bool__(self) -> bool:
        return self.window > 0

    @staticmethod
    def of(schema: ProfileSchema, read: frozenset[str]) -> LiveColumns:
        """The counters that a version carries and that are `read`, each with its place."""
        found: dict[Entity, list[LiveColumn]] = {entity: [] for entity in ENTITIES}
        read_here = [counter for counter in schema.live if counter.full_name in read]
        for counter in read_here:
            columns = schema.columns(counter.entity)
            position = next(n for n, column in enumerate(columns) if column.name == counter.full_name)
            codes = {text: code for code, text in enumerate(columns[position].dictionary)}
            found[counter.entity].append(
                LiveColumn(counter=counter, key=counter.key, position=position, codes=codes)
            )
        return LiveColumns(
            of_entity={entity: tuple(columns) for entity, columns in found.items()},
            window=max((counter.window for counter in read_here), default=0),
        )


def changes(
    ledger: Ledger, columns: LiveColumns, households: Sequence[HouseholdProfile], at: int
) -> list[tuple[Change, ...]]:
    """For each household the live values that are not the published ones, at a moment (µs)."""
    if not columns:
        return [()] * len(households)
    about = [subject for household in households for subject in _subjects(household)]
    found = live.entries(ledger, about, at - columns.window) if about else {}
    return [tuple(_changes(columns, household, found, at)) for household in households]


def changed(household: HouseholdProfile, changes: Iterable[Change]) -> HouseholdProfile:
    """The household with these values in the place of the published ones."""
    by_subject: dict[tuple[int, int], bytearray] = {}
    for entity, subject, position, value in changes:
        holder = _holder(household, entity, subject)
        values = by_subject.setdefault((entity, subject), bytearray(holder.values))
        _DOUBLE.pack_into(values, 8 * position, _NAN if value is None else value)
    if not by_subject:
        return household
    new = {key: bytes(values) for key, values in by_subject.items()}
    members = tuple(
        msgspec.structs.replace(member, values=new[1, place]) if (1, place) in new else member
        for place, member in enumerate(household.members)
    )
    lines = tuple(
        msgspec.structs.replace(line, values=new[2, place]) if (2, place) in new else line
        for place, line in enumerate(household.lines)
    )
    own = new.get((0, 0), household.values)
    return msgspec.structs.replace(household, values=own, members=members, lines=lines)


def in_words(
    schema: ProfileSchema,
    household: HouseholdProfile,
    changes: Iterable[Change],
    persons: Container[str],
    whose: Mapping[str, Whose],
) -> dict[str, str]:
    """The changed values as people read them: `person.device_views_24h of P-1` → `3`.

    Those of these persons, of the lines that they use, and of the home; a payer's (by `whose`) of what they pay alone:
    what others did is not for their eyes.
    """
    said: dict[str, str] = {}
    for entity, subject, position, value in changes:
        column = schema.columns(ENTITIES[entity])[position]
        about = _about(household, entity, subject, whose.get(column.name, "person"))
        if about is not None and (about < 0 or household.members[about].id not in persons):
            continue
        text = "unknown" if value is None else f"{value:g}"
        if value is not None and column.type == "text":
            text = column.dictionary[int(value)]
        elif value is not None and column.type == "boolean":
            text = "true" if value else "false"
        said[f"{column.name} of {_holder(household, entity, subject).id}"] = text
    return said


def _about(household: HouseholdProfile, entity: int, subject: int, whose: Whose) -> int | None:
    """The member whose value it is, -1 where nobody knows; None for a value of the whole home."""
    holder = _holder(household, entity, subject)
    if whose == "payer":
        return holder.payer
    return holder.user if isinstance(holder, LineProfile) else subject if entity else None


def _subjects(household: HouseholdProfile) -> Iterator[str]:
    """The lines and parties of those of whom something may be known."""
    for member in household.members:
        if not member.unprofiled:
            yield from member.parties
    for line in household.lines:
        if _is_known(household, line):
            yield line.id


def _changes(columns: LiveColumns, household: HouseholdProfile, found: Found, at: int) -> Iterator[Change]:
    of_line, of_person, of_household = (
        columns.of_entity[entity] for entity in ("line", "person", "household")
    )
    if of_household:
        lines = [line for line in household.lines if _is_known(household, line)]
        parties = [p for member in household.members if not member.unprofiled for p in member.parties]
        yield from _of_subject(0, 0, household.values, of_household, parties, parties, lines, found, at)
    if of_person:
        for place, member in enumerate(household.members):
            if not member.unprofiled:
                lines = [line for line in household.lines if line.user == place]
                own = member.parties
                yield from _of_subject(1, place, member.values, of_person, own, own, lines, found, at)
    if of_line:
        for place, line in enumerate(household.lines):
            if _is_known(household, line):
                users = household.members[line.user].parties
                yield from _of_subject(2, place, line.values, of_line, (), users, (line,), found, at)


def _of_subject(
    entity: int,
    place: int,
    values: bytes,
    columns: Sequence[LiveColumn],
    parties: Sequence[str],
    users: Sequence[str],
    lines: Sequence[LineProfile],
    found: Found,
    at: int,
) -> Iterator[Change]:
    """The values of one subject: what these parties did, and what happened on these lines under these users."""
    for column in columns:
        consent = column.counter.consent
        if consent:
            bit = CONSENT_BITS[consent]
            about = [line.id for line in lines if line.consented & bit]
            value = column.code(None) if not about else _folded(column, about, users, found, at)
        else:
            value = _folded(column, [*parties, *(line.id for line in lines)], (*parties, *users), found, at)
        published: float = _DOUBLE.unpack_from(values, 8 * column.position)[0]
        if published != (_NAN if value is None else value) and not (value is None and published != published):
            yield (entity, place, column.position, value)


def _folded(
    column: LiveColumn, about: Iterable[str], users: Sequence[str], found: Found, at: int
) -> float | None:
    entries = [
        entry
        for subject in about
        for party, entry in found.get((subject, column.key), ())
        if (party or subject) in users  # of before parties were kept: a party's own is his
    ]
    return column.code(value_at(column.counter, entries, at)) if entries else column.nothing


def _is_known(household: HouseholdProfile, line: LineProfile) -> bool:
    return line.user >= 0 and not household.members[line.user].unprofiled


def _holder(
    household: HouseholdProfile, entity: int, subject: int
) -> HouseholdProfile | MemberProfile | LineProfile:
    if entity == 0:
        return household
    return household.members[subject] if entity == 1 else household.lines[subject]
