"""How well does one column of a silo fit one of ours? Its name first, then what its values look like.

Takes a column's profile; returns a score from 0 to 1. Used by `match`, which weighs a table's columns together.
"""

from __future__ import annotations

from collections.abc import Mapping

from hogar.build.drafting.patterns import MONTHS
from hogar.build.drafting.profile import CODES, Column
from hogar.build.drafting.words import FALSE, TRUE, column_likeness, plain, values_of
from hogar.telco.tables import TABLES, Table
from hogar.telco.tables import Column as Ours

KEYS = (("person", "party_id"), ("line", "line_id"), ("account", "account_id"))
"""Keys that other silos point at: what a column points at says more than its name."""
POINTS = 0.7
# Texts that are free-form: nearly any column would fit, so that only its name speaks.
_IDS = (*CODES, "text", "national_id", "hash")
_NUMBERS = ("integer", "decimal", "decimal_comma", "postcode")
_FITS: Mapping[str, tuple[str, ...]] = {
    "person.national_id": ("national_id",), "person.email_hash": ("hash", "email"), "address.postcode": ("postcode",),
    "serviceability.postcode": ("postcode",), "account.payment_token": ("hash", "code"),
    "top_up.payment_token": ("hash", "code"), "device_use.device_id": ("hash", "imei"),
}  # fmt: skip


def score_of(table: Table, ours: Ours, column: Column, points_at: str | None) -> float:
    """How well a silo's column fits one of ours: 0 where its values cannot, else mostly how alike the names are."""
    name = f"{table.name}.{ours.name}"
    alike = column_likeness(column.name, name)
    if (
        points_at is not None
        and (kind := next((k for _, k in KEYS if ours.name.endswith(k)), None)) is not None
    ):
        if kind != points_at:
            return 0.0
        alike = max(alike, POINTS)
    if not column.known:
        return 0.6 * alike
    fit = _fit(name, ours, column)
    return 0.0 if fit == 0 or (fit < 0.4 and alike < 1) else 0.7 * alike + 0.3 * fit


def _fit(name: str, ours: Ours, column: Column) -> float:
    """How well the values fit: 1 they look like it, 0.5 they may be, 0 they cannot."""
    pattern = column.pattern
    if name in _FITS:
        return 1.0 if pattern in _FITS[name] else 0.0 if pattern in ("date", "moment", "decimal") else 0.2
    if ours.one_of:
        return _values_fit(name, ours, column)
    if ours.type == "boolean":
        words = {plain(word) for word in column.words}
        return 1.0 if words and words <= {*TRUE, *FALSE} else 0.0
    if ours.type == "date":
        if ours.name == "month":
            return 1.0 if pattern == "date" and (column.format in MONTHS or column.distinct <= 60) else 0.0
        return {"date": 1.0, "moment": 0.7}.get(pattern, 0.0) if column.format not in MONTHS else 0.0
    if ours.type == "timestamp":
        return {"moment": 1.0, "date": 0.5}.get(pattern, 0.0)
    if ours.type == "integer":
        money = ours.name.endswith("_cents")
        return 1.0 if pattern == "integer" or (money and pattern in ("decimal", "decimal_comma")) else 0.0
    if ours.type == "double":
        return 1.0 if pattern in _NUMBERS else 0.0
    if ours.name.endswith("_id"):
        key = table_key(name)
        if pattern not in _IDS or (key and column.distinct < 0.5 * column.known):
            return 0.0
        return 1.0 if column.is_code else 0.4
    return 0.0 if pattern in ("date", "moment", "hash", "decimal") else 0.6


def table_key(name: str) -> bool:
    """Whether a canonical column alone is its table's key."""
    table, _, column = name.partition(".")
    return any(one.name == table and one.key == (column,) for one in TABLES)


def _values_fit(name: str, ours: Ours, column: Column) -> float:
    """The share of a column's words that mean one of the values that ours knows."""
    if not column.words:
        return 0.0
    known = {word for words in values_of(name).values() for word in words} | {
        plain(value) for value in ours.one_of
    }
    share = sum(plain(word) in known for word in column.words) / len(column.words)
    return share if share >= 0.4 else 0.0
