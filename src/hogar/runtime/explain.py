"""Why this, and why not that? A recorded decision in words, with what became of it.

Reads the decision and its strategy from the ledger; words are made now, from codes. Used by `hogar explain`.
"""

from __future__ import annotations

import msgspec

from hogar import decide
from hogar.decide import Exclusion, decode_decision
from hogar.runtime.engine import Engine, Published
from hogar.runtime.gather import Recorded, decode_record, recorded_situation
from hogar.runtime.live import changed, in_words
from hogar.runtime.replay import recorded
from hogar.runtime.words import reason
from hogar.stores import outbox
from hogar.stores.ledger import ResponseRow
from hogar.stores.moment import to_moment
from hogar.stores.outbox import MessageState
from hogar.telco.profile import HouseholdProfile
from hogar.telco.roles import ROLES


class ProposalExplained(msgspec.Struct, frozen=True, kw_only=True):
    """One proposal: to whom, why, and how its score came about. Shares are fractions, money is euros.

    `weight` is urgency times the levers of that day, `roles` the yes of each role that must agree, `adviser` whether
    the recipient declared somebody elsewhere whom he asks, `role` the family role whose words were chosen, "" where
    they are for anybody.
    """

    action: str
    name: str
    scope: str
    subject: str
    recipient: str
    channel: str
    reason: str
    reached: float
    interested: float
    family_says_yes: float
    roles: dict[str, float]
    adviser: bool
    accepted: float
    value_eur: float
    weight: float
    cost_eur: float
    score_eur: float
    pass_on: bool
    language: str
    role: str


class DecisionExplained(msgspec.Struct, frozen=True, kw_only=True):
    """A decision in words: what is proposed and why, why each of the rest is not, and what became of it.

    `live` are the live counters' values of who was spoken to, where they were others by then than the published ones.
    """

    decision: str
    household: str
    mode: str
    state: str
    at: str
    strategy: str
    profile: str
    membership: str
    objective: str
    control: bool
    asked: dict[str, str]
    live: dict[str, str]
    proposals: tuple[ProposalExplained, ...]
    excluded: tuple[Exclusion, ...]
    not_asked: int
    messages: tuple[MessageState, ...]
    responses: tuple[ResponseRow, ...]


def explain_decision(engine: Engine, decision_id: str) -> DecisionExplained:
    """Everything there is to say about a recorded decision. Raises UnknownDecision."""
    row = recorded(engine, decision_id)
    decision = decode_decision(row.decision)
    published = engine.opened(row.strategy, row.profile)
    explanation = decide.explain(published.kernel, decision)
    record = decode_record(row.situation)
    household = published.profiles.household(row.household_id)
    live: dict[str, str] = {}
    if household is not None:
        hear = {record.request.recipient or "", *(proposal.recipient for proposal in decision.proposals)}
        live = in_words(
            published.kernel.schema, household, record.live, hear, published.kernel.strategy.whose
        )
        household = changed(household, record.live)
    asked = {"channels": ", ".join(record.request.channels)} | {
        f"context.{name}": value for name, value in record.request.context.items() if value
    }
    asked |= {f"event.{name}": str(value) for name, value in record.request.event.items()}
    return DecisionExplained(
        decision=row.id, household=row.household_id, mode=row.mode, state=row.state,
        at=to_moment(row.at).isoformat(), strategy=row.strategy, profile=row.profile, membership=row.membership,
        objective=decision.objective, control=decision.control, asked=asked, live=live,
        proposals=tuple(
            _proposal(published, household, record, decision, proposal) for proposal in decision.proposals
        ),
        excluded=explanation.excluded, not_asked=explanation.not_asked,
        messages=tuple(outbox.of_decision(engine.ledger, row.id)),
        responses=tuple(engine.ledger.responses(row.id)),
    )  # fmt: skip


def _proposal(
    published: Published,
    household: HouseholdProfile | None,
    record: Recorded,
    decision: decide.Decision,
    proposal: decide.Proposal,
) -> ProposalExplained:
    action = published.actions[proposal.action]
    today = decide.local_day(to_moment(record.now), record.local_weekday)
    why, roles, adviser = action.name, {}, False
    if household is not None:
        why = reason(published, household, proposal, record.request)
        situation = recorded_situation(published.kernel, household, decision.mode, record)
        place = situation.person_ids.index(proposal.recipient)
        yes = decide.yes_by_role(published.kernel, situation)[place]
        roles = {role: round(float(yes[ROLES.index(role)]), 6) for role in action.roles_needed}
        adviser = bool(situation.adviser[place])
    return ProposalExplained(
        action=proposal.action, name=action.name, scope=proposal.scope, subject=proposal.subject,
        recipient=proposal.recipient, channel=proposal.channel,
        reason=why, roles=roles, adviser=adviser,
        reached=proposal.reach_micro / 1e6, interested=proposal.interest_micro / 1e6,
        family_says_yes=proposal.chain_micro / 1e6, accepted=proposal.probability_micro / 1e6,
        value_eur=proposal.value_cents / 100, weight=action.weight_on(today) / 1000,
        cost_eur=proposal.cost_cents / 100,
        score_eur=proposal.score_microcents / 1e8, pass_on=proposal.pass_on,
        language=proposal.language, role=proposal.role,
    )  # fmt: skip
