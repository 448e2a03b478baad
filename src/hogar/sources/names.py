"""Does a source name columns that its silos have? Every unknown name at once, each at its place.

Takes a source and the staged tables' columns; gives problems. It says only what it is sure of: DuckDB's own
binder, which stops at the first, is asked after it. Before: `staging`. After: `ingest`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import Scope, traverse_scope

from hogar.errors import Problem, did_you_mean
from hogar.sources.mapping import Source


def unknown_columns(source: Source, staged: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    """Each column that none of the tables in its scope has."""
    try:
        scopes = traverse_scope(source.tree)
    except SqlglotError:
        return
    for scope in scopes:
        if not isinstance(scope.expression, exp.Select):
            continue
        for column in scope.columns:
            if column.parent_select is scope.expression and isinstance(column.this, exp.Identifier):
                known = _known(column, scope, staged)
                if known is not None and column.name.lower() not in {name.lower() for name in known}:
                    yield _unknown(source, column, known)


def _unknown(source: Source, column: exp.Column, known: Sequence[str]) -> Problem:
    names = [name for name in dict.fromkeys(known) if name != "rowid" and not name.startswith("_")]
    listed = ", ".join(f"`{name}`" for name in names[:12])
    return Problem(
        place=source.place(column.this),
        what=f"no silo that is read here has a column `{column.name}`",
        cure=did_you_mean(column.name, names) or f"there is {listed}, ...",
    )


def _known(column: exp.Column, scope: Scope, staged: Mapping[str, Sequence[str]]) -> list[str] | None:
    """The names that the column may mean; None where that cannot be told."""
    if column.find_ancestor(exp.Lambda):
        return None
    if column.table:
        sources = {name.lower(): source for name, source in scope.sources.items()}
        return _columns(sources.get(column.table.lower()), staged)
    selects = scope.expression.selects if isinstance(scope.expression, exp.Select) else []
    known = [node.alias for node in selects if isinstance(node, exp.Alias)]
    around: Scope | None = scope
    while around is not None:
        if isinstance(around.expression, exp.Select) and not _plain(around):
            return None
        for _, source in around.selected_sources.values():
            columns = _columns(source, staged)
            if columns is None:
                return None
            known.extend(columns)
        around = around.parent
    return known


def _plain(scope: Scope) -> bool:
    """Every table in FROM and JOIN is one that the scope knows by name."""
    select = scope.expression
    joins = select.args.get("joins") or []
    first = select.args.get("from_") or select.args.get("from")
    read = [first, *joins] if first is not None else [*joins]
    named = all(isinstance(node.this, (exp.Table, exp.Subquery)) for node in read)
    return named and not select.args.get("laterals") and len(scope.selected_sources) == len(read)


def _columns(source: object, staged: Mapping[str, Sequence[str]]) -> list[str] | None:
    if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier):
        columns = staged.get(source.name.lower())
        return None if columns is None else [*columns, "_file", "_row", "rowid"]
    if isinstance(source, Scope) and isinstance(source.expression, exp.Query):
        names = source.expression.named_selects
        renamed = isinstance(source.expression.parent, (exp.CTE, exp.Subquery)) and bool(
            source.expression.parent.alias_column_names
        )
        return None if "*" in names or "" in names or renamed else list(names)
    return None
