"""On which days does something hold? A span of local days, both included, of one year or of every year.

Written in YAML as `from` and `until`: `2026-12-24`, or with `every_year: on` as `12-24`. Used by levers, actions,
the calendar and suppressions. A decision's local day is `decide`'s to find.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from hogar.strategy.fields import Fields
from hogar.strategy.shapes import SWITCH, TEXT, Field, table

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY_OF_YEAR = re.compile(r"\d{2}-\d{2}")
_LEAP = "2000-"  # any leap year: only the month and the day of it count


@dataclass(frozen=True, kw_only=True)
class Season:
    """Local days, both ends included; None is open. With `every_year` only month and day of the ends count.

    >>> christmas = Season(first=date(2000, 12, 24), last=date(2000, 1, 6), every_year=True)
    >>> christmas.holds(date(2026, 1, 6)), christmas.holds(date(2026, 1, 7))
    (True, False)
    """

    first: date | None = None
    last: date | None = None
    every_year: bool = False

    @property
    def is_always(self) -> bool:
        """Whether it holds on every day."""
        return self.first is None and self.last is None

    def holds(self, day: date) -> bool:
        """Whether it holds on this day. A span of every year may run over New Year."""
        first, last = self.first, self.last
        if not self.every_year or first is None or last is None:
            return (first is None or first <= day) and (last is None or day <= last)
        here, begin, end = ((each.month, each.day) for each in (day, first, last))
        return begin <= here <= end if begin <= end else here >= begin or here <= end

    def __str__(self) -> str:
        form = "%m-%d" if self.every_year else "%Y-%m-%d"
        ends = [("from", self.first), ("until", self.last)]
        words = [f"{word} {day.strftime(form)}" for word, day in ends if day is not None]
        return " ".join([*words, *(["of every year"] if self.every_year else [])]) or "always"


ALWAYS = Season()
DAYS = (
    Field("from", TEXT, "the first local day, such as 2026-12-24"),
    Field("until", TEXT, "the last local day"),
)
EVERY_YEAR = Field("every_year", SWITCH, "only month and day count: `12-24`")
VALID = table(*DAYS, EVERY_YEAR, help="local days, both ends included")


def read_season(fields: Fields, *, every_year: bool = False) -> Season:
    """The season of a mapping that knows `from` and `until`; what is wrong is noted and left open."""
    first, last = (_day(fields, name, every_year=every_year) for name in ("from", "until"))
    if every_year and "from" in fields and "until" in fields:
        return Season(first=first, last=last, every_year=first is not None and last is not None)
    if every_year:
        fields.document.problem(
            fields.place, f"{fields.owner} of every year has one end", "write `from` and `until`"
        )
        return ALWAYS
    if first is not None and last is not None and last < first:
        fields.document.problem(
            fields.at("until"), f"{fields.owner} ends on {last}, before it begins on {first}",
            "exchange `from` and `until`",
        )  # fmt: skip
        last = None
    return Season(first=first, last=last)


def read_valid(fields: Fields) -> Season:
    """The season under `valid` of a mapping; always where there is none."""
    if "valid" not in fields:
        return ALWAYS
    span = Fields(fields.document, fields.node("valid"), "`valid`", VALID)
    return read_season(span, every_year=span.switch("every_year", False))


def _day(fields: Fields, name: str, *, every_year: bool) -> date | None:
    text = fields.text(name).strip()
    if not text:
        return None
    if (_DAY_OF_YEAR if every_year else _DAY).fullmatch(text):
        try:
            return date.fromisoformat(_LEAP + text if every_year else text)
        except ValueError:
            pass
    cure = "write month and day: `12-24`" if every_year else "write year, month and day: `2026-12-24`"
    if not every_year and _DAY_OF_YEAR.fullmatch(text):
        cure += ", or `every_year: on` where that is known"
    fields.document.problem(fields.at(name), f"`{text}` is not a day", cure)
    return None
