"""For a whole audience: what, to whom, through what, and why not? Plans a campaign and writes its target file.

Reads every household of the live profiles in chunks, so memory is bounded; records each decision as planned, sends
nothing. Every person of the audience has one row of the file or one reason: audience = proposed + sum(excluded).
Neighbour: `campaign_runs` delivers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from pathlib import Path

import msgspec

from hogar.decide import Decision, Request
from hogar.errors import UsageError, did_you_mean
from hogar.runtime.attribution import CAPACITY, MISSING_VALUE, Attributed, Attribution
from hogar.runtime.audience import Audience, audience_of
from hogar.runtime.capacities import full, left
from hogar.runtime.drafts import Making, draft
from hogar.runtime.engine import Engine, Live
from hogar.runtime.floors import OWN, Floors, floors, rank_of, takes_from
from hogar.runtime.gather import Gathered, gather
from hogar.runtime.live import changed, changes
from hogar.runtime.target_file import ANYBODY, COLUMNS, WITH_ROLE, Row, target_file
from hogar.runtime.words import reason, said
from hogar.stores.commit import ROWS_MAX, Draft, commit
from hogar.stores.moment import to_micros
from hogar.strategy.say import MissingValue
from hogar.strategy.types import Campaign
from hogar.telco.profile import HouseholdProfile

CHUNK_HOUSEHOLDS = 2048
WAIT_MINUTES_MAX = 3 * 24 * 60
"""How long a campaign's message may wait for the next allowed minute, and how long it lives."""

Progress = Callable[[int], None]
"""Told after each chunk how many households are done."""


class PlanReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan came to; `audience` is persons before any exclusion, `proposed` the rows of the file.

    `excluded` counts persons by the name of their reason, `words` says what each means.
    """

    campaign: str
    audience: int
    proposed: int
    excluded: Mapping[str, int]
    words: Mapping[str, str]
    households: int
    strategy: str
    profile: str
    out: str | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Looked:
    """One household of an audience, decided: who gets a row, who a reason."""

    household: HouseholdProfile
    decision: Decision
    attributed: Attributed
    record: bytes
    number: int
    gathered: Gathered


@dataclass(frozen=True, kw_only=True, eq=False)
class Look:
    """A campaign over what is live, at one moment; `floors` are the lowest ranks that capacities allow, `full` those
    that had nothing left when it was settled."""

    engine: Engine
    live: Live
    campaign: Campaign
    now: datetime
    audience: Audience
    attribution: Attribution
    floors: Floors = field(default_factory=dict)
    full: tuple[str, ...] = ()

    @property
    def request(self) -> Request:
        """What the campaign asks of the kernel."""
        return Request(
            channels=self.campaign.channels, actions=self.campaign.actions,
            context={"campaign": self.campaign.name}, wait_minutes_max=WAIT_MINUTES_MAX,
            stopped_actions=self.live.stop.actions, stopped_channels=self.live.stop.stopped_channels,
            full_capacities=self.full,
        )  # fmt: skip


def plan(engine: Engine, name: str, out: Path | None = None, progress: Progress | None = None) -> PlanReport:
    """Decide for the campaign's audience; record the decisions as planned; write the target file.

    Raises UsageError for an unknown campaign or a wrong `out`. A plan of the same campaign at the same moment under the
    same strategy and profiles is the same plan: its decisions are recorded once.
    """
    look = with_floors(look_at(engine, name))
    plan_id = digest(
        name, look.live.kernel.strategy.hash, look.live.kernel.schema.version, look.now.isoformat()
    )
    audience = proposed = households = 0
    excluded: Counter[str] = Counter()
    with target_file(out, _columns(look)) as file:
        for chunk in chunks(look.live.profiles.households()):
            rows: list[Row] = []
            drafts: list[Draft] = []
            for one in looks(look, chunk):
                audience += len(one.attributed.rows) + len(one.attributed.excluded)
                excluded.update(one.attributed.excluded.values())
                rows += _rows(look, one)
                drafts.append(_planned(look, one, f"D-{digest(plan_id, one.household.id)}"))
            file.write(rows)
            proposed += len(rows)
            for start in range(0, len(drafts), ROWS_MAX):
                commit(engine.ledger, drafts[start : start + ROWS_MAX])
            households += len(chunk)
            if progress is not None:
                progress(households)
    return PlanReport(
        campaign=name, audience=audience, proposed=proposed, excluded=dict(sorted(excluded.items())),
        words={name: look.attribution.words[name] for name in sorted(excluded)},
        households=households, strategy=look.live.kernel.strategy.hash, profile=look.live.kernel.schema.version,
        out=None if out is None else str(out),
    )  # fmt: skip


def look_at(engine: Engine, name: str) -> Look:
    """The campaign over what is live now. Raises UsageError where there is no such campaign."""
    live = engine.live()
    campaigns = {campaign.name: campaign for campaign in live.kernel.strategy.campaigns}
    if name not in campaigns:
        cure = did_you_mean(name, list(campaigns))
        raise UsageError(f"there is no campaign `{name}`" + (f"; {cure}" if cure else ""))
    return Look(
        engine=engine, live=live, campaign=campaigns[name], now=engine.clock(),
        audience=audience_of(live.published, campaigns[name]), attribution=Attribution(live.kernel),
    )  # fmt: skip


def with_floors(look: Look) -> Look:
    """The look with the lowest ranks that capacities allow: one more pass over the households, where there are any."""
    look, rest = with_full(look)
    if look.campaign.capacity is not None:
        rest[OWN] = look.campaign.capacity
    if not rest:
        return look
    rows = (
        (
            rank_of(one.decision, person, number),
            takes_from(look.live, look.campaign, one.decision.proposals[number]),
        )
        for chunk in chunks(look.live.profiles.households())
        for one in looks(look, chunk)
        for person, number in one.attributed.rows.items()
    )
    return replace(look, floors=floors(rows, rest))


def with_full(look: Look) -> tuple[Look, dict[str, int]]:
    """The look with the capacities that are full by now, and what each has left."""
    rest = left(look.engine, look.live, look.request, look.now)
    return replace(look, full=full(rest)), rest


def looks(look: Look, households: list[HouseholdProfile]) -> Iterator[Looked]:
    """Decide for those households of a chunk that have somebody in the audience."""
    fresh = changes(look.engine.ledger, look.live.published.live, households, to_micros(look.now))
    found = [look.audience(changed(home, new)) for home, new in zip(households, fresh, strict=True)]
    about = [number for number, positions in enumerate(found) if positions]
    if not about:
        return
    gathered = gather(
        look.engine, look.live, [households[number] for number in about], mode="campaign", request=look.request,
        now=look.now, audience=[found[number] for number in about], fresh=[fresh[number] for number in about],
    )  # fmt: skip
    decisions = look.live.kernel.decide(gathered.situation)
    for number, household in enumerate(gathered.households):
        decision, positions = decisions[number], found[about[number]]
        attributed = _bounded(look, household, decision, look.attribution.of(household, decision, positions))
        yield Looked(
            household=household, decision=decision, attributed=attributed, record=gathered.records[number],
            number=number, gathered=gathered,
        )  # fmt: skip


def chunks(households: Iterator[HouseholdProfile]) -> Iterator[list[HouseholdProfile]]:
    """Households in lists of at most `CHUNK_HOUSEHOLDS`."""
    while chunk := list(islice(households, CHUNK_HOUSEHOLDS)):
        yield chunk


def _bounded(
    look: Look, household: HouseholdProfile, decision: Decision, attributed: Attributed
) -> Attributed:
    """Without the rows that cannot be said, or for which there is no capacity."""
    rows, excluded = dict(attributed.rows), dict(attributed.excluded)
    for person, number in attributed.rows.items():
        try:
            said(look.live.published, household, decision.proposals[number], look.request)
        except MissingValue:
            excluded[person] = MISSING_VALUE
        else:
            if not _below(look, decision, person, number):
                continue
            excluded[person] = CAPACITY
        del rows[person]
    return Attributed(rows=rows, excluded=excluded)


def _below(look: Look, decision: Decision, person: str, number: int) -> bool:
    """Whether better rows have taken all places of a capacity that this row needs."""
    if not look.floors:
        return False
    rank, names = (
        rank_of(decision, person, number),
        takes_from(look.live, look.campaign, decision.proposals[number]),
    )
    return any(rank < look.floors[name] for name in names if name in look.floors)


def _rows(look: Look, one: Looked) -> list[Row]:
    rows: list[Row] = []
    for person, number in one.attributed.rows.items():
        proposal = one.decision.proposals[number]
        why = reason(look.live.published, one.household, proposal, look.request)
        rows.append(
            (person, proposal.action, proposal.recipient, proposal.channel, why, proposal.role or ANYBODY)
        )
    return rows


def _columns(look: Look) -> tuple[str, ...]:
    """The columns of the target file: with the role where an action of the campaign has words for roles."""
    actions = [look.live.published.actions[key] for key in look.campaign.actions]
    spoken_to = any(treatment.role for action in actions for treatment in action.treatments)
    return WITH_ROLE if spoken_to else COLUMNS


def _planned(look: Look, one: Looked, id_: str) -> Draft:
    made, _ = draft(
        look.engine, look.live, one.household, one.decision,
        Making(
            id=id_, now=look.now, request=look.request, record=one.record, seen=None, expires_at=look.now,
            planned=True,
        ),
    )  # fmt: skip
    return made


def digest(*parts: str) -> str:
    """A name made of parts: the same parts, the same name. Their lengths count, so no part runs into the next."""
    return blake2b("".join(f"{len(part)}:{part}" for part in parts).encode(), digest_size=12).hexdigest()
