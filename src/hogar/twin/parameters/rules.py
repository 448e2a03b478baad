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
SHARE, NUMBER, POSITIVE, COUNT, SHARES, SIZES, BY_KIND, BY_AGE, SPREAD, POSITIVE_BY_AGE = (
    "share", "number", "positive", "count", "shares", "sizes", "by_kind", "by_age", "spread",
    "positive_by_age",
)  # fmt: skip
PAYMENTS = ("direct_debit", "card", "cash")
BY_PAYMENT = "by_payment"  # shares that sum to 1, one for each of PAYMENTS
SHARES_OF_ANY = "shares_of_any"  # shares that sum to 1, under any keys
NUMBERS = "numbers"  # a list of numbers from 0, such as a profile of 24 hours
TEXT = "text"


def rule(name: str, *choices: str) -> Any:
    """A field whose value keeps this rule; a TEXT names its `choices`."""
    return field(metadata={"rule": name, "choices": choices})
