"""Which columns is a query's answer made of? A tree of SQL over known tables in, the origin of each column out.

A query over traced tables is a traced table itself, so lineage goes through CTEs, unions, views and one project
file after another. Reads nothing and runs nothing. Used by `features` (to canonical tables) and `sources` (to silos).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

Origins = frozenset[tuple[str, str]]
"""Table and column, for each column of a table that is not made of others."""

NOTHING: Origins = frozenset()


@dataclass(frozen=True, kw_only=True)
class Traced:
    """A table as it is made: `columns` gives what is behind each column, `rows` what decides which rows there are.

    Not `closed`: the table may have columns that nobody named, each its own origin (a silo that was not looked at).
    `empty`: under what was assumed it has no row.
    """

    columns: Mapping[str, Origins]
    rows: Origins = NOTHING
    closed: bool = True
    empty: bool = False
    name: str = ""

    def origins(self, column: str) -> Origins | None:
        """What is behind a column; None where the table has none of this name."""
        found = self.columns.get(column.lower())
        return found if found is not None or self.closed else frozenset({(self.name, column.lower())})

    @property
    def all(self) -> Origins:
        """Everything behind it."""
        return self.rows.union(*self.columns.values())


@dataclass(frozen=True, kw_only=True)
class Assumed:
    """What is taken for granted, so that parts of a query that cannot apply are left out.

    `values`: an original column has this text. `literals`: an output column has this text.
    """

    values: Mapping[tuple[str, str], str] = field(default_factory=dict)
    literals: Mapping[str, str] = field(default_factory=dict)


def table(name: str, columns: tuple[str, ...] | None) -> Traced:
    """A table whose columns are their own origins; None: its columns are not known."""
    known = {column.lower(): frozenset({(name, column.lower())}) for column in columns or ()}
    return Traced(columns=known, name=name, closed=columns is not None)


def trace(query: exp.Query, tables: Mapping[str, Traced], assumed: Assumed | None = None) -> Traced:
    """The lineage of a query's columns and rows. A table that `tables` does not name has no origins.

    A column that is joined from the left brings the columns of its ON; rows bring the columns of FROM, inner joins,
    WHERE, GROUP BY, HAVING and QUALIFY.
    """
    return _Tracer(assumed or Assumed()).query(
        query, {name.lower(): one for name, one in tables.items()}, None
    )


@dataclass(kw_only=True)
class _Source:
    """One table of a FROM or JOIN: `brought` comes with each column that is used of it."""

    alias: str
    traced: Traced
    brought: Origins = NOTHING

    def origins(self, column: str) -> Origins | None:
        found = self.traced.origins(column)
        return None if found is None else found | self.brought


@dataclass(kw_only=True)
class _Scope:
    """The tables of one SELECT, the SELECT around it, and its own aliases while they are looked up."""

    tables: Mapping[str, Traced]
    outer: _Scope | None
    sources: list[_Source] = field(default_factory=list)
    aliases: Mapping[str, exp.Expr] = field(default_factory=dict)
    looked_up: set[str] = field(default_factory=set)


class _Tracer:
    def __init__(self, assumed: Assumed) -> None:
        self._assumed = assumed

    def query(
        self, query: exp.Expr, tables: Mapping[str, Traced], outer: _Scope | None, names: Sequence[str] = ()
    ) -> Traced:
        """Any query: a SELECT, a union, a query in brackets; its WITH names come first.

        `names` are its columns' where the first part of a union gives them.
        """
        named = dict(tables)
        for cte in query.ctes if isinstance(query, exp.Query) else ():
            traced = self.query(cte.this, named, outer)
            named[cte.alias.lower()] = _renamed(traced, cte.alias_column_names)
        if isinstance(query, exp.SetOperation):
            return self._union(query, named, outer, names)
        if isinstance(query, exp.Subquery):
            return self.query(query.this, named, outer, names)
        if isinstance(query, exp.Select):
            return self._select(query, named, outer, names)
        return Traced(columns={})

    def _union(
        self,
        query: exp.SetOperation,
        tables: Mapping[str, Traced],
        outer: _Scope | None,
        names: Sequence[str],
    ) -> Traced:
        if not query.args.get("by_name"):
            names = names or query.named_selects
        left, right = (self.query(part, tables, outer, names) for part in (query.left, query.right))
        if left.empty or right.empty:
            return right if left.empty else left
        both = dict.fromkeys([*left.columns, *right.columns])
        columns = {n: left.columns.get(n, NOTHING) | right.columns.get(n, NOTHING) for n in both}
        return Traced(columns=columns, rows=left.rows | right.rows)

    def _select(
        self, select: exp.Select, tables: Mapping[str, Traced], outer: _Scope | None, names: Sequence[str]
    ) -> Traced:
        scope = _Scope(tables=tables, outer=outer)
        rows, conditions, empty = self._from(select, scope)
        scope.aliases = {
            one.alias.lower(): one.this for one in select.expressions if isinstance(one, exp.Alias)
        }
        for part in ("where", "having", "qualify"):
            if (found := select.args.get(part)) is not None:
                rows |= self.of(found, scope)
                conditions += [found.this]
        group = select.args.get("group")
        if group is not None:
            rows |= self._grouped(group, select, scope)
        given = list(self._projections(select, scope))
        if len(names) == len(given) and "*" not in names:
            given = [(name.lower(), origins) for name, (_, origins) in zip(names, given, strict=True)]
        columns = dict(given)
        empty = empty or any(self._impossible(one, scope) for each in conditions for one in _conjuncts(each))
        return Traced(columns=columns, rows=rows, empty=empty or self._other_literal(select, names))

    def _from(self, select: exp.Select, scope: _Scope) -> tuple[Origins, list[exp.Expr], bool]:
        """Fill the scope's tables; what decides the rows, the conditions of inner joins, whether there is no row."""
        rows, conditions, empty = NOTHING, [], False
        first = select.args.get("from_") or select.args.get("from")
        waiting: list[tuple[exp.Expr, exp.Join | None]] = [] if first is None else [(first.this, None)]
        waiting += [(join.this, join) for join in select.args.get("joins") or ()]
        for node, join in waiting:
            source = _Source(alias=node.alias_or_name.lower(), traced=self._source(node, scope))
            using = [one.name for one in join.args.get("using") or ()] if join is not None else []
            keys = NOTHING.union(
                *(found for name in using if (found := self._column(name, "", scope)) is not None)
            )
            scope.sources.append(source)
            keys = keys.union(*(source.traced.origins(name) or NOTHING for name in using))
            on = join.args.get("on") if join is not None else None
            if on is not None:
                keys |= self.of(on, scope)
            side = (join.side or "").upper() if join is not None else ""
            if side == "LEFT":
                source.brought = keys | source.traced.rows
                if source.traced.empty or any(self._impossible(one, scope) for one in _conjuncts(on)):
                    nothing = dict.fromkeys(source.traced.columns, NOTHING)
                    source.traced, source.brought = Traced(columns=nothing), NOTHING
                continue
            rows |= keys | source.traced.rows
            empty = empty or source.traced.empty
            conditions += [] if on is None else [on]
            if join is not None and (join.kind or "").upper() in ("SEMI", "ANTI"):
                scope.sources.pop()
        return rows, conditions, empty

    def _source(self, node: exp.Expr, scope: _Scope) -> Traced:
        if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
            traced = scope.tables.get(node.name.lower(), Traced(columns={}))
        elif isinstance(node, exp.Query):
            traced = self.query(node, scope.tables, scope)
        else:
            traced = Traced(columns={})
        names = node.alias_column_names if isinstance(node, (exp.Table, exp.Subquery)) else []
        return _renamed(traced, names)

    def _projections(self, select: exp.Select, scope: _Scope) -> Iterator[tuple[str, Origins]]:
        for one in select.expressions:
            star = one.this if isinstance(one, exp.Column) else one
            if isinstance(star, exp.Star):
                yield from self._star(star, one.table.lower() if isinstance(one, exp.Column) else "", scope)
            else:
                yield one.alias_or_name.lower(), self.of(one, scope)

    def _star(self, star: exp.Star, alias: str, scope: _Scope) -> Iterator[tuple[str, Origins]]:
        left_out = {one.name.lower() for one in star.args.get("except_") or star.args.get("except") or ()}
        for source in scope.sources:
            if alias in ("", source.alias):
                for name in source.traced.columns:
                    if name not in left_out:
                        yield name, source.origins(name) or NOTHING
        for one in star.args.get("replace") or ():
            yield one.alias_or_name.lower(), self.of(one, scope)

    def of(self, node: exp.Expr, scope: _Scope) -> Origins:
        """Everything behind an expression, queries inside it included."""
        if isinstance(node, exp.Query):
            return self.query(node, scope.tables, scope).all
        if isinstance(node, exp.Column):
            return self._column(node.name, node.table, scope) or NOTHING
        if isinstance(node, exp.Star) and isinstance(node.parent, exp.Columns):
            return NOTHING.union(*(source.traced.all for source in scope.sources))
        return NOTHING.union(*(self.of(part, scope) for part in node.iter_expressions()))

    def _column(self, name: str, alias: str, scope: _Scope) -> Origins | None:
        """What is behind a name: a column of this SELECT's tables, an alias of its own, or of the SELECT around."""
        around: _Scope | None = scope
        while around is not None:
            # a table that names its columns comes before one of which they are not known
            for source in sorted(around.sources, key=lambda one: not one.traced.closed):
                if alias.lower() in ("", source.alias) and (found := source.origins(name)) is not None:
                    return found
            if not alias and name.lower() in around.aliases.keys() - around.looked_up:
                around.looked_up.add(name.lower())
                behind = self.of(around.aliases[name.lower()], around)
                around.looked_up.discard(name.lower())
                return behind
            around = around.outer
        return None

    def _grouped(self, group: exp.Group, select: exp.Select, scope: _Scope) -> Origins:
        """The keys that rows are brought together by; of GROUP BY ALL the first, which is the id."""
        keys = select.expressions[:1] if group.args.get("all") else group.expressions
        return NOTHING.union(*(self.of(key, scope) for key in keys))

    def _impossible(self, condition: exp.Expr, scope: _Scope) -> bool:
        """Whether a condition asks a column for another text than the one that is assumed."""
        column, texts = condition.this, []
        if isinstance(condition, exp.EQ):
            texts = [condition.expression]
        elif isinstance(condition, exp.In):
            texts = condition.expressions
        if (
            not isinstance(column, exp.Column)
            or not texts
            or not all(isinstance(t, exp.Literal) for t in texts)
        ):
            return False
        found = self._column(column.name, column.table, scope) or NOTHING
        wanted = {self._assumed.values[origin] for origin in found if origin in self._assumed.values}
        return bool(wanted) and wanted.isdisjoint(text.name for text in texts)

    def _other_literal(self, select: exp.Select, names: Sequence[str]) -> bool:
        """Whether an output column has another text than the one that is assumed."""
        named = names or [one.alias_or_name for one in select.expressions]
        for name, one in zip(named, select.expressions, strict=False):
            text = one.unalias()
            if (
                isinstance(text, exp.Literal)
                and self._assumed.literals.get(name.lower(), text.name) != text.name
            ):
                return True
        return False


def _conjuncts(condition: exp.Expr | None) -> Iterator[exp.Expr]:
    if isinstance(condition, (exp.And, exp.Paren)):
        for part in condition.iter_expressions():
            yield from _conjuncts(part)
    elif condition is not None:
        yield condition


def _renamed(traced: Traced, names: list[str]) -> Traced:
    """The table under other column names, where an alias gives them."""
    if not names:
        return traced
    columns = dict(zip((name.lower() for name in names), traced.columns.values(), strict=False))
    return Traced(columns=columns or dict.fromkeys((n.lower() for n in names), NOTHING), rows=traced.rows,
                  empty=traced.empty)  # fmt: skip
