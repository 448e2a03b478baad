"""Why did a candidate fall? Codes with their place: a reason is data, words come when somebody asks.

A code is an unsigned 16-bit number. 0 stands for `proposed`; below `RULES_FROM` the house's own reasons; then
one code a contact rule, calendar entry, capacity and suppression (`PolicyCodes`); then two codes a condition, `it is
false` and `it is unknown`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hogar.errors import Place
from hogar.strategy.types import Policies

PROPOSED = 0
# What was not looked at, and the arms stage.
NOT_ASKED = 1
OTHER_SUBJECT = 2
STOPPED = 3
CONTROL_GROUP = 4
NOT_IN_AUDIENCE = 18
NOT_IN_SEASON = 19
# The routes stage, in the order in which a route is tested: a later reason means a route got further.
NO_TREATMENT = 5
NO_RECIPIENT = 6
LEAK_GUARD = 7
MINOR = 8
AGE_UNKNOWN = 9
WRONG_RECIPIENT = 10
OBJECTION = 11
NO_CONSENT = 12
QUIET_HOURS = 13
# Expectation, value, arbitration, selection.
INTEREST_UNKNOWN = 14
VALUE_UNKNOWN = 15
NO_GAIN = 16
OUTRANKED = 17
RULES_FROM = 32

HOUSE_REASONS: dict[int, tuple[str, str, str]] = {
    PROPOSED: ("proposed", "selection", "proposed"),
    NOT_ASKED: ("not_asked", "arms", "not among the actions asked for in this mode, campaign or trigger"),
    OTHER_SUBJECT: ("other_subject", "arms", "the event was about another line or person"),
    STOPPED: ("stopped", "arms", "suppressed or stopped by an operator"),
    CONTROL_GROUP: ("control_group", "arms", "the household is in the control group"),
    NOT_IN_AUDIENCE: ("not_in_audience", "arms", "the person is not in the campaign's audience"),
    NOT_IN_SEASON: ("not_in_season", "arms", "outside the days on which the action is valid"),
    NO_TREATMENT: ("no_treatment", "routes", "no treatment for the channels asked for"),
    NO_RECIPIENT: ("no_recipient", "routes", "nobody in the household may be addressed"),
    LEAK_GUARD: ("leak_guard", "routes", "partly concerns other people's data"),
    MINOR: ("minor", "routes", "a minor is not addressed, nor is anything inferred about one"),
    AGE_UNKNOWN: ("age_unknown", "routes", "age unknown: only the holder's contract facts may be used"),
    WRONG_RECIPIENT: ("wrong_recipient", "routes", "not sure enough that the recipient belongs to this household"),
    OBJECTION: ("objection", "routes", "objected to direct marketing"),
    NO_CONSENT: ("no_consent", "routes", "no marketing consent for the channel"),
    QUIET_HOURS: ("quiet_hours", "routes", "the channel is silent until after the message would expire"),
    INTEREST_UNKNOWN: ("interest_unknown", "propensity", "interest cannot be computed: something it needs is missing"),
    VALUE_UNKNOWN: ("value_unknown", "value", "value cannot be computed: something it needs is missing"),
    NO_GAIN: ("no_gain", "arbitration", "expected value does not exceed the cost of asking"),
    OUTRANKED: ("outranked", "selection", "another action is worth more now"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One reason: its code's name, the stage, words, whether something was unknown, and where it is written."""

    name: str
    stage: str
    words: str
    unknown: bool = False
    place: Place | None = None
    text: str = ""


def reason_name(reason: Reason) -> str:
    """A reason's name in counts: `_unknown` behind it where something that it reads is missing."""
    return f"{reason.name}_unknown" if reason.unknown else reason.name


def words_by_name(reasons: Iterable[Reason]) -> dict[str, str]:
    """What each name in counts means: a reason's own words, or what is common to all that have the name.

    >>> words_by_name([Reason(name="spend_band", stage="eligibility", words="dear", unknown=True)])
    {'spend_band_unknown': "the house's rule `spend_band` is unknown: something it reads is missing"}
    """
    found: dict[str, list[Reason]] = {}
    for reason in reasons:
        found.setdefault(reason_name(reason), []).append(reason)
    return {name: _common(those) for name, those in found.items()}


def _common(reasons: list[Reason]) -> str:
    words, one = {reason.words for reason in reasons}, reasons[0]
    if one.stage != "eligibility":
        return " / ".join(sorted(words))
    about = _KINDS.get(one.name, f"the house's rule `{one.name}`")
    if one.unknown and one.name == "deliverable":  # the first fact about an offer that is asked for
        return "no offer for them: nothing is known of it here"
    if one.unknown:
        return f"{about} is unknown: something it reads is missing"
    return words.pop() if len(words) == 1 and one.name not in _KINDS else f"{about} does not hold"


_KINDS = {
    "eligible": "a condition of `eligible_when`",
    "applicable": "a condition of `applicable_when`",
    "suitable": "a condition of `suitable_when`",
}


@dataclass(frozen=True, kw_only=True)
class PolicyCodes:
    """The first code of each kind of policy; those that close routes in the order in which they are asked."""

    calendar: int
    capacities: int
    suppressions: int

    @staticmethod
    def of(policies: Policies) -> PolicyCodes:
        """The codes that these policies' reasons have."""
        calendar = RULES_FROM + len(policies.contact_rules)
        capacities = calendar + len(policies.calendar)
        return PolicyCodes(
            calendar=calendar, capacities=capacities, suppressions=capacities + len(policies.capacities)
        )


def policy_reasons(policies: Policies) -> list[Reason]:
    """The reasons of contact rules, calendar, capacities and suppressions, from `RULES_FROM` on."""
    found = [
        Reason(
            name=rule.name, stage="routes", place=rule.place,
            words=f"{rule.max} {rule.kind}s in {rule.days:g} days allowed per {rule.per}, and reached",
        )
        for rule in policies.contact_rules
    ]  # fmt: skip
    found += [
        Reason(name="calendar", stage="routes", place=entry.place, words=f"{entry.name}: {entry.because}")
        for entry in policies.calendar
    ]
    found += [
        Reason(
            name="capacity", stage="routes", place=one.place,
            words=f"{one.name}: {one.max} a {one.per} is what the house can carry, and reached",
        )
        for one in policies.capacities
    ]  # fmt: skip
    return found + [
        Reason(name="suppressed", stage="arms", place=one.place, words=one.because)
        for one in policies.suppressions
    ]


def house_reasons() -> list[Reason]:
    """The reasons below `RULES_FROM`, by code; gaps are unnamed."""
    unnamed = Reason(name="unnamed", stage="", words="")
    reasons = [unnamed] * RULES_FROM
    for code, (name, stage, words) in HOUSE_REASONS.items():
        reasons[code] = Reason(name=name, stage=stage, words=words)
    return reasons
