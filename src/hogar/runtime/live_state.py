"""What do live counters keep of what happens? Events in, entries out, of those only of whom something may be known.

Reads events and the published profiles; returns what `stores.events.append` writes in the transaction that takes them.
An event is judged once, when it is taken: who used the line then, what was allowed then. Where another profile version
became live, what may not be known any more goes, and nothing that was refused comes back. After: `live` folds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from hogar.features.live import Keeper
from hogar.runtime.engine import Engine, NothingPublished, Profiles
from hogar.stores import events, live
from hogar.stores.events import Moved, Taken, event_time
from hogar.stores.ledger import Ledger
from hogar.stores.live import Keeping
from hogar.stores.moment import to_micros
from hogar.telco.events import Event
from hogar.telco.live import CONSENT_BITS, HOUR_MICROS, LATE_HOURS_MAX, Entry

ATTEMPTS_MAX = 3
PAGE = 2000
"""Events or subjects dealt with in one step: no transaction holds the ledger for longer."""

Row = tuple[str, str, str, int, str, Mapping[str, Any], int]
"""An event as (source, id, type, time in µs, subject, data, what was allowed when it happened, a bit a consent)."""

ANY = sum(CONSENT_BITS.values())
"""Of an event that comes now: what is allowed now."""


def append(engine: Engine, found: Sequence[Event], now: datetime) -> int:
    """Append events to the log, and what live counters keep of them, in one transaction; the number that was new."""
    profiles = stale(engine)
    if profiles is not None:
        refresh(engine.ledger, profiles, now)
    for _ in range(ATTEMPTS_MAX - 1):
        try:
            return events.append(engine.ledger, found, to_micros(now), taken(engine, found, now))
        except Moved:  # another profile version became live in between
            continue
    return events.append(engine.ledger, found, to_micros(now), taken(engine, found, now))


def stale(engine: Engine) -> Profiles | None:
    """The live profiles where what is kept was not looked through by them: `refresh` does; None where it was."""
    try:
        profiles = engine.live().profiles
    except NothingPublished:
        return None
    current = not profiles.schema.live or live.filled(engine.ledger) == profiles.schema.version
    return None if current else profiles


def taken(engine: Engine, found: Sequence[Event], now: datetime) -> Taken:
    """What live counters keep of these events, under what is live; nothing where nothing is."""
    try:
        published = engine.live()
    except NothingPublished:  # publishing goes through the log
        profile = engine.ledger.pointers().get("profile", "")
        return Taken(profile=profile, keeping=((),) * len(found))
    keep = _keeping(published.profiles, now)
    return Taken(profile=published.pointers["profile"], keeping=tuple(keep(_row(event)) for event in found))


def refresh(ledger: Ledger, profiles: Profiles, now: datetime, seeds: Iterable[Row] = ()) -> None:
    """Forget whom these profiles say nothing of, and keep what their counters keep of `seeds`.

    Of the log nothing is added: its events were judged when they came, and nobody knows since when today's users use a
    line and today's consents hold. So are the silos' events, each when it is new: later than those taken before.
    In steps: a crash between two leaves entries of which none is wrong, and the next event begins again.
    """
    with ledger.transaction() as connection:
        live.fill(connection, None, to_micros(now))
    _forget(ledger, profiles)
    keep = _keeping(profiles, now)
    taken_to, latest = live.seeded(ledger), None
    waiting = iter(seeds)
    for page in iter(lambda: list(islice(waiting, PAGE)), []):
        past = [row[3] for row in page if row[3] <= to_micros(now)]
        latest = max([*past, *([] if latest is None else [latest])], default=None)
        new = [row for row in page if taken_to is None or row[3] > taken_to]
        judged = events.known(ledger, [row[:2] for row in new])
        _add(ledger, keep, [row for row in new if row[:2] not in judged])
    with ledger.transaction() as connection:
        if latest is not None:
            live.seed(connection, latest)
        live.fill(connection, profiles.schema.version, to_micros(now))


def horizon(profiles: Profiles, now: datetime) -> int:
    """Before this moment (µs) nothing happened that a counter of these profiles looks back on."""
    return to_micros(now) - Keeper.of(profiles.schema.live).window - LATE_HOURS_MAX * HOUR_MICROS


def _keeping(profiles: Profiles, now: datetime) -> Callable[[Row], tuple[Keeping, ...]]:
    """What is kept of an event: by whom it is about, and by what they allowed."""
    keeper = Keeper.of(profiles.schema.live)
    late, about, at_now = LATE_HOURS_MAX * HOUR_MICROS, _About(profiles), to_micros(now)

    def keep(row: Row) -> tuple[Keeping, ...]:
        source, id_, type_, at, subject, data, allowed = row
        kept = keeper.kept(type_, data)
        whom = about(subject) if kept else None
        if whom is None:
            return ()
        return tuple(
            Keeping(whom[0], counter.key, Entry(at, source, id_, value), at + counter.window + late, whom[2])
            for counter, value in kept
            if at + counter.window + late >= at_now
            and (not counter.consent or whom[1] & allowed & CONSENT_BITS[counter.consent])
        )

    return keep


class _About:
    """Whom an event is about: the line or party to keep it under, what the line's people allowed, a party of his.

    None for nobody of whom something may be known.
    """

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles
        self._known: dict[str, tuple[str, int, str] | None] = {}

    def __call__(self, subject: str) -> tuple[str, int, str] | None:
        if subject not in self._known:
            self._known[subject] = self._find(subject)
        return self._known[subject]

    def _find(self, subject: str) -> tuple[str, int, str] | None:
        profiles = self._profiles
        home = profiles.of_line(subject)
        household = None if home is None else profiles.household(home)
        if household is not None:
            line = next(line for line in household.lines if line.id == subject)
            user = household.members[line.user] if line.user >= 0 else None
            if user is None or user.unprofiled:
                return None
            return (subject, line.consented, min(user.parties))
        home = profiles.of_party(subject) or profiles.of_person(subject)
        household = None if home is None else profiles.household(home)
        if household is None:
            return None
        member = next(one for one in household.members if subject in (one.id, *one.parties))
        if member.unprofiled:
            return None
        party = subject if subject in member.parties else min(member.parties)
        return (party, 0, party)


def _forget(ledger: Ledger, profiles: Profiles) -> None:
    """Remove what is kept of people of whom nothing may be known any more, or who took a consent back."""
    about = _About(profiles)
    needs = {counter.key: CONSENT_BITS.get(counter.consent, 0) for counter in profiles.schema.live}
    last = ("", "", "")
    while page := live.subjects(ledger, last, PAGE):
        last = page[-1]
        gone = []
        for subject, key, party in page:
            whom = about(subject)
            if whom is None or needs.get(key, 0) & ~whom[1] or about(party or subject) is None:
                gone.append((subject, key, party))
        if gone:
            with ledger.transaction() as connection:
                live.forget(connection, gone)


def _add(ledger: Ledger, keep: Callable[[Row], tuple[Keeping, ...]], page: Sequence[Row]) -> None:
    kept = [one for row in page for one in keep(row)]
    if kept:
        with ledger.transaction() as connection:
            live.add(connection, kept)


def _row(event: Event) -> Row:
    return (event.source, event.id, event.type, to_micros(event_time(event)), event.subject, event.data, ANY)
