"""Somebody is in front of us: what do we say? One decision for the person and the channel, durable, with reasons.

Reads the published profile and the ledger; commits decision and impressions; returns the answer. The steps are apart
(`prepare`, `answer`) so that the server can commit many requests together; `decide_inbound` does all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from hogar.decide import Decision, Request
from hogar.errors import UsageError, did_you_mean
from hogar.runtime.drafts import Making, draft
from hogar.runtime.engine import Engine, Live, new_decision_id
from hogar.runtime.gather import gather, locate
from hogar.runtime.words import reason, said
from hogar.stores.commit import Draft, commit
from hogar.strategy.say import MissingValue
from hogar.telco.channels import CHANNELS, INBOUND_CHANNELS
from hogar.telco.profile import HouseholdProfile

ATTEMPTS_MAX = 3
"""How often we decide anew when another request was faster; then we are silent."""


class InboundRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Who is in front of us (exactly one of person, party, line), where, and why they came."""

    channel: str
    person: str | None = None
    party: str | None = None
    line: str | None = None
    reason: str = ""
    context: dict[str, str] = msgspec.field(default_factory=dict)


class InboundProposal(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to say: `proposal` is its position, `text` what to say, `reason` why; value in euros over a year.

    `role` is the family role whose words were chosen for the recipient, "" where they are for anybody.
    """

    proposal: int
    action: str
    name: str
    offering: str | None
    scope: str
    subject: str
    recipient: str
    channel: str
    language: str
    text: str | None
    reason: str
    probability: float
    value_eur: float
    pass_on: bool
    role: str


class InboundAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided. No proposals is an answer too; `silence` says why where it was not the strategy's."""

    decision: str
    household: str
    person: str
    channel: str
    at: str
    strategy: str
    profile: str
    proposals: tuple[InboundProposal, ...]
    silence: str | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Prepared:
    """A decision that is made but not written: commit its draft, then `answer`."""

    live: Live
    household: HouseholdProfile
    person: str
    request: Request
    decision: Decision
    draft: Draft
    silence: str | None = None


def decide_inbound(engine: Engine, request: InboundRequest) -> InboundAnswer:
    """Decide for the person in front of us, durable. Raises UnknownSubject, UsageError, NothingPublished."""
    for _ in range(ATTEMPTS_MAX):
        prepared = prepare(engine, request)
        if commit(engine.ledger, [prepared.draft]) != ("conflict",):
            return answer(prepared)
    prepared = prepare(engine, request, silent=True)
    commit(engine.ledger, [prepared.draft])
    return answer(prepared)


def prepare(engine: Engine, request: InboundRequest, *, silent: bool = False) -> Prepared:
    """Gather and decide, nothing written yet. `silent`: ask for nothing, because others were faster too often."""
    check(request)
    live, now = engine.live(), engine.clock()
    household, member = locate(live, person=request.person, party=request.party, line=request.line)
    asked = Request(
        channels=(request.channel,),
        recipient=member.id,
        actions=() if silent else None,
        context={**request.context, "channel": request.channel, "reason": request.reason},
        stopped_actions=live.stop.actions,
        stopped_channels=live.stop.stopped_channels,
    )
    gathered = gather(engine, live, [household], mode="inbound", request=asked, now=now)
    household = gathered.households[0]
    decision = live.kernel.decide(gathered.situation)[0]
    making = Making(
        id=new_decision_id(now), now=now, request=asked, record=gathered.records[0], seen=gathered.seen[0],
        expires_at=now,
    )  # fmt: skip
    made, _ = draft(engine, live, household, decision, making)
    return Prepared(
        live=live, household=household, person=member.id, request=asked, decision=decision, draft=made,
        silence=_silence(live, request, silent=silent),
    )  # fmt: skip


def answer(prepared: Prepared) -> InboundAnswer:
    """The answer to a committed decision."""
    decision = prepared.decision
    return InboundAnswer(
        decision=prepared.draft.decision.id,
        household=decision.household,
        person=prepared.person,
        channel=prepared.request.channels[0],
        at=decision.at,
        strategy=decision.strategy,
        profile=decision.profile,
        proposals=tuple(_proposal(prepared, number) for number in range(len(decision.proposals))),
        silence=prepared.silence
        or ("control_group" if decision.control and not decision.proposals else None),
    )


def check(request: InboundRequest) -> None:
    """Is the request one that can be answered? UsageError says what to change."""
    if sum(value is not None for value in (request.person, request.party, request.line)) != 1:
        raise UsageError("name exactly one of `person`, `party` and `line`")
    if request.channel not in CHANNELS:
        raise UsageError(
            f"`{request.channel}` is not a channel; {did_you_mean(request.channel, INBOUND_CHANNELS)}"
        )
    if request.channel not in INBOUND_CHANNELS:
        raise UsageError(
            f"nobody is in front of us on `{request.channel}`; ask for one of {', '.join(INBOUND_CHANNELS)}"
        )


def _proposal(prepared: Prepared, number: int) -> InboundProposal:
    live, household, request = prepared.live, prepared.household, prepared.request
    proposal = prepared.decision.proposals[number]
    action = live.published.actions[proposal.action]
    try:
        text = said(live.published, household, proposal, request).text
    except MissingValue:
        text = None  # the one who speaks has the action's name and reason
    return InboundProposal(
        proposal=number, action=proposal.action, name=action.name, offering=proposal.offering,
        scope=proposal.scope, subject=proposal.subject, recipient=proposal.recipient, channel=proposal.channel,
        language=proposal.language, text=text, reason=reason(live.published, household, proposal, request),
        probability=proposal.probability_micro / 1_000_000, value_eur=proposal.value_cents / 100,
        pass_on=proposal.pass_on, role=proposal.role,
    )  # fmt: skip


def _silence(live: Live, request: InboundRequest, *, silent: bool) -> str | None:
    if silent:
        return "contended"
    return "stopped" if request.channel in live.stop.stopped_channels else None
