"""What holds for every decision? `policies.yml`: contact rules, channels, control group, and what holds us back.

The calendar, suppressions and capacities have files of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast, get_args

from hogar.errors import did_you_mean
from hogar.strategy.calendar import ENTRY, read_calendar, unique_names
from hogar.strategy.capacities import CAPACITY, read_capacities
from hogar.strategy.controls import Controls
from hogar.strategy.documents import Document, Node, Scalar
from hogar.strategy.expressions import Parser
from hogar.strategy.fields import Fields
from hogar.strategy.house_rules import RULES_THAT_MAY_BE_OFF
from hogar.strategy.leaves import switch
from hogar.strategy.shapes import (
    PROBABILITY,
    SWITCH,
    TEXT,
    Field,
    Listed,
    Named,
    matching,
    names_of,
    number,
    one_of,
    some_of,
    table,
    whole,
)
from hogar.strategy.suppressions import SUPPRESSION, Suppressions, read_suppressions
from hogar.strategy.types import ChannelPolicy, ContactKind, ContactRule, Per, Policies
from hogar.telco.channels import CHANNELS, INBOUND_CHANNELS, MESSAGE_CLASSES, MessageClass, Mode

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MODES: tuple[Mode, ...] = get_args(Mode)
DAYS_MAX = 366
PROPOSALS_MAX = 10
SMS_PARTS_MAX = 10
_QUIET = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*-\s*([01]\d|2[0-3]):([0-5]\d)")
_LANGUAGE = re.compile(r"[a-z]{2}")
CHANNEL = table(
    Field("reach", PROBABILITY, "how likely a message is noticed", required=True),
    Field("cost", number(0, 1000), "what a message costs in euros"),
    Field("quiet", matching(_QUIET.pattern), "hours without marketing, the recipient's own: 21:00-09:00"),
    Field("quiet_days", some_of(WEEKDAYS), "days without marketing"),
    help="one channel",
)
CONTACT_RULE = table(
    Field("name", TEXT, "what people call it", required=True),
    Field("per", one_of(get_args(Per)), "for whom it counts", required=True),
    Field("kind", one_of(get_args(ContactKind)), "what it counts; left out: contacts"),
    Field("channels", some_of(CHANNELS), "in which channels; left out: in all"),
    Field("message_classes", some_of(MESSAGE_CLASSES), "which messages; left out: marketing"),
    Field("max", whole(0, 10_000), "at most so many", required=True),
    Field("days", number(0.01, DAYS_MAX), "in any window of so many days", required=True),
    help="how much one person or household is spoken to",
)
CONTROL_GROUP = table(
    Field("share", PROBABILITY, "which share of the households", required=True),
    Field("salt", TEXT, "another one draws anew", required=True),
    help="households without marketing, to measure against",
)
PROPOSALS = table(
    *(Field(mode, whole(1, PROPOSALS_MAX), f"in {mode} mode") for mode in MODES),
    help="how many proposals one decision holds at most",
)
POLICIES = table(
    Field(
        "languages", Listed(item=matching(_LANGUAGE.pattern), once=True), "of treatments, the main one first"
    ),
    Field("channels", Named(value=CHANNEL, options=CHANNELS), "the channels there are", required=True),
    Field("contact_rules", Listed(item=CONTACT_RULE), "true rolling windows over all modes", required=True),
    Field("control_group", CONTROL_GROUP, "households without marketing", required=True),
    Field("membership_probability_min", number(0.5, 1), "how sure a membership must be to speak on it"),
    Field("proposals_max", PROPOSALS, "how many proposals one decision holds at most"),
    Field(
        "sms_parts_max", whole(1, SMS_PARTS_MAX), "parts that a text message may take before it is warned of"
    ),
    Field("suppressed_actions", names_of("action"), "actions that are asleep for everybody"),
    Field("suppressions", Listed(item=SUPPRESSION), "actions that are asleep, for whom, until when, and why"),
    Field("calendar", Listed(item=ENTRY), "days on which channels that we open are silent"),
    Field("capacities", Listed(item=CAPACITY), "how much the house can carry"),
    Field("house_rules", Named(value=SWITCH, options=RULES_THAT_MAY_BE_OFF), "rules of the house, on or off"),
    help="what holds for every decision",
)


@dataclass(frozen=True, kw_only=True)
class PoliciesRead:
    """The policies, and what only compile needs: the switched house rules and where they stand, suppressions."""

    policies: Policies
    suppressions: Suppressions
    house_rules: dict[str, bool]
    fields: Fields


def read_policies(document: Document, action_keys: Sequence[str], parser: Parser) -> PoliciesRead:
    """All of policies.yml; what is wrong is noted and replaced by the careful default."""
    fields = Fields(document, document.root, "policies", POLICIES)
    control = _control_group(document, fields)
    proposals = Fields(document, fields.node("proposals_max"), "`proposals_max`", PROPOSALS)
    channels = [_channel(document, key.value, value) for key, value in _known_channels(document, fields)]
    rules = [
        _contact_rule(document, node, number) for number, node in enumerate(fields.elements("contact_rules"))
    ]
    unique_names(document, "contact rules", [(rule.name, rule.place) for rule in rules])
    suppressions = read_suppressions(document, fields.elements("suppressions"), parser, action_keys)
    return PoliciesRead(
        fields=fields,
        suppressions=suppressions,
        house_rules=_house_rules(document, fields),
        policies=Policies(
            contact_rules=tuple(rules),
            channels={channel.channel: channel for channel in channels},
            control_permille=round(1000 * control.number("share", 0.0)),
            control_salt=control.text("salt"),
            membership_min=fields.number("membership_probability_min", 0.9),
            proposals_max={mode: proposals.whole(mode, 3 if mode == "inbound" else 1) for mode in MODES},
            sms_parts_max=fields.whole("sms_parts_max", 2),
            suppressed_actions=fields.choices("suppressed_actions", "an action", action_keys),
            languages=_languages(document, fields),
            calendar=read_calendar(document, fields.elements("calendar"), action_keys),
            suppressions=suppressions.found,
            capacities=read_capacities(document, fields.elements("capacities"), action_keys),
        ),
    )


def priced(policies: Policies, controls: Controls) -> Policies:
    """The policies with the prices that were set at run time on top of the channels' own costs."""
    channels = {
        name: replace(policy, cost_cents=policy.cost_cents + controls.price_cents(channel=name))
        for name, policy in policies.channels.items()
    }
    return replace(policies, channels=channels)


