"""What does a value look like? Telephone numbers, devices, cards, dates, money, codes: one test each.

Takes texts; returns truths. Used by `profile`, which keeps only how often each held.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

Test = Callable[[str], bool]


def _matching(pattern: str) -> Test:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others, as on devices (IMEI) and SIM cards (ICCID).

    >>> luhn("490154203237518")
    True
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 if place % 2 else 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def _parsed(format: str) -> Test:
    form = re.escape(format)
    for part, digits in (
        ("%Y", r"\d{4}"),
        ("%f", r"\d{1,6}"),
        ("%z", r"[-+]\d\d:?\d\d"),
        ("%[mdHMS]", r"\d\d?"),
    ):
        form = re.sub(part, digits.replace("\\", "\\\\"), form)
    looks_like = re.compile(form)

    def test(value: str) -> bool:
        if not looks_like.fullmatch(value):
            return False
        try:
            datetime.strptime(value, format)  # noqa: DTZ007 (only whether it can be read)
        except ValueError:
            return False
        return True

    return test


MOMENTS: tuple[tuple[str, Test], ...] = tuple(
    (format, _parsed(format))
    for format in (
        "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S.%f",
        "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%Y%m%d%H%M%S",
    )
)  # fmt: skip
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d", "%Y-%m")
DATES: tuple[tuple[str, Test], ...] = (
    *((format, _parsed(format)) for format in _DAYS),
    ("%Y%m", _matching(r"(19|20)\d\d(0[1-9]|1[0-2])")),
)
MONTHS = ("%Y-%m", "%Y%m")
"""Formats that name a month and no day."""
PATTERNS: tuple[tuple[str, Test], ...] = (
    ("email", _matching(r"[^@\s]+@[^@\s]+\.[^@\s]+")),
    ("imei", lambda value: bool(re.fullmatch(r"\d{15}", value)) and luhn(value)),
    ("iccid", lambda value: bool(re.fullmatch(r"89\d{17,18}", value)) and luhn(value)),
    ("imsi", _matching(r"[2-7]\d{14}")),
    ("msisdn", _matching(r"(\+|00)[1-9]\d{7,14}|34[67]\d{8}|[67]\d{8}")),
    ("national_id", _matching(r"\d{8}[A-Za-z]|[XYZxyz]\d{7}[A-Za-z]|\d{3}-\d{2}-\d{4}")),
    ("hash", _matching(r"[0-9a-f]{16,128}|[0-9A-F]{16,128}")),
    ("postcode", _matching(r"\d{5}")),
    ("integer", _matching(r"[-+]?\d{1,18}")),
    ("decimal", _matching(r"[-+]?\d+\.\d+|[-+]?\d+")),
    ("decimal_comma", _matching(r"[-+]?\d+(,\d+)?")),
    ("code", _matching(r"[A-Za-z]{1,4}[-_]?\d{3,}|[A-Za-z0-9]+([-_][A-Za-z0-9]+)+")),
)
