"""Something happened: whom do we speak to, and about what? Events enter the log, then each has its effect once.

Reads events (a file, or what the API appended) and the live strategy; commits decisions with the event's trace. Steps
of a batch, and why in this order: (1) decide for each event and trigger without an effect yet; (2) commit decision,
contacts, message and effect together; (3) move the consumer's position. A crash after (2) repeats (1) and finds the
effects. After: `outbox` delivers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from hogar.decide import Request
from hogar.runtime import live_state
from hogar.runtime.campaigns import digest
from hogar.runtime.drafts import Making, draft
from hogar.runtime.engine import Engine, Live
from hogar.runtime.event_file import event_lines
from hogar.runtime.gather import UnknownSubject, gather, locate
from hogar.runtime.matching import Matcher
from hogar.stores import events
from hogar.stores.commit import ROWS_MAX, Draft, Effect, commit, record_effect
from hogar.stores.events import LoggedEvent, Rejected
from hogar.stores.moment import to_micros, to_moment
from hogar.strategy.types import Trigger
from hogar.telco.events import Event
from hogar.telco.profile import HouseholdProfile, MemberProfile

CONSUMER = "triggers"
ATTEMPTS_MAX = 3
BATCH_EVENTS = 32
LINES_MAX = 512
PROBLEMS_MAX = 100


class TriggerReport(msgspec.Struct, frozen=True, kw_only=True):
    """What came of the events: `read` = appended + duplicates + rejected; then what the consumer did."""

    read: int
    appended: int
    duplicates: int
    rejected: int
    consumed: int
    outcomes: Mapping[str, int]
    proposed: int
    problems: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Pull:
    """One trigger pulled by one event."""

    event: LoggedEvent
    trigger: Trigger

    @property
    def consumer(self) -> str:
        """Under which name the effect is kept: each trigger has its own."""
        return f"trigger:{self.trigger.name}"

    @property
    def expires_at(self) -> datetime:
        """When what could be said is worthless."""
        return to_moment(self.event.time) + timedelta(minutes=self.trigger.expires_minutes)


@dataclass(kw_only=True, eq=False)
class Tally:
    """Counts of one run."""

    counts: Counter[str]
    outcomes: Counter[str]
    problems: list[str]

    def report(self) -> TriggerReport:
        """The counts as a value."""
        count = self.counts
        return TriggerReport(
            read=count["read"], appended=count["appended"], rejected=count["rejected"],
            duplicates=count["read"] - count["appended"] - count["rejected"], consumed=count["consumed"],
            outcomes=dict(sorted(self.outcomes.items())), proposed=count["proposed"],
            problems=tuple(self.problems),
        )  # fmt: skip


def run(
    engine: Engine,
    file: Path | None = None,
    *,
    wait: Callable[[], bool] | None = None,
    done: Callable[[TriggerReport], None] | None = None,
) -> TriggerReport:
    """Append the file's events to the log, then consume the log to its end.

    With `wait` it goes on for ever: whenever all is done it calls `wait`, which returns False to end; the file may
    grow meanwhile. `done` is told after each round. Bad lines are kept in the log's rejects and named in `problems`.
    """
    tally = Tally(counts=Counter(), outcomes=Counter(), problems=[])
    offset = number = 0
    while True:
        if file is not None:
            offset, number = _append(engine, file, offset, number, tally, growing=wait is not None)
        _consume(engine, tally)
        if done is not None:
            done(tally.report())
        if wait is None or not wait():
            return tally.report()


def consume(engine: Engine) -> TriggerReport:
    """Consume what the log has."""
    tally = Tally(counts=Counter(), outcomes=Counter(), problems=[])
    _consume(engine, tally)
    return tally.report()


def _append(
    engine: Engine, file: Path, offset: int, number: int, tally: Tally, *, growing: bool
) -> tuple[int, int]:
    now = engine.clock()
    found: list[Event] = []
    bad: list[Rejected] = []

    def flush() -> None:
        tally.counts["read"] += len(found) + len(bad)
        tally.counts["rejected"] += len(bad)
        tally.counts["appended"] += live_state.append(engine, found, now) if found else 0
        if bad:
            events.reject(engine.ledger, bad, to_micros(now))
        found.clear()
        bad.clear()

    for line in event_lines(file, now, offset=offset, number=number, growing=growing):
        offset, number = line.end, line.number
        if line.event is not None:
            found.append(line.event)
        elif line.rejected is not None:
            bad.append(line.rejected)
            if len(tally.problems) < PROBLEMS_MAX:
                tally.problems.append(f"{file}:{line.number}: {line.rejected.reason}")
        if len(found) + len(bad) >= LINES_MAX:
            flush()
    flush()
    return offset, number


def _consume(engine: Engine, tally: Tally) -> None:
    live = engine.live()
    matcher = Matcher(live.kernel.strategy)
    position = events.position(engine.ledger, CONSUMER)
    while batch := events.after(engine.ledger, position, BATCH_EVENTS):
        if engine.live() is not live:
            live = engine.live()
            matcher = Matcher(live.kernel.strategy)
        pulls = [Pull(event=event, trigger=trigger) for event in batch for trigger in matcher.pulled(event)]
        for start in range(0, len(pulls), ROWS_MAX):
            _effects(engine, live, matcher, pulls[start : start + ROWS_MAX], tally)
        tally.counts["consumed"] += len(batch)
        position = batch[-1].seq
        events.move(engine.ledger, CONSUMER, position)


def _effects(engine: Engine, live: Live, matcher: Matcher, pulls: list[Pull], tally: Tally) -> None:
    """Give each pull its effect: decided together, committed together, the conflicts again one by one."""
    waiting: list[tuple[Pull, Draft]] = []
    for pull in pulls:
        made = _decide(engine, live, matcher, pull)
        if isinstance(made, str):
            if made != "repeated":
                record_effect(engine.ledger, _effect(pull, made), to_micros(engine.clock()))
            tally.outcomes[made] += 1
        else:
            waiting.append((pull, made))
    outcomes = commit(engine.ledger, [made for _, made in waiting]) if waiting else ()
    for (pull, first), first_outcome in zip(waiting, outcomes, strict=True):
        made, outcome = first, first_outcome
        for _ in range(ATTEMPTS_MAX - 1):
            if outcome != "conflict":
                break
            again = _decide(engine, engine.live(), matcher, pull)
            if isinstance(again, str):
                break
            made = again
            (outcome,) = commit(engine.ledger, [made])
        if outcome == "conflict":
            record_effect(engine.ledger, _effect(pull, "contended"), to_micros(engine.clock()))
            tally.outcomes["contended"] += 1
        elif outcome == "repeated":
            tally.outcomes["repeated"] += 1
        else:
            tally.counts["proposed"] += len(made.messages)
            tally.outcomes["proposed" if made.messages else "silent"] += 1


def _decide(engine: Engine, live: Live, matcher: Matcher, pull: Pull) -> Draft | str:
    """The draft of a pull's decision, or what its effect is without one."""
    event, trigger, now = pull.event, pull.trigger, engine.clock()
    if events.effect(engine.ledger, event.source, event.id, pull.consumer) is not None:
        return "repeated"
    if now > pull.expires_at:
        return "expired"
    try:
        if live.profiles.of_line(event.subject) is not None:
            household, member = locate(live, line=event.subject)
            subject = event.subject
        elif live.profiles.of_party(event.subject) is not None:
            household, member = locate(live, party=event.subject)
            subject = member.id
        else:
            household, member = locate(live, person=event.subject)
            subject = member.id
    except UnknownSubject:
        return "unknown_subject"
    request = Request(
        channels=trigger.channels, subject=subject, actions=trigger.actions, event=matcher.values(event),
        heard_by=_heard_by(trigger, household, member, subject),
        context={"trigger": trigger.name},
        wait_minutes_max=int((pull.expires_at - now).total_seconds() // 60),
        stopped_actions=live.stop.actions, stopped_channels=live.stop.stopped_channels,
    )  # fmt: skip
    gathered = gather(engine, live, [household], mode="triggered", request=request, now=now)
    making = Making(
        id=f"D-{digest(event.source, event.id, pull.consumer)}", now=now, request=request,
        record=gathered.records[0], seen=gathered.seen[0], expires_at=pull.expires_at, effect=_effect(pull),
    )  # fmt: skip
    decision = live.kernel.decide(gathered.situation)[0]
    return draft(engine, live, gathered.households[0], decision, making)[0]


def _heard_by(
    trigger: Trigger, household: HouseholdProfile, member: MemberProfile, subject: str
) -> tuple[str, ...] | None:
    """Who may know of the event: the one it happened to, or who pays the line, as the trigger's fields say."""
    line = next((one for one in household.lines if one.id == subject), None)
    payer = member.payer if line is None else line.payer
    allowed = {one.id for one in household.members}
    if "person" in trigger.needs:
        allowed &= {member.id}
    if "payer" in trigger.needs:
        allowed &= {household.members[payer].id} if payer >= 0 else set()
    if "aggregate" in trigger.needs:
        allowed = set()
    return None if len(allowed) == len(household.members) else tuple(sorted(allowed))


def _effect(pull: Pull, outcome: str = "decided") -> Effect:
    return Effect(source=pull.event.source, event_id=pull.event.id, consumer=pull.consumer, outcome=outcome)
