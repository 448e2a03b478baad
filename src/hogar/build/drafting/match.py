"""Which canonical table does each extract feed, and by which columns? Names, patterns and values, weighed.

Takes profiles; returns proposals with a score each. Nothing is certain: what scores low is drafted with a mark that a
person checks it. Before: `profile`. After: `sql`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hogar.build.drafting.fit import KEYS, score_of
from hogar.build.drafting.profile import Column, Extract, Reference
from hogar.build.drafting.words import column_likeness, file_likeness, plain
from hogar.telco.tables import TABLES, Table
from hogar.telco.tables import Column as Ours

SURE = 0.75
"""A match that scores less is marked for checking."""
COLUMN_MIN, TABLE_MIN = 0.45, 0.55
CLEAR = 0.65
"""A table that scores less is drafted with a mark at its head, as a whole a guess."""
NEAREST_MAX = 3
EVIDENCE = ("declaration", "device_use", "place_month", "place_night", "selfcare_login", "tie_month")
"""Tables that say who lives with whom: a wrong one makes homes that are none, so that a guess is not drafted."""
POINTS_MIN = 0.9
Points = Mapping[tuple[str, str], str]
# Where no column says it, this is drafted, marked for checking.
ASSUMED: Mapping[str, str] = {
    "address.kind": "home", "consent.channel": "any", "offer.on_sale": "true", "bill.overage_cents": "0",
    "contact.message_class": "marketing", "ticket.kind": "complaint", "order.state": "done", "usage_day.voice_min": "0",
    "usage_day.data_mb": "0", "person.kind": "person", "offer_price.kind": "monthly", "line.kind": "mobile_postpaid",
}  # fmt: skip
# Where no column is called so: what else may stand for it, marked for checking.
_INSTEAD: Mapping[str, str] = {"bill.account_id": "person.party_id"}


@dataclass(frozen=True, kw_only=True)
class Match:
    """A silo's column for one of ours, and how sure it is; `column` None: nothing says it, and `assumed` is drafted."""

    ours: Ours
    column: Column | None
    score: float
    assumed: str = ""


@dataclass(frozen=True, kw_only=True)
class Feed:
    """An extract that feeds a canonical table, by these columns; `doubt` where the whole of it is a guess."""

    table: Table
    extract: Extract
    matches: tuple[Match, ...]
    score: float
    doubt: str = ""


@dataclass(frozen=True, kw_only=True)
class Near:
    """A table that an unused extract comes near to, and the columns that it would have to have for it."""

    table: str
    score: float
    lacks: tuple[str, ...]


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
        best = next((feed for feed in possible if _enough(feed)), None)
        if best is not None:
            chosen = [replace(best, doubt=_doubt(best, possible))]
            for feed in possible:
                if feed is not best and _adds(feed, chosen):
                    chosen.append(feed)
            found += chosen
    return tuple(found)


def _enough(feed: Feed) -> bool:
    """Whether a table is drafted at all: one that is evidence of who lives together only where it is clear."""
    if feed.table.name in EVIDENCE:
        return feed.score >= CLEAR
    return feed.score >= TABLE_MIN or _strong(feed)


def _doubt(best: Feed, possible: Sequence[Feed]) -> str:
    if best.score >= CLEAR:
        return ""
    others = [f"{one.table.name} ({one.score:.2f})" for one in possible if one is not best][:NEAREST_MAX]
    said = f"that {best.extract.file} is {best.table.name} is a guess ({best.score:.2f})"
    return said + (f"; it may be {', '.join(others)} as well" if others else "; it may be none of our tables")


def nearest(extract: Extract) -> tuple[Near, ...]:
    """The tables that an extract which feeds none comes nearest to, and what each lacks."""
    found = []
    for table in TABLES:
        matches, taken = _matches(extract, table, {})
        if taken:
            lacks = tuple(one.name for one in table.columns if one.required and one.name not in matches)
            found.append(Near(table=table.name, score=_weighed(extract, table, matches, taken), lacks=lacks))
    return tuple(sorted(found, key=lambda one: (-one.score, one.table))[:NEAREST_MAX])


def _feed(extract: Extract, table: Table, points: Points) -> Feed | None:
    """The best assignment of an extract's columns to a table's; None where something required has none."""
    matches, taken = _matches(extract, table, points)
    if not taken or any(ours.required and ours.name not in matches for ours in table.columns):
        return None
    ordered = tuple(matches[ours.name] for ours in table.columns if ours.name in matches)
    score = _weighed(extract, table, matches, taken)
    return Feed(table=table, extract=extract, matches=ordered, score=score)


def _matches(extract: Extract, table: Table, points: Points) -> tuple[dict[str, Match], set[str]]:
    """Which column is which of ours, and which columns are taken by that."""
    scores = {
        (ours.name, column.name): score_of(table, ours, column, points.get((extract.silo, column.name)))
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
        other = _INSTEAD.get(f"{table.name}.{ours.name}")
        if other is not None and ours.name not in matches:
            stand_in = next(
                (one for one in extract.columns
                 if one.name not in taken and one.is_code and column_likeness(one.name, other) >= SURE), None,
            )  # fmt: skip
            if stand_in is not None:
                matches[ours.name] = Match(ours=ours, column=stand_in, score=COLUMN_MIN)
                taken.add(stand_in.name)
        assumed = ASSUMED.get(f"{table.name}.{ours.name}")
        if ours.name not in matches and ours.required and assumed is not None:
            assumed = _by_file(table, ours, extract, assumed)
            matches[ours.name] = Match(ours=ours, column=None, score=0.0, assumed=assumed)
    return matches, taken


def _weighed(extract: Extract, table: Table, matches: Mapping[str, Match], taken: set[str]) -> float:
    """How well a table fits as a whole: what its columns say, how many of the file's are used, the file's name."""
    weights = {ours.name: 3.0 if ours.required else 1.0 for ours in table.columns}
    said = sum(weights[name] * match.score for name, match in matches.items()) / sum(weights.values())
    used = len(taken) / max(1, len(extract.columns))
    return round(0.4 * said + 0.25 * used + 0.35 * file_likeness(extract.file, table.name), 3)


def _strong(feed: Feed) -> bool:
    """Whether a wide file, of which few columns are ours, says enough by them: three surely, or two and all it must."""
    sure = [match for match in feed.matches if match.column is not None and match.score >= SURE]
    must = [match for match in feed.matches if match.ours.required]
    return len(sure) >= 3 or (len(sure) == 2 and all(match in sure for match in must))


def _adds(feed: Feed, chosen: list[Feed]) -> bool:
    """Whether a further table is fed by columns that no chosen one takes, and that say what they are."""
    if feed.table.name in EVIDENCE and feed.score < CLEAR:
        return False
    taken = {match.column.name for one in chosen for match in one.matches if match.column is not None}
    own = [
        match.ours.name for match in feed.matches
        if match.column is not None and match.column.name not in taken and match.score >= SURE
    ]  # fmt: skip
    return len(own) >= 3 or (feed.table.name == "line_offer" and "offer_id" in own)


def _by_file(table: Table, ours: Ours, extract: Extract, assumed: str) -> str:
    """Of prepaid silos a line is prepaid."""
    prepaid = "prepa" in plain(extract.file)
    return "mobile_prepaid" if f"{table.name}.{ours.name}" == "line.kind" and prepaid else assumed
