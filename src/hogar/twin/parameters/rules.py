"""What may a value of the parameter file be? Kinds of homes, groups of ages, and the rule that each value keeps."""

from __future__ import annotations

from dataclasses import field
from typing import Any

KINDS = (
    "single",
    "couple",
    "empty_nest",
    "family",
    "separated",
    "flat_share",
    "multi_generation",
    "group_quarters",
    "sole_trader",
)
AGES = ("minor", "young", "adult", "old")
MINOR, YOUNG, ADULT, OLD = range(4)

# What a value may be, by the name that a field carries in its metadata.
TEXT = "text"  # one of its choices
SHARE = "share"  # from 0 to 1, where the field does not say otherwise
NUMBER = "number"  # within the field's bounds
POSITIVE = "positive"  # more than 0: from 0.001, where the field does not say otherwise
COUNT = "count"  # a whole number, from 1 where the field does not say otherwise
SPREAD = "spread"  # { mean, sd }; the bounds are the mean's
POSITIVE_BY_AGE = "positive_by_age"  # one for each of AGES; the bounds are each one's
BY_KIND, BY_AGE = "by_kind", "by_age"  # a share for each of KINDS, of AGES
SHARES, BY_PAYMENT, BY_HEART = (
    "shares",
    "by_payment",
    "by_heart",
)  # ... of KINDS, PAYMENTS, HEARTS: they sum to 1
SIZES = "sizes"  # shares that sum to 1; keys are whole numbers within the bounds
BY_FIRST_AGE = "by_first_age"  # ... keys are the bands' first ages, which rise, within the bounds
HOURS = "hours"  # 24 numbers from 0, of any sum above 0
PAYMENTS = ("direct_debit", "card", "cash")
HEARTS = ("curious", "indifferent", "hostile")
SD_MOST = 20.0
USUAL_BOUNDS = {SHARE: (0, 1), POSITIVE: (0.001, None), COUNT: (1, None)}


def rule(name: str, *choices: str, least: float | None = None, most: float | None = None) -> Any:
    """A field whose value keeps this rule within these bounds, both included; a TEXT names its `choices`."""
    usual_least, usual_most = USUAL_BOUNDS.get(name, (None, None))
    return field(
        metadata={
            "rule": name,
            "choices": choices,
            "least": usual_least if least is None else least,
            "most": usual_most if most is None else most,
        }
    )
