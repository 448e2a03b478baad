"""Which canonical table does each extract feed, and by which columns? Names, patterns and values, weighed.

Takes profiles; returns proposals with a score each. Nothing is certain: what scores low is drafted with a mark that a
person checks it. Before: `profile`. After: `sql`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hogar.build.drafting.profile import CODES, Column, Extract, Reference
from hogar.build.drafting.words import FALSE, TRUE, column_likeness, file_likeness, plain, values_of
from hogar.telco.tables import TABLES, Table
from hogar.telco.tables import Column as Ours

SURE = 0.75
"""A match that scores less is marked for checking."""
COLUMN_MIN, TABLE_MIN = 0.45, 0.55
KEYS = (("person", "party_id"), ("line", "line_id"), ("account", "account_id"))
"""Keys that other silos point at: what a column points at says more than its name."""
POINTS_MIN, POINTS = 0.9, 0.7
Points = Mapping[tuple[str, str], str]
# Where no column says it, this is drafted, marked for checking.
ASSUMED: Mapping[str, str] = {
    "address.kind": "home", "consent.channel": "any", "offer.on_sale": "true", "bill.overage_cents": "0",
    "contact.message_class": "marketing", "ticket.kind": "complaint", "order.state": "done", "usage_day.voice_min": "0",
    "usage_day.data_mb": "0", "person.kind": "person", "offer_price.kind": "monthly", "line.kind": "mobile_postpaid",
}  # fmt: skip
# Texts that are free-form: nearly any column would fit, so that only its name speaks.
_IDS = (*CODES, "text", "national_id", "hash")
_NUMBERS = ("integer", "decimal", "decimal_comma", "postcode")
_FITS: Mapping[str, tuple[str, ...]] = {
    "person.national_id": ("national_id",), "person.email_hash": ("hash", "email"), "address.postcode": ("postcode",),
    "serviceability.postcode": ("postcode",), "account.payment_token": ("hash", "code"),
    "top_up.payment_token": ("hash", "code"), "device_use.device_id": ("hash", "imei"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Match:
    """A silo's column for one of ours, and how sure it is; `column` None: nothing says it, and `assumed` is drafted."""

    ours: Ours
    column: Column | None
    score: float
    assumed: str = ""


@dataclass(frozen=True, kw_only=True)
class Feed:
    """An extract that feeds a canonical table, by these columns."""

    table: Table
    extract: Extract
    matches: tuple[Match, ...]
    score: float


def feeds(extracts: Sequence[Extract], references: Iterable[Reference] = ()) -> tuple[Feed, ...]:
    """For each extract the table that it feeds best, and those that its other columns feed as well.

    Twice over: what the keys of the first round are says what the columns mean that point at them.
    """
    first = _round(extracts, {})
    keys = {
        (feed.extract.silo, match.column.name): match.ours.name
        for feed in first for match in feed.matches
        if match.column is not None and (feed.table.name, match.ours.name) in KEYS
    }  # fmt: skip
    points = {
        (one.silo, one.column): keys[one.other_silo, one.other_column]
        for one in sorted(references, key=lambda one: one.share)
        if one.share >= POINTS_MIN and (one.other_silo, one.other_column) in keys
    }
    return _round(extracts, points)


def _round(extracts: Sequence[Extract], points: Points) -> tuple[Feed, ...]:
    found: list[Feed] = []
    for extract in extracts:
        possible = [feed for table in TABLES if (feed := _feed(extract, table, points)) is not None]
        possible.sort(key=lambda feed: (-feed.score, feed.table.name))
        best = next((feed for feed in possible if feed.score >= TABLE_MIN or _strong(feed)), None)
        if best is not None:
            chosen = [best]
            for feed in possible:
                if feed is not best and _adds(feed, chosen):
                    chosen.append(feed)
            found += chosen
    return tuple(found)


def _feed(extract: Extract, table: Table, points: Points) -> Feed | None:
    """The best assignment of an extract's columns to a table's; None where something required has none."""
    scores = {
        (ours.name, column.name): _score(table, ours, column, points.get((extract.silo, column.name)))
        for ours in table.columns
        for column in extract.columns
    }
    matches: dict[str, Match] = {}
    taken: set[str] = set()
    required = {ours.name for ours in table.columns if ours.required}
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0][0] not in required, item[0]))
    for (name, column), score in ranked:
        if score >= COLUMN_MIN and name not in matches and column not in taken:
            found = extract.column(column)
            matches[name] = Match(ours=table.by_name[name], column=found, score=round(score, 3))
            taken.add(column)
    key = next((one for one in extract.columns if one.unique and one.is_code and one.name not in taken), None)
    if len(table.key) == 1 and table.key[0] not in matches and key is not None:
        matches[table.key[0]] = Match(ours=table.by_name[table.key[0]], column=key, score=COLUMN_MIN)
        taken.add(key.name)
    for ours in table.columns:
        assumed = ASSUMED.get(f"{table.name}.{ours.name}")
        if ours.name not in matches and ours.required and assumed is not None:
            assumed = _by_file(table, ours, extract, assumed)
            matches[ours.name] = Match(ours=ours, column=None, score=0.0, assumed=assumed)
    if not required <= matches.keys() or not taken:
        return None
    weights = {ours.name: 3.0 if ours.required else 1.0 for ours in table.columns}
    said = sum(weights[name] * match.score for name, match in matches.items()) / sum(weights.values())
    used = len(taken) / max(1, len(extract.columns))
    score = 0.4 * said + 0.25 * used + 0.35 * file_likeness(extract.file, table.name)
    ordered = tuple(matches[ours.name] for ours in table.columns if ours.name in matches)
    return Feed(table=table, extract=extract, matches=ordered, score=round(score, 3))


def _strong(feed: Feed) -> bool:
    """Whether a wide file, of which few columns are ours, says enough by them: three surely, or two and all it must."""
    sure = [match for match in feed.matches if match.column is not None and match.score >= SURE]
    must = [match for match in feed.matches if match.ours.required]
    return len(sure) >= 3 or (len(sure) == 2 and all(match in sure for match in must))


def _adds(feed: Feed, chosen: list[Feed]) -> bool:
    """Whether a further table is fed by columns that no chosen one takes, and that say what they are."""
    taken = {match.column.name for one in chosen for match in one.matches if match.column is not None}
    own = [
        match.ours.name for match in feed.matches
        if match.column is not None and match.column.name not in taken and match.score >= SURE
    ]  # fmt: skip
    return len(own) >= 3 or (feed.table.name == "line_offer" and "offer_id" in own)


def _score(table: Table, ours: Ours, column: Column, points_at: str | None) -> float:
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
            return 1.0 if pattern == "date" and (column.format == "%Y-%m" or column.distinct <= 60) else 0.0
        return {"date": 1.0, "moment": 0.7}.get(pattern, 0.0) if column.format != "%Y-%m" else 0.0
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


def _by_file(table: Table, ours: Ours, extract: Extract, assumed: str) -> str:
    """Of prepaid silos a line is prepaid."""
    prepaid = "prepa" in plain(extract.file)
    return "mobile_prepaid" if f"{table.name}.{ours.name}" == "line.kind" and prepaid else assumed
