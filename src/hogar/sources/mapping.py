"""Do the sources fit? Each `sources/*.sql` is one SELECT for the canonical table that its file is named
after.

Reads the project's texts; gives parsed sources and problems, each at its line and column. Before: nothing, or
`staging`, whose columns it compares with. After: `ingest` runs the SELECTs as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import sqlglot
from sqlglot import exp

from hogar.errors import Place, Problem, did_you_mean
from hogar.stores.warehouse import connect
from hogar.telco.tables import BY_NAME, Table

_UNSTEADY = (
    exp.CurrentDate,
    exp.CurrentTimestamp,
    exp.CurrentTime,
    exp.Localtimestamp,
    exp.Localtime,
    exp.Rand,
    exp.Uuid,
)
_TABLE_FUNCTIONS = frozenset({"unnest", "range", "generate_series"})
_UNSTEADY_NAMES = frozenset({"now", "get_current_timestamp", "transaction_timestamp", "nextval"})


@dataclass(frozen=True, kw_only=True)
class Source:
    """One mapping: the canonical table it fills, its file (relative to the project), its text and its tree."""

    table: Table
    file: str
    text: str
    tree: exp.Query

    def place(self, node: exp.Expr | None) -> Place:
        """Where in the file the node begins; the file's first character where the parser kept no mark."""
        parts = node.walk() if node is not None else ()
        return self.at(min((part.meta["start"] for part in parts if "start" in part.meta), default=0))

    def at(self, offset: int) -> Place:
        """The place of a character of the text, counted from 0."""
        before = self.text[:offset]
        return Place(
            file=self.file, line=before.count("\n") + 1, column=offset - (before.rfind("\n") + 1) + 1
        )


def check_sources(project: Path) -> list[Problem]:
    """Every problem in `sources/*.sql` that shows without data, sorted; an empty list when all is well.

    Each file is one SELECT in DuckDB's SQL that gives the same rows on every run, is named after a canonical
    table, gives columns of that table, the required ones among them, and passes `_file` and `_row` on.
    """
    sources, problems = load_sources(project)
    for source in sources:
        if not source.tree.is_star:
            problems.extend(output_problems(source, source.tree.named_selects))
    return sorted(set(problems))


def load_sources(project: Path) -> tuple[list[Source], list[Problem]]:
    """The sources that may run, by file name, and the problems of all."""
    sources: list[Source] = []
    problems: list[Problem] = []
    paths = sorted((project / "sources").glob("*.sql"))
    if not paths:
        cure = "write one SELECT for each canonical table, for example sources/person.sql"
        problems.append(Problem(place=Place(file="sources"), what="there is no source", cure=cure))
    with connect(threads=1) as con:
        for path in paths:
            found = _load(con, path)
            if isinstance(found, Problem):
                problems.append(found)
                continue
            past = list(_unstaged(found))
            problems.extend([*past, *_unsteady(found)])
            if not past:
                sources.append(found)
    return sources, problems


def reads(source: Source) -> Iterator[tuple[str, Place]]:
    """The staged tables that a source reads, in lower case, each with its place; its own WITH names left out."""
    own = {cte.alias.lower() for cte in source.tree.find_all(exp.CTE)}
    for table in source.tree.find_all(exp.Table):
        if isinstance(table.this, exp.Identifier) and table.name.lower() not in own:
            yield table.name.lower(), source.place(table.this)


def output_problems(source: Source, columns: Sequence[str]) -> Iterator[Problem]:
    """What is wrong with the columns that a source gives: unknown, given twice, or missing."""
    known = [column.name for column in source.table.columns]
    given: set[str] = set()
    for number, name in enumerate(columns):
        place = source.place(_projection(source.tree, number))
        if name.lower() not in (*known, "_file", "_row"):
            yield Problem(
                place=place,
                what=f"`{name}` is not a column of {source.table.name}",
                cure=did_you_mean(name, known) or "see docs/sources.md",
            )
        if name.lower() in given:
            yield Problem(place=place, what=f"column `{name}` is given twice", cure="name each column once")
        given.add(name.lower())
    for column in source.table.columns:
        if column.required and column.name not in given:
            what = f"{source.table.name} needs `{column.name}` ({column.help})"
            yield Problem(place=source.at(0), what=what, cure=f"add a column `... as {column.name}`")
    for name in ("_file", "_row"):
        if name not in given:
            what = f"`{name}` is not passed on, so that no row could be traced to its file"
            yield Problem(place=source.at(0), what=what, cure=f"add `{name}` to the SELECT")


