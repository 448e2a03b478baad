"""Is this feature query one that we can run? Reads the text of a `.sql` file; returns a query, or what is wrong.

A query is one SELECT over the canonical tables with `:as_of`, the day for which it is asked. It knows no clock
and no chance, so that the same tables give the same numbers, today and at any day in the past.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import ParseError, TokenError

from hogar.errors import Place, Problem, did_you_mean
from hogar.features.refused import refused

PARAMETERS = ("as_of",)
_CLOCK = {
    "now", "today", "get_current_time", "get_current_timestamp", "current_localtime", "current_localtimestamp",
    "transaction_timestamp",
}  # fmt: skip
_CHANCE = {"random", "setseed", "uuid", "gen_random_uuid", "uuidv4", "uuidv7"}
_CLOCK_NODES = (exp.CurrentDate, exp.CurrentTime, exp.CurrentTimestamp, exp.CurrentDatetime)
_CHANCE_NODES = (exp.Rand, exp.Uuid)


@dataclass(frozen=True, kw_only=True)
class Query:
    """One query: `text` as DuckDB runs it (with `$as_of`), its output columns, the parameters it names."""

    text: str
    columns: tuple[str, ...]
    parameters: tuple[str, ...]


def read_query(
    file: str, text: str, parameters: tuple[str, ...] = PARAMETERS
) -> tuple[Query | None, list[Problem]]:
    """The query in `text`, or None and every problem found, with its place in `file`."""
    try:
        statements = [
            statement for statement in sqlglot.parse(text, dialect="duckdb") if statement is not None
        ]
    except ParseError as error:
        return None, _syntax(file, _bind(text, parameters)[0], error)
    except TokenError as error:
        return None, [Problem(place=Place(file=file), what=f"is not SQL: {str(error).splitlines()[0]}")]
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        return None, [Problem(place=Place(file=file), what="must be one SELECT and nothing else")]
    statement = statements[0]
    problems = [*_forbidden(file, statement), *_columns(file, statement)]
    bound, used, unknown = _bind(text, parameters)
    for name, place in unknown:
        cure = did_you_mean(name, parameters) or f"there is `:{parameters[0]}`"
        problems.append(
            Problem(
                place=Place(file=file, line=place[0], column=place[1]),
                what=f"`:{name}` is not given",
                cure=cure,
            )
        )
    return Query(text=bound, columns=tuple(statement.named_selects), parameters=used), problems


def _bind(
    text: str, parameters: tuple[str, ...]
) -> tuple[str, tuple[str, ...], list[tuple[str, tuple[int, int]]]]:
    """`:as_of` as `$as_of`, the spelling of DuckDB's prepared statements; strings and comments stay as they are."""
    tokens = DuckDB().tokenize(text)
    used: set[str] = set()
    unknown: list[tuple[str, tuple[int, int]]] = []
    pieces, done = [], 0
    for before, colon, word in zip([None, *tokens], tokens, tokens[1:], strict=False):
        if colon.text != ":" or word.start != colon.end + 1 or not word.text.isidentifier():
            continue
        if before is not None and before.end + 1 == colon.start and before.text != "(":
            continue  # `{key:value}` and `list[a:b]`: a colon between two things is no parameter
        if word.text in parameters:
            used.add(word.text)
            pieces += [text[done : colon.start], "$"]
            done = colon.end + 1
        else:
            unknown.append((word.text, (colon.line, max(1, colon.col))))
    return "".join([*pieces, text[done:]]), tuple(sorted(used)), unknown


def _forbidden(file: str, statement: exp.Query) -> list[Problem]:
    """Functions whose answer depends on when, or on chance."""
    problems = []
    for node in statement.find_all(exp.Func):
        name = node.name.lower() if isinstance(node, exp.Anonymous) else ""
        place = Place(file=file, line=node.meta.get("line", 1), column=node.meta.get("start_col", 1))
        if isinstance(node, _CLOCK_NODES) or name in _CLOCK:
            problems.append(
                Problem(
                    place=place,
                    what="asks for the time of day",
                    cure="write `:as_of`, the day that is asked for",
                )
            )
        elif isinstance(node, _CHANCE_NODES) or name in _CHANCE:
            problems.append(
                Problem(place=place, what="draws by chance", cure="features must come out the same again")
            )
    return problems


def _columns(file: str, statement: exp.Query) -> list[Problem]:
    """Every output column has a name of its own, and the first is `id`."""
    names = list(statement.named_selects)
    place = Place(file=file)
    if "*" in names or "" in names:
        return [
            Problem(place=place, what="has a column without a name", cure="name every column: `... AS name`")
        ]
    problems = [
        Problem(place=place, what=f"gives the column `{name}` twice")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    if names[0] != "id":
        problems.append(
            Problem(place=place, what=f"gives `{names[0]}` first", cure="the first column is `id`")
        )
    return problems


def _syntax(file: str, text: str, error: ParseError) -> list[Problem]:
    """What DuckDB has against the text, which is what it will run; the parser's own words where it has nothing."""
    try:
        duckdb.extract_statements(text)
    except duckdb.Error as refusal:
        return [refused(file, text, refusal)]
    return [_unread(file, part) for part in error.errors]


def _unread(file: str, part: dict[str, object]) -> Problem:
    line, column = part.get("line"), part.get("col")
    said = str(part.get("description") or "it cannot be parsed").split(" <Token")[0]
    place = Place(
        file=file,
        line=line if isinstance(line, int) else 1,
        column=max(1, column) if isinstance(column, int) else 1,
    )
    return Problem(place=place, what=f"is not SQL: {said}")
