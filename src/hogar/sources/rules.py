"""Does a row keep its table's rules? Types, required values, ranges, moments not after now, keys - as one
query.

Takes a canonical table and the columns that a source gives; gives a syntax tree: the typed columns, `_file`,
`_row`, the number of the source's row, and the reason why it goes to quarantine (NULL where it is good).
Before: `mapping`. After: `ingest` writes both sides.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlglot import exp

from hogar.telco.tables import Column, ColumnType, Table

DUPLICATE = "duplicate key"
TYPES: dict[ColumnType, str] = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}
_NOT_A: dict[ColumnType, str] = {
    "text": "not a text",
    "integer": "not an integer",
    "double": "not a number",
    "boolean": "not true or false",
    "date": "not a date",
    "timestamp": "not a moment",
}


def checked(table: Table, given: Mapping[str, str], raw: str, now: datetime) -> exp.Select:
    """The query over the source's rows in the table `raw`: typed columns, `_file`, `_row`, `_n`, `_reason`.

    `given` maps each column of `raw` (lower case) to its DuckDB type. Of good rows with one key the first by
    `_file` and `_row` stays; the others get the reason `duplicate key`.
    """
    typed = _typed(table, given, raw)
    judged = exp.select("*", exp.alias_(_reason(table, now), "_fault")).from_(typed.subquery("typed"))
    first = [_col(name) for name in ("_file", "_row", *(column.name for column in table.columns), "_n")]
    place = exp.Window(
        this=exp.func("row_number", dialect="duckdb"),
        partition_by=[exp.Is(this=_col("_fault"), expression=exp.null()), *map(_col, table.key)],
        order=exp.Order(expressions=[exp.Ordered(this=node, nulls_first=False) for node in first]),
    )
    placed = exp.select("*", exp.alias_(place, "_place")).from_(judged.subquery("judged"))
    twice = exp.and_(_null(_col("_fault")), exp.GT(this=_col("_place"), expression=exp.Literal.number(1)))
    reason = exp.case().when(twice, _text(DUPLICATE)).else_(_col("_fault"))
    columns = [_col(column.name) for column in table.columns]
    return exp.select(*columns, _col("_file"), _col("_row"), _col("_n"), exp.alias_(reason, "_reason")).from_(
        placed.subquery("placed")
    )


def empty(table: Table) -> exp.Select:
    """A query with the table's columns, `_file` and `_row`, and no row."""
    columns = [(column.name, TYPES[column.type]) for column in table.columns]
    return exp.select(
        *(
            exp.alias_(exp.cast(exp.null(), kind), name, quoted=True)
            for name, kind in [*columns, ("_file", "VARCHAR"), ("_row", "BIGINT")]
        )
    ).where(exp.false())


def _typed(table: Table, given: Mapping[str, str], raw: str) -> exp.Select:
    """Each column in its canonical type, NULL where it has none, and whether that lost a value (`_bad_N`)."""
    fields: list[exp.Expr] = []
    for number, column in enumerate(table.columns):
        source = _col(column.name)
        if column.name not in given:
            fields.append(exp.alias_(exp.cast(exp.null(), TYPES[column.type]), column.name, quoted=True))
            fields.append(exp.alias_(exp.false(), f"_bad_{number}"))
            continue
        value = _cast(source, column.type, given[column.name])
        lost = exp.and_(exp.not_(_null(_tidy(source))), _null(value.copy()))
        fields.append(exp.alias_(value, column.name, quoted=True))
        fields.append(exp.alias_(lost, f"_bad_{number}"))
    fields.append(exp.alias_(exp.cast(_col("_file"), "VARCHAR"), "_file"))
    fields.append(exp.alias_(exp.TryCast(this=_col("_row"), to=exp.DataType.build("BIGINT")), "_row"))
    fields.append(exp.alias_(exp.column("rowid"), "_n"))
    return exp.select(*fields).from_(exp.to_table(raw))


def _cast(source: exp.Expr, kind: ColumnType, given: str) -> exp.Expr:
    """The value in its canonical type, NULL where it is none; never rounds, moments always in UTC."""
    text = _tidy(source)
    if kind == "text":
        return text
    if kind == "boolean":
        return _try(text, "BOOLEAN")
    if kind == "integer":
        if given == "BIGINT" or given == "INTEGER":
            return exp.cast(source.copy(), "BIGINT")
        number = _try(text, "DOUBLE")
        whole = exp.EQ(this=number, expression=exp.func("round", number.copy()))
        return exp.case().when(whole, _try(text.copy(), "BIGINT"))
    if kind == "timestamp":
        aware = source.copy() if given == "TIMESTAMP" else _try(text, "TIMESTAMPTZ")
        zone = exp.AtTimeZone(this=aware, zone=_text("UTC"))
        return _finite(aware if given == "TIMESTAMP" else zone)
    return _finite(source.copy() if given == TYPES[kind] else _try(text, TYPES[kind]))


def _reason(table: Table, now: datetime) -> exp.Expr:
    """The first rule that a row breaks, in the order of the columns; NULL where it keeps all."""
    reason = exp.case()
    for name in ("_file", "_row"):
        reason = reason.when(_null(_col(name)), _text(f"missing: {name}"))
    for number, column in enumerate(table.columns):
        reason = reason.when(exp.column(f"_bad_{number}"), _text(f"{_NOT_A[column.type]}: {column.name}"))
        for rule, broken in _broken(column, now):
            reason = reason.when(broken, _text(f"{rule}: {column.name}"))
    return exp.cast(reason, "VARCHAR")


def _broken(column: Column, now: datetime) -> list[tuple[str, exp.Expr]]:
    value = _col(column.name)
    rules: list[tuple[str, exp.Expr]] = []
    if column.required:
        rules.append(("missing", _null(value)))
    if column.one_of:
        rules.append(("not one of its values", exp.not_(value.isin(*column.one_of))))
    if column.at_least is not None:
        rules.append(("too small", value < exp.Literal.number(column.at_least)))
    if column.at_most is not None:
        rules.append(("too large", value > exp.Literal.number(column.at_most)))
    if column.not_after_now:
        rules.append(("after now", value > _latest(column, now)))
    return rules


def _latest(column: Column, now: datetime) -> exp.Expr:
    """The last moment that is not after now; the last day that has begun somewhere on earth."""
    moment = now.astimezone(UTC)
    if column.type == "date":
        return exp.cast(_text((moment + timedelta(hours=14)).date().isoformat()), "DATE")
    return exp.cast(_text(moment.replace(tzinfo=None).isoformat(sep=" ")), "TIMESTAMP")


def _finite(value: exp.Expr) -> exp.Expr:
    return exp.case().when(exp.func("isfinite", value), value.copy())


def _tidy(source: exp.Expr) -> exp.Expr:
    text = exp.func("trim", exp.cast(source.copy(), "VARCHAR"))
    return exp.func("nullif", text, _text(""), dialect="duckdb")


def _try(value: exp.Expr, kind: str) -> exp.Expr:
    return exp.TryCast(this=value, to=exp.DataType.build(kind, dialect="duckdb"))


def _null(value: exp.Expr) -> exp.Expr:
    return exp.Is(this=value, expression=exp.null())


def _col(name: str) -> exp.Column:
    return exp.column(name, quoted=True)


def _text(value: str) -> exp.Expr:
    return exp.Literal.string(value)
