"""May this message still leave? The last look before delivery: minutes or days have passed since the decision.

Reads the live profile, the emergency stop and the ledger; returns send, wait until a moment, or a reason why not. A
message's own reservation is among the contacts that are counted. After: the channel.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hogar.decide import control_group
from hogar.decide.quiet import wait_minutes
from hogar.runtime.drafts import Payload
from hogar.runtime.engine import Engine, Live, contacts_since
from hogar.runtime.gather import UnknownSubject, locate
from hogar.stores.moment import DAY_MICROS, to_micros, to_moment
from hogar.stores.outbox import Message
from hogar.strategy.types import ContactRule
from hogar.telco.channels import CHANNELS
from hogar.telco.profile import HouseholdProfile, MemberProfile

STOPPED_WAIT = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Send it (`reason` empty), let it wait until a moment, or not at all: `expired` or `failed` for a reason."""

    reason: str = ""
    until: datetime | None = None
    expired: bool = False


SEND = Verdict()


def gate(engine: Engine, live: Live, message: Message, payload: Payload, now: datetime) -> Verdict:
    """The first of these that speaks against it: expiry, stop, who it is, objection, consent, caps, season, asleep.

    Then what it may wait for: quiet hours and silent days.
    """
    expires_at = to_moment(message.expires_at)
    if now >= expires_at:
        return Verdict(reason="expired", expired=True)
    if message.channel in live.stop.stopped_channels or payload.action in live.stop.actions:
        return Verdict(reason="stopped", until=now + STOPPED_WAIT)
    try:
        household, member = locate(live, party=message.party_id)
    except UnknownSubject:
        return Verdict(reason="unknown_person")
    marketing = payload.message_class == "marketing"
    against = _against(live, household, member, message.channel, marketing=marketing)
    against = against or _cap(engine, live, household, message, payload, now)
    today = now.astimezone(engine.zone).date()
    against = against or _asleep(live, payload, today)
    if against:
        return Verdict(reason=against)
    policy = live.kernel.strategy.policies.channels.get(message.channel)
    wait = wait_minutes(policy, *engine.local(now)) if marketing and policy is not None else 0
    reason = "quiet_hours" if wait else ""
    if not wait and _is_silent(live, message.channel, payload, today):
        reason, wait = "calendar", 1440 - engine.local(now)[0]
    if wait:
        until = now + timedelta(minutes=wait)
        if until >= expires_at:
            return Verdict(reason=reason, expired=True)
        return Verdict(reason=reason, until=until)
    return SEND


def _against(
    live: Live, household: HouseholdProfile, member: MemberProfile, channel: str, *, marketing: bool
) -> str:
    policies = live.kernel.strategy.policies
    if member.minor is True:
        return "minor"
    if not marketing:
        return ""
    if member.objects:
        return "objection"
    if not member.marketing >> CHANNELS.index(channel) & 1:
        return "no_consent"
    in_control = control_group(
        [household.anchor], salt=policies.control_salt, permille=policies.control_permille
    )
    return "control_group" if in_control[0] else ""


def _asleep(live: Live, payload: Payload, today: date) -> str:
    """Whether by today nobody should hear of the action: out of its season, or suppressed."""
    action = live.published.actions.get(payload.action)
    if action is None or action.message_class == "legal":
        return ""
    if not action.season.holds(today):
        return "not_in_season"
    is_asleep = any(
        one.for_all and one.names(action.key, action.offering, action.purpose) and one.season.holds(today)
        for one in live.kernel.strategy.policies.suppressions
    )
    return "suppressed" if is_asleep else ""


def _is_silent(live: Live, channel: str, payload: Payload, today: date) -> bool:
    """Whether today is a day of the calendar on which this is not said."""
    action = live.published.actions.get(payload.action)
    return action is not None and any(
        entry.season.holds(today)
        and entry.silences(channel, action.key, action.purpose, action.message_class)
        for entry in live.kernel.strategy.policies.calendar
    )


def _cap(
    engine: Engine, live: Live, household: HouseholdProfile, message: Message, payload: Payload, now: datetime
) -> str:
    """The contact rule that is broken by now, as when two households became one; else nothing."""
    person_of = {party: member.id for member in household.members for party in member.parties}
    person = person_of[message.party_id]
    contacts = engine.ledger.contacts(list(person_of), contacts_since(live, now))

    def counts(rule: ContactRule) -> int:
        return sum(
            contact.kind == rule.kind
            and contact.channel in rule.channels
            and contact.message_class in rule.message_classes
            and to_micros(now) - contact.at < rule.days * DAY_MICROS
            and (rule.per == "household" or person_of[contact.party_id] == person)
            for contact in contacts
        )

    for rule in live.kernel.strategy.policies.contact_rules:
        concerned = message.channel in rule.channels and payload.message_class in rule.message_classes
        if rule.kind == "contact" and concerned and counts(rule) > rule.max:
            return rule.name
    return ""
