"""How will a text look, and how long may it become? Treatments filled with example values, measured.

The examples are made up from the types and names of what a text says; `longest` ones are the longest that are
plausible, so that a text message's parts are known before anybody gets one. Reads a compiled strategy; nothing of
any customer. Before: `compiling`. Neighbour: `runtime.preview` has a person's own values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from hogar.errors import Problem
from hogar.strategy.names import ACTION_FACTS, CONTEXT
from hogar.strategy.say import MissingValue, say
from hogar.strategy.types import Action, Strategy, Treatment
from hogar.telco.catalogue import Catalogue, FeatureType
from hogar.telco.sms import Encoding, sms

Value = float | str | bool | None
Types = Mapping[str, FeatureType]

SUBJECT_MAX = 60
"""Characters of a subject that mail programmes show in a list."""
PUSH_MAX = 150
"""Characters of a push notification that telephones show without unfolding it."""
TEXT_LONGEST = 20
_LONGEST: dict[str, float] = {"eur": 999.99, "gb": 999.9, "mb": 99_999.0, "share": 0.99}
_LONGEST_OTHER = 999.0
_USUAL: dict[str, float] = {"eur": 12.5, "gb": 2.5, "mb": 500.0, "share": 0.5}
_USUAL_OTHER = 3.0


class SmsSize(msgspec.Struct, frozen=True, kw_only=True):
    """A text as SMS: `units` of `room` in `parts`; `parts_longest` with the longest values; what is not GSM-7."""

    encoding: Encoding
    units: int
    room: int
    parts: int
    parts_longest: int
    foreign: str


class Previewed(msgspec.Struct, frozen=True, kw_only=True):
    """One treatment as it would be read. `missing` says why it cannot be said; then `text` is the template.

    `characters_max` is how many of the text's characters (of an email: its subject's) are usually shown; 0: all.
    """

    channel: str
    language: str
    role: str
    subject: str
    text: str
    pass_on: bool
    characters: int
    characters_max: int
    sms: SmsSize | None = None
    missing: str = ""


def preview(treatment: Treatment, values: Mapping[str, Value], types: Types) -> Previewed:
    """A treatment with these values in it; what they lack is told, not made up."""
    text, subject, missing = treatment.text, treatment.subject, ""
    try:
        text, subject = (say(part, values, treatment.language) for part in (text, subject))
    except MissingValue as error:
        missing = str(error)
    measured, most = (subject, SUBJECT_MAX) if treatment.channel == "email" else (text, 0)
    return Previewed(
        channel=treatment.channel, language=treatment.language, role=treatment.role, subject=subject, text=text,
        pass_on=treatment.pass_on, characters=len(measured),
        characters_max=PUSH_MAX if treatment.channel == "push" else most,
        sms=_sms_size(treatment, text, types) if treatment.channel == "sms" else None, missing=missing,
    )  # fmt: skip


def example_values(names: Iterable[str], types: Types) -> dict[str, Value]:
    """A usual value for each name: amounts by the unit that the name ends in, texts in angle brackets.

    >>> example_values(["action.saving_eur", "event.country"], {"event.country": "text"})
    {'action.saving_eur': 12.5, 'event.country': '<country>'}
    """
    return {name: _example(name, types.get(name, "number")) for name in names}


def longest_values(names: Iterable[str], types: Types) -> dict[str, Value]:
    """The longest plausible value for each name: 999.99 euros, 999 of anything counted, a text of 20 letters."""
    return {name: _longest(name, types.get(name, "number")) for name in names}


def types_of(strategy: Strategy, catalogue: Catalogue) -> dict[str, FeatureType]:
    """The types of all names that a text may say."""
    types: dict[str, FeatureType] = {name: feature.type for name, feature in catalogue.features.items()}
    return (
        types
        | {name: kind for name, (kind, _) in ACTION_FACTS.items()}
        | CONTEXT
        | dict(strategy.event_fields)
    )


def long_messages(strategy: Strategy, types: Types) -> list[Problem]:
    """A warning for each text message that may take more parts than `sms_parts_max` of the policies allows."""
    return [
        problem
        for action in strategy.actions
        for treatment in action.treatments
        if treatment.channel == "sms"
        for problem in _too_long(action, treatment, types, strategy.policies.sms_parts_max)
    ]


def _too_long(action: Action, treatment: Treatment, types: Types, parts_max: int) -> list[Problem]:
    size = sms(say(treatment.text, longest_values(treatment.names, types), treatment.language))
    if size.parts <= parts_max:
        return []
    to_whom = f" for `{treatment.role}`" if treatment.role else ""
    what = (
        f"the text message of `{action.key}`{to_whom} may take {size.parts} parts ({size.units} of {size.encoding}), "
        f"{parts_max} allowed by `sms_parts_max`"
    )
    spared = f"write it without {', '.join(f'`{letter}`' for letter in size.foreign)}" if size.foreign else ""
    return [Problem(place=treatment.place, what=what, cure=spared or "shorten it", severity="warning")]


def _sms_size(treatment: Treatment, text: str, types: Types) -> SmsSize:
    size = sms(text)
    longest = sms(say(treatment.text, longest_values(treatment.names, types), treatment.language))
    return SmsSize(
        encoding=size.encoding, units=size.units, room=size.room, parts=size.parts, foreign=size.foreign,
        parts_longest=max(longest.parts, size.parts),
    )  # fmt: skip


def _example(name: str, kind: FeatureType) -> Value:
    if kind == "date":
        return "2026-03-15"
    if kind == "number":
        return _USUAL.get(_unit(name), _USUAL_OTHER)
    return True if kind == "boolean" else f"<{name.partition('.')[2]}>"


def _longest(name: str, kind: FeatureType) -> Value:
    if kind == "date":
        return "2026-09-30"
    if kind == "number":
        return _LONGEST.get(_unit(name), _LONGEST_OTHER)
    return True if kind == "boolean" else "W" * TEXT_LONGEST


def _unit(name: str) -> str:
    """The unit that a name ends in: `eur` of `action.saving_eur`."""
    return name.replace(".", "_").rpartition("_")[2]