def _control_group(document: Document, fields: Fields) -> Fields:
    """The control group's fields; where nothing at all is written, only that is a problem."""
    if "control_group" in fields:
        return Fields(document, fields.node("control_group"), "`control_group`", CONTROL_GROUP)
    return Fields(document, None, "`control_group`", CONTROL_GROUP.names)


def _known_channels(document: Document, fields: Fields) -> list[tuple[Scalar, Node]]:
    found: list[tuple[Scalar, Node]] = []
    for key, value in fields.entries("channels"):
        if key.value in CHANNELS:
            found.append((key, value))
        else:
            document.problem(key, f"`{key.value}` is not a channel", did_you_mean(key.value, CHANNELS))
    return found


def _channel(document: Document, channel: str, node: Node) -> ChannelPolicy:
    fields = Fields(document, node, f"channel `{channel}`", CHANNEL)
    quiet_from, quiet_until = _quiet(document, fields)
    if channel in INBOUND_CHANNELS and ("quiet" in fields or "quiet_days" in fields):
        document.problem(
            fields.at("quiet" if "quiet" in fields else "quiet_days"),
            f"`{channel}` is opened by the customer and has no quiet hours", "remove the field",
        )  # fmt: skip
    return ChannelPolicy(
        channel=channel,
        reach=fields.number("reach", 0.0),
        cost_cents=round(100 * fields.number("cost", 0.0)),
        quiet_from_minute=quiet_from,
        quiet_until_minute=quiet_until,
        quiet_days=tuple(
            sorted(WEEKDAYS.index(day) for day in fields.choices("quiet_days", "a weekday", WEEKDAYS))
        ),
        place=fields.place,
    )


def _quiet(document: Document, fields: Fields) -> tuple[int | None, int | None]:
    """Local minutes from midnight; the end may lie on the next morning."""
    text = fields.text("quiet")
    if not text:
        return None, None
    match = _QUIET.fullmatch(text.strip())
    if match is None:
        document.problem(fields.at("quiet"), f"`{text}` is not a span of hours", 'write `"21:00-09:00"`')
        return None, None
    hours = [int(part) for part in match.groups()]
    start, end = 60 * hours[0] + hours[1], 60 * hours[2] + hours[3]
    if start == end:
        document.problem(
            fields.at("quiet"), f"`{text}` begins where it ends", "leave `quiet` out for no quiet hours"
        )
        return None, None
    return start, end


def _contact_rule(document: Document, node: Node, position: int) -> ContactRule:
    fields = Fields(document, node, f"contact rule {position + 1}", CONTACT_RULE)
    return ContactRule(
        name=fields.text("name"),
        per=cast(
            Per, fields.choice("per", "a unit that contacts are counted for", get_args(Per), "household")
        ),
        kind=cast(ContactKind, fields.choice("kind", "a kind of contact", get_args(ContactKind), "contact")),
        channels=fields.choices("channels", "a channel", CHANNELS, CHANNELS),
        message_classes=cast(
            "tuple[MessageClass, ...]",
            fields.choices("message_classes", "a message class", MESSAGE_CLASSES, ("marketing",)),
        ),
        max=fields.whole("max", 0),
        days=fields.number("days", 1.0),
        place=fields.place,
    )


def _house_rules(document: Document, fields: Fields) -> dict[str, bool]:
    switches: dict[str, bool] = {}
    for key, value in fields.entries("house_rules"):
        if key.value not in RULES_THAT_MAY_BE_OFF:
            document.problem(
                key, f"`{key.value}` is not a house rule that can be switched",
                did_you_mean(key.value, RULES_THAT_MAY_BE_OFF),
            )  # fmt: skip
            continue
        on = switch(document, value, f"`{key.value}`")
        switches[key.value] = True if on is None else on
    return switches


def _languages(document: Document, fields: Fields) -> tuple[str, ...]:
    found: list[str] = []
    for node in fields.elements("languages"):
        word = getattr(node, "value", "")
        if not _LANGUAGE.fullmatch(word) or word in found:
            document.problem(
                node, f"`{word}` is not a language of two letters, written once", "such as `es`, `en`"
            )
        else:
            found.append(word)
    return tuple(found) or ("en",)
