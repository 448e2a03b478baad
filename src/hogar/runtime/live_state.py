"""What do live counters keep of what happens? Events in, entries out, of those only of whom something may be known.

Reads events and the published profiles; returns what `stores.events.append` writes in the transaction that takes them,
and makes everything again from the log where another profile version became live. After: `live` folds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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

Row = tuple[str, str, str, int, str, Mapping[str, Any]]
"""An event as (source, id, type, time in µs, subject, data)."""


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
    """The live profiles where what is kept is not complete for them: `refresh` makes it so; None where it is."""
    try:
        profiles = engine.live().profiles
    except NothingPublished:
        return None
    complete = not profiles.schema.live or live.filled(engine.ledger) == profiles.schema.version
    return None if complete else profiles


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
    """Keep what these profiles' counters keep of the log and of `seeds`, and forget whom they say nothing of.

    In steps: a crash between two leaves entries of which none is wrong, and the next event begins again.
    """
    with ledger.transaction() as connection:
        live.fill(connection, None, to_micros(now))
    _forget(ledger, profiles)
    keep = _keeping(profiles, now)
    waiting = iter(seeds)
    for page in iter(lambda: list(islice(waiting, PAGE)), []):
        _add(ledger, keep, page)
    for page in _log(ledger, profiles, now):
        _add(ledger, keep, page)
    with ledger.transaction() as connection:
        live.fill(connection, profiles.schema.version, to_micros(now))


def horizon(profiles: Profiles, now: datetime) -> int:
    """Before this moment (µs) nothing happened that a counter of these profiles looks back on."""
    return to_micros(now) - Keeper.of(profiles.schema.live).window - LATE_HOURS_MAX * HOUR_MICROS


def _keeping(profiles: Profiles, now: datetime) -> Callable[[Row], tuple[Keeping, ...]]:
    """What is kept of an event: by whom it is about, and by what they allowed."""
    keeper = Keeper.of(profiles.schema.live)
    late, about, at_now = LATE_HOURS_MAX * HOUR_MICROS, _About(profiles), to_micros(now)

    def keep(row: Row) -> tuple[Keeping, ...]:
        source, id_, type_, at, subject, data = row
        kept = keeper.kept(type_, data)
        whom = about(subject) if kept else None
        if whom is None:
            return ()
        return tuple(
            Keeping(whom[0], counter.key, Entry(at, source, id_, value), at + counter.window + late)
            for counter, value in kept
            if at + counter.window + late >= at_now
            and (not counter.consent or whom[1] & CONSENT_BITS[counter.consent])
        )

    return keep


class _About:
    """Whom an event is about: the line or party to keep it under and what the line's people allowed, or nobody."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles
        self._known: dict[str, tuple[str, int] | None] = {}

    def __call__(self, subject: str) -> tuple[str, int] | None:
        if subject not in self._known:
            self._known[subject] = self._find(subject)
        return self._known[subject]

    def _find(self, subject: str) -> tuple[str, int] | None:
        profiles = self._profiles
        home = profiles.of_line(subject)
        household = None if home is None else profiles.household(home)
        if household is not None:
            line = next(line for line in household.lines if line.id == subject)
            hidden = line.user < 0 or household.members[line.user].unprofiled
            return None if hidden else (subject, line.consented)
        home = profiles.of_party(subject) or profiles.of_person(subject)
        household = None if home is None else profiles.household(home)
        if household is None:
            return None
        member = next(one for one in household.members if subject in (one.id, *one.parties))
        return (
            None if member.unprofiled else (subject if subject in member.parties else min(member.parties), 0)
        )


def _forget(ledger: Ledger, profiles: Profiles) -> None:
    """Remove what is kept of people of whom nothing may be known any more, or who took a consent back."""
    about = _About(profiles)
    needs = {counter.key: CONSENT_BITS.get(counter.consent, 0) for counter in profiles.schema.live}
    last = ("", "")
    while page := live.subjects(ledger, last, PAGE):
        last = page[-1]
        gone = []
        for subject, key in page:
            whom = about(subject)
            if whom is None or needs.get(key, 0) & ~whom[1]:
                gone.append((subject, key))
        if gone:
            with ledger.transaction() as connection:
                live.forget(connection, gone)


def _add(ledger: Ledger, keep: Callable[[Row], tuple[Keeping, ...]], page: Sequence[Row]) -> None:
    kept = [one for row in page for one in keep(row)]
    if kept:
        with ledger.transaction() as connection:
            live.add(connection, kept)


def _log(ledger: Ledger, profiles: Profiles, now: datetime) -> Iterator[list[Row]]:
    types = sorted(Keeper.of(profiles.schema.live).by_type)
    seq, since = 0, horizon(profiles, now)
    while types and (page := events.recent(ledger, types, since, seq, PAGE)):
        seq = page[-1][0]
        yield [row[1:] for row in page]


def _row(event: Event) -> Row:
    return (event.source, event.id, event.type, to_micros(event_time(event)), event.subject, event.data)
