"""What does one decision write? Its row, a contact or impression per proposal, a message per outbound proposal.

Reads a decision and its record; returns a draft for `stores.commit`. Before: `decide`. After: commit, then outbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from hogar.decide import Decision, Proposal, Request
from hogar.decide.quiet import wait_minutes
from hogar.runtime.capacities import spends
from hogar.runtime.engine import Engine, Live
from hogar.runtime.gather import member_of
from hogar.runtime.words import Said, said
from hogar.stores.commit import ContactDraft, Draft, Effect, MessageDraft, Seen
from hogar.stores.ledger import DecisionRow
from hogar.stores.moment import to_micros
from hogar.strategy.say import MissingValue
from hogar.telco.channels import INBOUND_CHANNELS
from hogar.telco.profile import HouseholdProfile


class Payload(msgspec.Struct, frozen=True, kw_only=True):
    """What the channel gets: whom, what is said, and what the last gate needs to look at it again."""

    decision: str
    proposal: int
    person: str
    party: str
    action: str
    message_class: str
    said: Said


@dataclass(frozen=True, kw_only=True)
class Making:
    """What a draft is made from, beside the decision: `expires_at` bounds the life of its messages.

    `kept` are the positions of the proposals that are said; None says all.
    """

    id: str
    now: datetime
    request: Request
    record: bytes
    seen: Seen | None
    expires_at: datetime
    campaign_run: str | None = None
    effect: Effect | None = None
    planned: bool = False
    kept: frozenset[int] | None = None


def draft(
    engine: Engine, live: Live, household: HouseholdProfile, decision: Decision, making: Making
) -> tuple[Draft, int]:
    """The draft, and how many outbound proposals could not be said because a value of their text is missing.

    A plan (`planned`) reserves and sends nothing.
    """
    row = DecisionRow(
        making.id, decision.household, decision.mode, to_micros(making.now), decision.strategy,
        decision.profile, decision.membership, decision.models, making.record, decision.encode(),
        len(decision.proposals), making.campaign_run, "planned" if making.planned else "made",
    )  # fmt: skip
    if making.planned:
        return Draft(decision=row), 0
    contacts: list[ContactDraft] = []
    messages: list[MessageDraft] = []
    unsaid = 0
    for number, proposal in enumerate(decision.proposals):
        if making.kept is not None and number not in making.kept:
            continue
        contact = _contact(live, household, proposal, f"{making.id}:{number}")
        if proposal.channel not in INBOUND_CHANNELS:
            try:
                text = said(live.published, household, proposal, making.request)
            except MissingValue:
                unsaid += 1
                continue
            messages.append(_message(engine, live, contact, text, making, number))
        contacts.append(contact)
    made = Draft(
        decision=row,
        contacts=tuple(contacts),
        messages=tuple(messages),
        seen=making.seen if contacts else None,  # who says nothing spends nothing
        spends=spends(live, contacts, making.now),
        effect=making.effect,
    )
    return made, unsaid


def _contact(live: Live, household: HouseholdProfile, proposal: Proposal, id_: str) -> ContactDraft:
    member = member_of(household, proposal.recipient)
    assert member is not None, "a recipient is a member of the household"
    return ContactDraft(
        id=id_,
        party_id=min(member.parties),
        person_id=member.id,
        channel=proposal.channel,
        kind="impression" if proposal.channel in INBOUND_CHANNELS else "contact",
        message_class=live.published.actions[proposal.action].message_class,
        action=proposal.action,
    )


def _message(
    engine: Engine, live: Live, contact: ContactDraft, text: Said, making: Making, number: int
) -> MessageDraft:
    not_before = making.now
    if contact.message_class == "marketing":
        channel = live.kernel.strategy.policies.channels[contact.channel]
        not_before += timedelta(minutes=wait_minutes(channel, *engine.local(making.now)))
    payload = Payload(
        decision=making.id, proposal=number, person=contact.person_id, party=contact.party_id,
        action=contact.action, message_class=contact.message_class, said=text,
    )  # fmt: skip
    return MessageDraft(
        id=f"{contact.id}:{contact.channel}:1",
        contact=contact.id,
        channel=contact.channel,
        party_id=contact.party_id,
        person_id=contact.person_id,
        payload=msgspec.json.encode(payload),
        not_before=to_micros(not_before),
        expires_at=to_micros(making.expires_at),
    )
