"""How does a draft of a source read? One SELECT a file, as an author would write it, doubts marked by `-- CHECK:`.

Takes feeds and references; returns the text of `sources/<table>.sql`. Expressions come from a syntax tree; only the
lines and their comments are laid out here. Before: `match`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb
from sqlglot import exp

from hogar.build.drafting.match import ASSUMED, SURE, Feed, Match
from hogar.build.drafting.profile import Column, Reference
from hogar.build.drafting.spelling import one_line
from hogar.build.drafting.values import hashed, mapped, number, when
from hogar.build.drafting.words import plain, values_of

# Ids of these are shared by files: a prefix says from which silo, and it must be the same everywhere.
_SPACES: Mapping[str, str] = {"party_id": "person", "line_id": "line", "account_id": "account"}
_BARE = ("offer_id", "other_offer_id", "place_id", "device_id", "national_id")
HASHED = ("person.email_hash", "account.payment_token", "top_up.payment_token", "device_use.device_id")
"""Columns that hold a hash: nothing gets into them as it lies there."""
LINE_MAX, LEFT_MAX = 150, 40
HEADERLESS = "no first line of names was found, so columns are called by their place"
_NOTES: Mapping[str, str] = {
    "tie_month": "line_id is to hold the smaller id of the two; turn columns with it that count one direction",
}


@dataclass(frozen=True, kw_only=True)
class Space:
    """Where ids of one kind come from: the key of an extract, and the prefix that they get."""

    silo: str
    column: str
    prefix: str
    letters: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """The text of one source, and what in it wants a person's eye."""

    table: str
    text: str
    files: tuple[str, ...]
    checks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Ids:
    """The spaces of ids by kind, and which columns point into them."""

    spaces: Mapping[str, Sequence[Space]]
    references: Sequence[Reference]
    reserved: frozenset[str] = field(default_factory=frozenset)


def sources_of(feeds: Sequence[Feed], references: Sequence[Reference]) -> tuple[Drafted, ...]:
    """A source for each table that some extract feeds."""
    with duckdb.connect() as con:
        words = con.execute(
            "select keyword_name from duckdb_keywords() where keyword_category = 'reserved'"
        ).fetchall()
    ids = _Ids(
        spaces={kind: _spaces(feeds, kind, table) for kind, table in _SPACES.items()}, references=references,
        reserved=frozenset(word for (word,) in words),
    )  # fmt: skip
    by_table: dict[str, list[Feed]] = {}
    for feed in feeds:
        by_table.setdefault(feed.table.name, []).append(feed)
    return tuple(_source(table, fed, ids) for table, fed in sorted(by_table.items()))


def _spaces(feeds: Iterable[Feed], kind: str, table: str) -> list[Space]:
    found: list[Space] = []
    for feed in feeds:
        match = next(
            (one for one in feed.matches if one.ours.name == kind and feed.table.name == table), None
        )
        if match is not None and match.column is not None:
            prefix = plain(feed.extract.file.split("/")[0].split(".")[0]).replace(" ", "_")
            taken = {space.prefix for space in found}
            prefix = prefix if prefix not in taken else feed.extract.silo
            found.append(
                Space(
                    silo=feed.extract.silo,
                    column=match.column.name,
                    prefix=f"{prefix}:",
                    letters=match.column.letters,
                )
            )
    return found


def _source(table: str, feeds: Sequence[Feed], ids: _Ids) -> Drafted:
    wanted = [
        column.name for column in feeds[0].table.columns
        if any(match.ours.name == column.name for feed in feeds for match in feed.matches)
    ]  # fmt: skip
    checks: list[str] = []
    parts = [_select(feed, wanted, number == 0, ids, checks) for number, feed in enumerate(feeds)]
    files = tuple(one_line(feed.extract.file) for feed in feeds)
    head = [
        f"-- Draft of {table}: {feeds[0].table.help}.",
        "-- Look at each CHECK, then take the marks away.",
    ]
    for doubt in [one_line(feed.doubt) for feed in feeds if feed.doubt]:
        checks.append(f"{table}: {doubt}")
        head.append(f"-- CHECK: {doubt}")
    if table in _NOTES:
        checks.append(f"{table}: {_NOTES[table]}")
        head.append(f"-- CHECK: {_NOTES[table]}")
    return Drafted(
        table=table, files=files, checks=tuple(checks),
        text="\n".join([*head, "\n\nUNION ALL\n\n".join(parts)]) + "\n",
    )  # fmt: skip


def _select(feed: Feed, wanted: Sequence[str], named: bool, ids: _Ids, checks: list[str]) -> str:
    """One SELECT; the first of a union names the columns."""
    by_name = {match.ours.name: match for match in feed.matches}
    file = one_line(feed.extract.file)
    lines = [f"-- from {file}"]
    if not feed.extract.settings.header:
        checks.append(f"{feed.table.name}, {file}: {HEADERLESS}")
        lines.append(f"-- CHECK: {HEADERLESS}")
    lines.append("SELECT")
    for name in wanted:
        match = by_name.get(name)
        node, doubt = _absent(feed, name) if match is None else _expression(feed, match, ids)
        if doubt:
            doubt = one_line(doubt)
            checks.append(f"{feed.table.name}.{name}, {file}: {doubt}")
            lines.append(f"    -- CHECK: {doubt}")
        sql = node.sql("duckdb")
        if len(sql) > LINE_MAX and "\n" not in sql:  # a name with a line end stays as it is
            sql = node.sql("duckdb", pretty=True).replace("\n", "\n    ")
        lines.append(f"    {sql}{f' AS {_name(name, ids)}' if named and sql != name else ''},")
    used = {match.column.name for match in feed.matches if match.column is not None}
    left = [one_line(column.name) for column in feed.extract.columns if column.name not in used]
    more = [f"and {len(left) - LEFT_MAX} more"] if len(left) > LEFT_MAX else []
    lines.append("    _file, _row")
    lines += [f"    -- not used here: {', '.join([*left[:LEFT_MAX], *more])}"] if left else []
    lines.append(f"FROM {exp.to_table(feed.extract.silo, quoted=_odd(feed.extract.silo, ids)).sql('duckdb')}")
    return "\n".join(lines)


