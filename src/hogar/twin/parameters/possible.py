"""Can this value be? The reason why not, by the rule and the bounds of its field. Called by: reading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from hogar.twin.parameters.rules import (
    AGES,
    BY_AGE,
    BY_FIRST_AGE,
    BY_HEART,
    BY_KIND,
    BY_PAYMENT,
    COUNT,
    HEARTS,
    HOURS,
    KINDS,
    NUMBER,
    PAYMENTS,
    POSITIVE,
    POSITIVE_BY_AGE,
    SD_MOST,
    SHARE,
    SHARES,
    SIZES,
    SPREAD,
    TEXT,
)

KEYS = {
    BY_KIND: KINDS, SHARES: KINDS, BY_PAYMENT: PAYMENTS, BY_HEART: HEARTS, BY_AGE: AGES, POSITIVE_BY_AGE: AGES,
    SPREAD: ("mean", "sd"),
}  # fmt: skip
OF_A_WHOLE = (SHARES, SIZES, BY_FIRST_AGE, BY_PAYMENT, BY_HEART)
HOUR_MOST = 1e6


def impossible(kept: Mapping[str, Any], value: Any) -> str:
    """Why this value cannot be, given the metadata of its field (see `rules.rule`), or nothing."""
    rule, choices, least, most = (kept[name] for name in ("rule", "choices", "least", "most"))
    if rule == TEXT:
        return "" if value in choices else f"is none of {', '.join(choices)}"
    if rule == HOURS:
        return _hours(value)
    if rule in (SHARE, NUMBER, POSITIVE, COUNT):
        return _number(rule, value, least, most)
    if not isinstance(value, dict):
        return "is not a table such as { name = 0.5 }"
    return _keys(rule, value, least, most) or _inside(rule, value, least, most)


def in_order(kept: Mapping[str, Any], value: Any) -> Any:
    """A table with the keys of its rule in their order, whatever their order in the file; all else as it is."""
    return {key: value[key] for key in KEYS[kept["rule"]]} if kept["rule"] in KEYS else value


def _number(rule: str, value: Any, least: float, most: float) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "is not a number"
    if least <= value <= most and (rule != COUNT or isinstance(value, int)):
        return ""
    shown = value if isinstance(value, float) or abs(value) < 1e18 else "far beyond"
    if rule == SHARE:
        return f"is a share, and {shown} is not within {least:g} and {most:g}"
    kind = f"a whole number from {least} to {most}" if rule == COUNT else f"within {least:g} and {most:g}"
    return f"must be {kind}, and is {shown}"


def _hours(value: Any) -> str:
    good = isinstance(value, list) and len(value) == 24
    good = good and not any(_number(NUMBER, one, 0, HOUR_MOST) for one in value)
    return "" if good and sum(value) > 0 else "must be 24 numbers from 0, one an hour, not all of them 0"


def _keys(rule: str, table: Mapping[str, Any], least: float, most: float) -> str:
    if rule in KEYS:
        return "" if set(table) == set(KEYS[rule]) else "must have exactly " + ", ".join(KEYS[rule])
    whole = all(re.fullmatch("0|[1-9][0-9]{0,2}", key) and least <= int(key) <= most for key in table)
    if rule == SIZES:
        return "" if whole else f"must have whole numbers from {least} to {most} as keys"
    rising = whole and all(int(one) < int(other) for one, other in pairwise(table))
    return "" if rising else f"must have rising whole years from {least} to {most} as keys"


def _inside(rule: str, table: Mapping[str, Any], least: float, most: float) -> str:
    for key, one in table.items():
        if rule == SPREAD:
            why = _number(NUMBER, one, *((0, SD_MOST) if key == "sd" else (least, most)))
        elif rule == POSITIVE_BY_AGE:
            why = _number(POSITIVE, one, least, most)
        else:
            why = _number(SHARE, one, 0, 1)
        if why:
            return f"of `{key}` {why}"
    if rule in OF_A_WHOLE and abs(sum(table.values()) - 1) > 1e-6:
        return f"are shares of a whole, and sum to {sum(table.values()):g} instead of 1"
    return ""
