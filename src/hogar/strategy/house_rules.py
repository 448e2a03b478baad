"""What does the house ask of every proposal, before its author asks anything? Conditions that compile adds.

Never what is owned or ordered, never what cannot be delivered there, never above what the household usually
spends, never dearer for the same use, never advertising while a complaint is open, never resting on the bills of
several payers where only one of them is spoken to.

House rules do not count in an action's `needs` (whose data it rests on): they can only silence a proposal, and
another member's data may turn a result into silence, but never add, choose, price or explain one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hogar.errors import Place
from hogar.strategy.documents import Document
from hogar.strategy.expressions import Parser
from hogar.strategy.names import ACTION_FACTS, Vocabulary
from hogar.strategy.types import Condition, ConditionKind
from hogar.telco.channels import MessageClass


@dataclass(frozen=True, kw_only=True)
class HouseRule:
    """One rule: its expression, what to say when it does not hold, and for which actions it is asked.

    `may_be_off` marks rules that a project may switch off in policies.yml, because their data may not exist.
    """

    kind: ConditionKind
    text: str
    because: str
    offering_only: bool = True
    marketing_only: bool = False
    like_for_like_only: bool = False
    beyond_subject_only: bool = False
    may_be_off: bool = False


# What would be spent in all: today's spend, less what the offer would replace, plus what it would cost for the
# same use. Where nothing is replaced this is an addition; where all is, it is the new bill.
_SPEND_AFTER = (
    "household.spend_eur - coalesce(action.current_eur, 0) + coalesce(action.cost_eur, action.monthly_eur)"
)

HOUSE_RULES: tuple[HouseRule, ...] = (
    HouseRule(kind="owned", text="not action.owned", because="it is already owned"),
    HouseRule(kind="ordered", text="not action.ordered", because="it is already ordered"),
    HouseRule(kind="deliverable", text="action.deliverable", because="it cannot be delivered there"),
    HouseRule(
        kind="spend_band", text=f"{_SPEND_AFTER} <= household.spend_band_eur",
        because="it is above what the household usually spends", marketing_only=True, may_be_off=True,
    ),
    HouseRule(
        kind="plan_fit", text="action.extra_eur <= 0", because="it would cost more for the same use",
        like_for_like_only=True,
    ),
    HouseRule(
        kind="open_complaint", text="household.open_complaints = 0", because="a complaint is open",
        offering_only=False, marketing_only=True, may_be_off=True,
    ),
    # A line's payer may hear what rests on that line's bill. What rests on the whole household's bills may be heard
    # only where one person pays them all.
    HouseRule(
        kind="one_payer", text="household.payers = 1", because="it would rest on the bills of several payers",
        offering_only=False, beyond_subject_only=True,
    ),
)  # fmt: skip
RULES_THAT_MAY_BE_OFF: tuple[str, ...] = tuple(rule.kind for rule in HOUSE_RULES if rule.may_be_off)


def house_conditions(
    parser: Parser,
    rules: Sequence[HouseRule],
    place: Place,
    *,
    offering: bool,
    message_class: MessageClass,
    like_for_like: bool,
    beyond_subject: bool,
) -> list[Condition]:
    """The house's conditions for one action, in the order in which they are asked; `place` is the offering's."""
    return [
        Condition(
            kind=rule.kind, text=rule.text, expression=parser.house(rule.text, place), place=place,
            because=rule.because,
        )
        for rule in rules
        if (offering or not rule.offering_only)
        and (message_class == "marketing" or not rule.marketing_only)
        and (like_for_like or not rule.like_for_like_only)
        and (beyond_subject or not rule.beyond_subject_only)
    ]  # fmt: skip


def rules_in_force(
    policies: Document | None, switches: dict[str, bool], where: Place, words: Vocabulary
) -> tuple[HouseRule, ...]:
    """The rules that are on. A rule whose data the catalogue lacks must be switched off by name: a problem else.

    A rule that cannot be switched off is kept and found to lack its data where an action needs it.
    """
    found: list[HouseRule] = []
    for rule in HOUSE_RULES:
        if not switches.get(rule.kind, True):
            continue
        lacking = [name for name in _names(rule.text) if name not in words.types]
        if lacking and not rule.may_be_off:
            continue
        if lacking and policies is not None:
            policies.problem(
                where,
                f"the house rule `{rule.kind}` needs `{lacking[0]}`, which is not in the feature catalogue",
                f"add the feature, or write `house_rules: {{{rule.kind}: off}}`",
            )
        if not lacking:
            found.append(rule)
    return tuple(found)


def _names(text: str) -> list[str]:
    """The names in a house rule's own text: facts first, then features."""
    words = text.replace("(", " ").replace(")", " ").replace(",", " ").split()
    return [word for word in words if "." in word and word not in ACTION_FACTS]