def _absent(feed: Feed, name: str) -> tuple[exp.Expr, str]:
    """What a SELECT of a union gives for a column that only others have: NULL, or what is assumed."""
    assumed = ASSUMED.get(f"{feed.table.name}.{name}")
    return (exp.null(), "") if assumed is None else _assumed(assumed)


def _assumed(value: str) -> tuple[exp.Expr, str]:
    return exp.Literal.string(value), f"no column says it; every row gets '{value}'"


def _expression(feed: Feed, match: Match, ids: _Ids) -> tuple[exp.Expr, str]:
    """The value of one of our columns, and what is doubtful about it."""
    if match.column is None:
        return _assumed(match.assumed)
    column = match.column
    node = exp.column(column.name, quoted=_odd(column.name, ids))
    doubt = "" if match.score >= SURE else f"`{column.name}` is a guess ({match.score:.2f})"
    name = f"{feed.table.name}.{match.ours.name}"
    if name in HASHED:
        found, unsure = hashed(column, node)
        return found, "; ".join(filter(None, (doubt, unsure)))
    if match.ours.name.endswith("_id") and match.ours.name not in _BARE:
        found, unsure = _id(feed, match, column, node, ids)
        return found, "; ".join(filter(None, (doubt, unsure)))
    if match.ours.type == "boolean" or values_of(name):
        found, unsure = mapped(name, match, column, node)
        return found, "; ".join(filter(None, (doubt, unsure)))
    if match.ours.type in ("date", "timestamp"):
        return when(match, column, node), doubt
    if match.ours.type in ("integer", "double"):
        return number(match, column, node), doubt
    return node, doubt


def _id(feed: Feed, match: Match, column: Column, node: exp.Column, ids: _Ids) -> tuple[exp.Expr, str]:
    kind = next((kind for kind in _SPACES if match.ours.name.endswith(kind)), None)
    spaces = ids.spaces[kind] if kind is not None else ()
    own = [one for one in spaces if (one.silo, one.column) == (feed.extract.silo, column.name)]
    if not spaces and kind is not None:
        table = _SPACES[kind]
        return _prefixed(f"{table}:", node), (
            f"no extract holds the key of {table}; ids in `{column.name}` are taken for those of all other files"
        )
    if not spaces:
        prefix = plain(feed.extract.file.split("/")[0].split(".")[0]).replace(" ", "_")
        return _prefixed(f"{prefix}:", node), ""
    if own:
        return _prefixed(own[0].prefix, node), ""
    shares = {
        (one.other_silo, one.other_column): one.share for one in ids.references
        if (one.silo, one.column) == (feed.extract.silo, column.name)
    }  # fmt: skip
    met = [one for one in spaces if shares.get((one.silo, one.column), 0.0) > 0]
    best = max(met, key=lambda one: shares.get((one.silo, one.column), 0.0), default=None)
    if best is not None and (
        (len(met) == 1 and len(spaces) == 1) or shares.get((best.silo, best.column), 0) >= 0.999
    ):
        return _prefixed(best.prefix, node), ""
    return _by_letter(column, node, spaces, best)


def _by_letter(
    column: Column, node: exp.Column, spaces: Sequence[Space], best: Space | None
) -> tuple[exp.Expr, str]:
    """The prefix by an id's first letter, where each silo's ids have their own."""
    letters = [letter for one in spaces for letter in one.letters]
    apart = all(one.letters for one in spaces) and len(letters) == len(set(letters))
    if not apart:
        chosen = best or spaces[0]
        why = "ids of several silos look alike" if len(spaces) > 1 else "few of its ids are known there"
        return _prefixed(chosen.prefix, node), f"{why}; taken for those of {chosen.silo}"
    first = exp.Left(this=node.copy(), expression=exp.Literal.number(1))
    case = exp.Case(this=first)
    for one in spaces:
        for letter in sorted(one.letters):
            case = case.when(exp.Literal.string(letter), exp.Literal.string(one.prefix))
    foreign = column.letters - set(letters)
    case = case.else_(exp.Literal.string("other:"))
    unsure = "some ids begin like those of no silo" if foreign else ""
    if best is None and len(spaces) == 1:  # of several silos each has its own letters here
        unsure = f"few of its ids are known to {spaces[0].silo}"
    return exp.DPipe(this=case, expression=node), unsure


def _prefixed(prefix: str, node: exp.Column) -> exp.Expr:
    return exp.DPipe(this=exp.Literal.string(prefix), expression=node)


def _odd(name: str, ids: _Ids) -> bool:
    """Whether a name must be quoted in SQL."""
    return re.fullmatch(r"[a-z_][a-z0-9_]*", name) is None or name in ids.reserved


def _name(name: str, ids: _Ids) -> str:
    return f'"{name}"' if _odd(name, ids) else name