def _load(con: duckdb.DuckDBPyConnection, path: Path) -> Source | Problem:
    file = f"sources/{path.name}"
    start = Place(file=file)
    table = BY_NAME.get(path.stem)
    if table is None:
        cure = did_you_mean(path.stem, list(BY_NAME)) or "docs/sources.md names them"
        return Problem(place=start, what=f"`{path.stem}` is not a canonical table", cure=cure)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return Problem(place=start, what="the file is not UTF-8", cure="save it as UTF-8")
    one = "a source is one SELECT"
    try:
        trees = [tree for tree in sqlglot.parse(text, dialect="duckdb") if tree is not None]
        if len(trees) != 1 or not isinstance(trees[0], exp.Query):
            return Problem(place=start, what=one, cure="write each table's SELECT into a file of its own")
        con.extract_statements(text)
    except sqlglot.errors.ParseError as error:
        first = error.errors[0]
        place = Place(file=file, line=first.get("line") or 1, column=first.get("col") or 1)
        return Problem(place=place, what=f"this is not SQL: {first.get('description')}", cure=one)
    except sqlglot.errors.SqlglotError:
        return Problem(place=start, what="this is not SQL", cure="look for a quote that is not closed")
    except duckdb.Error as error:
        line, column, what = parse_position(str(error))
        return Problem(place=Place(file=file, line=line, column=column), what=what, cure=one)
    return Source(table=table, file=file, text=text, tree=trees[0])


def parse_position(message: str) -> tuple[int, int, str]:
    """Line, column and first line of a DuckDB message that marks a place by `LINE n:` and a caret below."""
    what = message.splitlines()[0].rstrip("!")
    marked = re.search(r"LINE (\d+): [^\n]*\n( *)\^", message)
    if marked is None:
        return 1, 1, what
    indent = len(f"LINE {marked[1]}: ")
    return int(marked[1]), max(1, len(marked[2]) - indent + 1), what


def _unsteady(source: Source) -> Iterator[Problem]:
    for node in source.tree.find_all(*_UNSTEADY, exp.Anonymous):
        name = node.name if isinstance(node, exp.Anonymous) else node.sql("duckdb").split("(")[0]
        if isinstance(node, exp.Anonymous) and name.lower() not in _UNSTEADY_NAMES:
            continue
        found = re.search(rf"\b{re.escape(name)}\b", source.text, re.IGNORECASE)
        yield Problem(
            place=source.at(found.start() if found else 0),
            what=f"`{name.lower()}` gives another value on every run",
            cure="take dates from the silo; ingesting the same files again must give the same rows",
        )


def _unstaged(source: Source) -> Iterator[Problem]:
    for table in source.tree.find_all(exp.Table):
        if isinstance(table.this, exp.Func) and table.this.sql_name().lower() not in _TABLE_FUNCTIONS:
            name = table.this.name if isinstance(table.this, exp.Anonymous) else table.this.sql_name()
            if name.lower() not in _TABLE_FUNCTIONS:
                yield Problem(
                    place=source.place(table),
                    what=f"`{name.lower()}` reads past the staged tables: its rows would not be counted",
                    cure="put the file into the data folder and read its staged table",
                )


def _projection(tree: exp.Query, number: int) -> exp.Expr | None:
    """What names the output column of this number; None where a star makes that unknown."""
    if tree.is_star or number >= len(tree.selects):
        return None
    node = tree.selects[number]
    named = node.args.get("alias") if isinstance(node, exp.Alias) else None
    return named if isinstance(named, exp.Expr) else node
