"""What holds for every decision? `policies.yml`: contact rules, channels, control group, suppressions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast, get_args

from hogar.errors import did_you_mean
from hogar.strategy.documents import Document, Node, Scalar
from hogar.strategy.fields import Fields
from hogar.strategy.house_rules import RULES_THAT_MAY_BE_OFF
from hogar.strategy.leaves import switch
from hogar.strategy.types import ChannelPolicy, ContactKind, ContactRule, Per, Policies
from hogar.telco.channels import CHANNELS, INBOUND_CHANNELS, MESSAGE_CLASSES, MessageClass, Mode

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MODES: tuple[Mode, ...] = get_args(Mode)
DAYS_MAX = 366
PROPOSALS_MAX = 10
_QUIET = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*-\s*([01]\d|2[0-3]):([0-5]\d)")
_LANGUAGE = re.compile(r"[a-z]{2}")
_FIELDS = (
    "languages", "channels", "contact_rules", "control_group", "membership_probability_min", "proposals_max",
    "suppressed_actions", "house_rules",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class PoliciesRead:
    """The policies, and what only compile needs: the switched house rules and where they stand."""

    policies: Policies
    house_rules: dict[str, bool]
    fields: Fields


def read_policies(document: Document, action_keys: Sequence[str]) -> PoliciesRead:
    """All of policies.yml; what is wrong is noted and replaced by the careful default."""
    fields = Fields(
        document, document.root, "policies", _FIELDS, ("channels", "contact_rules", "control_group")
    )
    control = Fields(document, fields.node("control_group"), "`control_group`", ("share", "salt"), ())
    if "control_group" in fields:
        for name in ("share", "salt"):
            if name not in control:
                document.problem(control.place, f"`control_group` has no `{name}`", f"add `{name}:`")
    proposals = Fields(document, fields.node("proposals_max"), "`proposals_max`", MODES)
    channels = [_channel(document, key.value, value) for key, value in _known_channels(document, fields)]
    rules = [
        _contact_rule(document, node, number) for number, node in enumerate(fields.elements("contact_rules"))
    ]
    names = [rule.name for rule in rules]
    for rule in rules:
        if rule.name and names.count(rule.name) > 1:
            document.problem(
                rule.place, f"two contact rules are called `{rule.name}`", "give each its own name"
            )
    return PoliciesRead(
        fields=fields,
        house_rules=_house_rules(document, fields),
        policies=Policies(
            contact_rules=tuple(rules),
            channels={channel.channel: channel for channel in channels},
            control_permille=round(1000 * control.number("share", 0.0, at_least=0, at_most=1)),
            control_salt=control.text("salt"),
            membership_min=fields.number("membership_probability_min", 0.9, at_least=0.5, at_most=1),
            proposals_max={
                mode: proposals.whole(mode, 3 if mode == "inbound" else 1, at_least=1, at_most=PROPOSALS_MAX)
                for mode in MODES
            },
            suppressed_actions=fields.choices("suppressed_actions", "an action", action_keys),
            languages=_languages(document, fields),
        ),
    )


def _known_channels(document: Document, fields: Fields) -> list[tuple[Scalar, Node]]:
    found: list[tuple[Scalar, Node]] = []
    for key, value in fields.entries("channels"):
        if key.value in CHANNELS:
            found.append((key, value))
        else:
            document.problem(key, f"`{key.value}` is not a channel", did_you_mean(key.value, CHANNELS))
    return found


def _channel(document: Document, channel: str, node: Node) -> ChannelPolicy:
    fields = Fields(
        document, node, f"channel `{channel}`", ("reach", "cost", "quiet", "quiet_days"), ("reach",)
    )
    quiet_from, quiet_until = _quiet(document, fields)
    if channel in INBOUND_CHANNELS and ("quiet" in fields or "quiet_days" in fields):
        document.problem(
            fields.at("quiet" if "quiet" in fields else "quiet_days"),
            f"`{channel}` is opened by the customer and has no quiet hours", "remove the field",
        )  # fmt: skip
    return ChannelPolicy(
        channel=channel,
        reach=fields.number("reach", 0.0, at_least=0, at_most=1),
        cost_cents=round(100 * fields.number("cost", 0.0, at_least=0, at_most=1000)),
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


def _contact_rule(document: Document, node: Node, number: int) -> ContactRule:
    fields = Fields(
        document, node, f"contact rule {number + 1}",
        ("name", "per", "kind", "channels", "message_classes", "max", "days"), ("name", "per", "max", "days"),
    )  # fmt: skip
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
        max=fields.whole("max", 0, at_least=0, at_most=10_000),
        days=fields.number("days", 1.0, at_least=0.01, at_most=DAYS_MAX),
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
