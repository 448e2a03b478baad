"""Deliver a campaign: every household decided, committed and handed to the outbox, once, whatever happens.

Walks the households in the order of their ids behind the run's cursor. Steps for each group of at most 64, and why in
this order: (1) commit decisions, contacts and messages together; (2) decide again what met a conflict; (3) move the
cursor. `kill -9` after (1) decides the group again, and the ledger recognises the decisions by their ids.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import msgspec

from hogar.decide import decode_decision
from hogar.runtime.campaigns import (
    WAIT_MINUTES_MAX,
    Look,
    Looked,
    Progress,
    chunks,
    digest,
    look_at,
    looks,
    with_floors,
    with_full,
)
from hogar.runtime.drafts import Making, draft
from hogar.runtime.engine import Engine
from hogar.runtime.floors import of_counts, to_counts
from hogar.stores import campaign_runs
from hogar.stores.campaign_runs import CampaignRun
from hogar.stores.commit import ROWS_MAX, Draft, Outcome, commit
from hogar.stores.moment import to_micros, to_moment

ATTEMPTS_MAX = 3
CONTENDED = "contended"
"""The reason of those whose household was decided upon elsewhere at the same time, three times."""


class RunReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a run came to: persons looked at, messages planned, reasons of the rest."""

    campaign: str
    run: str
    state: str
    started_at: str
    audience: int
    proposed: int
    excluded: Mapping[str, int]
    resumed: bool


def run(engine: Engine, name: str, progress: Progress | None = None) -> RunReport:
    """Decide and commit for the whole audience; go on with a run that was interrupted.

    `outbox.deliver` sends what it planned. Raises UsageError where there is no such campaign.
    """
    look = look_at(engine, name)
    current = campaign_runs.unfinished(engine.ledger, name)
    resumed = current is not None
    if current is None:
        look = with_floors(look)
        current = campaign_runs.begin(
            engine.ledger, f"R-{digest(name, look.now.isoformat(), look.live.kernel.schema.version)}", name,
            to_micros(look.now),
        )  # fmt: skip
        settled = to_counts(look.floors, look.full)  # what capacities allow is settled when the run begins
        if settled:
            current = _moved(engine, current, Counter(settled))
    else:
        known, full = of_counts(current.counts)
        look = replace(look, floors=known, full=full)
    counts = Counter(current.counts)
    cursor, households = current.cursor, 0
    while chunk := next(chunks(look.live.profiles.households(after=cursor or None)), None):
        some = list(looks(look, chunk))
        for start in range(0, len(some), ROWS_MAX):
            group = some[start : start + ROWS_MAX]
            _commit_group(look, current.id, group, counts)
            campaign_runs.move(engine.ledger, current.id, group[-1].household.id, counts, finished=False)
        cursor = chunk[-1].id
        households += len(chunk)
        if progress is not None:
            progress(households)
        look = _still(look)
    campaign_runs.move(engine.ledger, current.id, cursor, counts, finished=True)
    return _report(msgspec.structs.replace(current, counts=counts, state="finished"), resumed=resumed)


def status(engine: Engine, name: str) -> list[RunReport]:
    """Every run of a campaign, newest first."""
    return [_report(run, resumed=False) for run in campaign_runs.all_of(engine.ledger, name)]


def _commit_group(look: Look, run_id: str, group: list[Looked], counts: Counter[str]) -> None:
    drafts = [_draft(look, run_id, one) for one in group]
    for one, made, outcome in zip(group, drafts, commit(look.engine.ledger, drafts), strict=True):
        _settle(look, run_id, one, made, outcome, counts)


def _settle(
    look: Look, run_id: str, one: Looked, made: Draft, outcome: Outcome, counts: Counter[str]
) -> None:
    """Count what became of one household; on conflict decide again, three times at most, then silence."""
    for _ in range(ATTEMPTS_MAX - 1):
        if outcome != "conflict":
            break
        look, _ = with_full(replace(_still(look), now=look.engine.clock()))
        household = look.live.profiles.household(one.household.id)
        again = None if household is None else next(looks(look, [household]), None)
        if again is None:  # a new profile version has no such household, or nobody of it in the audience
            break
        one = again
        made = _draft(look, run_id, one)
        (outcome,) = commit(look.engine.ledger, [made])
    rows, excluded = one.attributed.rows, list(one.attributed.excluded.values())
    if outcome == "repeated":  # committed before a crash: what counts is what was written then
        row = look.engine.ledger.decision(made.decision.id)
        assert row is not None, "a repeated decision is in the ledger"
        before = look.attribution.of(
            one.household, decode_decision(row.decision), look.audience(one.household)
        )
        rows, excluded = before.rows, list(before.excluded.values())
    elif outcome == "conflict":
        excluded += [CONTENDED] * len(rows)
        rows = {}
    counts["audience"] += len(rows) + len(excluded)
    counts["proposed"] += len(rows)
    counts.update(f"excluded:{name}" for name in excluded)


def _still(look: Look) -> Look:
    """The same look, over what is live by now."""
    if look.engine.live() is look.live:
        return look
    return replace(look_at(look.engine, look.campaign.name), now=look.now, floors=look.floors, full=look.full)


def _draft(look: Look, run_id: str, one: Looked) -> Draft:
    made, _ = draft(
        look.engine, look.live, one.household, one.decision,
        Making(
            id=f"D-{digest(run_id, one.household.id)}", now=look.now, request=look.request, record=one.record,
            seen=one.gathered.seen[one.number], expires_at=look.now + timedelta(minutes=WAIT_MINUTES_MAX),
            campaign_run=run_id, kept=frozenset(one.attributed.rows.values()),
        ),
    )  # fmt: skip
    return made


def _moved(engine: Engine, run: CampaignRun, counts: Counter[str]) -> CampaignRun:
    campaign_runs.move(engine.ledger, run.id, run.cursor, counts, finished=False)
    return msgspec.structs.replace(run, counts=counts)


def _report(run: CampaignRun, *, resumed: bool) -> RunReport:
    return RunReport(
        campaign=run.name, run=run.id, state=run.state, started_at=to_moment(run.started_at).isoformat(),
        audience=run.counts.get("audience", 0), proposed=run.counts.get("proposed", 0),
        excluded={
            name.removeprefix("excluded:"): n
            for name, n in sorted(run.counts.items())
            if name.startswith("excluded:")
        },
        resumed=resumed,
    )  # fmt: skip
