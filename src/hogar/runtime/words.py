"""How is a proposal said, and why in one sentence? The action's treatment and reason, filled in.

Reads the profile values that the text names. A value that is missing makes the text impossible: it raises
`MissingValue`, and nothing half-said leaves the house.
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from hogar.decide import Proposal, Request
from hogar.decide.decisions import treatment_for
from hogar.runtime.engine import Published
from hogar.runtime.values import Subject, Value, subject_of
from hogar.strategy.say import MissingValue, say
from hogar.strategy.types import Action
from hogar.telco.profile import HouseholdProfile

_EPOCH = date(1970, 1, 1)


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What is said to the recipient: text, subject (of a letter), and whether it carries a pass-on link.

    `role` is the role that the words were written for, "" where they are for anybody.
    """

    text: str
    subject: str
    language: str
    pass_on: bool
    role: str = ""


def said(published: Published, household: HouseholdProfile, proposal: Proposal, request: Request) -> Said:
    """The treatment of a proposal, in the language and for the role that were decided. Raises MissingValue."""
    action = published.actions[proposal.action]
    treatment = treatment_for(action, proposal.channel, proposal.language, {proposal.role: 1.0})
    subject = subject_of(household, proposal.scope, proposal.subject, request)
    values = _values(published, treatment.names, action, subject)
    return Said(
        text=say(treatment.text, values, treatment.language),
        subject=say(treatment.subject, values, treatment.language) if treatment.subject else "",
        language=treatment.language,
        pass_on=treatment.pass_on,
        role=treatment.role,
    )


def reason(published: Published, household: HouseholdProfile, proposal: Proposal, request: Request) -> str:
    """Why this action, in the author's sentence; the action's name where a value of it is missing."""
    action = published.actions[proposal.action]
    subject = subject_of(household, proposal.scope, proposal.subject, request)
    values = _values(published, action.reason_names, action, subject)
    try:
        return say(action.reason, values, proposal.language) or action.name
    except MissingValue:
        return action.name


def _values(
    published: Published, names: tuple[str, ...], action: Action, subject: Subject
) -> dict[str, Value]:
    read = published.getters(names, action)
    return {name: shown(published, name, get(subject)) for name, get in read.items()}


def shown(published: Published, name: str, value: Value) -> Value:
    """A date as people write it; the language counts days."""
    if isinstance(value, int) and name in published.dates:
        return (_EPOCH + timedelta(days=value)).isoformat()
    return value
