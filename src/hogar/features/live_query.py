"""What is a live counter's batch meaning? The same fold in SQL, over the canonical table `event` at the end of a day.

Takes the counters of one file; gives one query, made as a syntax tree from hand-written parts: a column a counter, a
row for everybody of the entity. `live` says the same of events as they come; tests hold both equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlglot import exp, parse_one

from hogar import expr
from hogar.errors import Place
from hogar.features.live import NUMBER_MAX
from hogar.features.query import Query
from hogar.stores.warehouse import read_sql
from hogar.telco.catalogue import Entity, FeatureType
from hogar.telco.live import Counter

_SQL = Path(__file__).parent / "sql" / "live"
_NOWHERE = Place(file="features/live")
_NUMBERS = ("BIGINT", "UBIGINT", "HUGEINT", "UHUGEINT", "DOUBLE")
_FOLDS = {
    "count": "count(*)",
    "sum": "CAST(sum(CAST(floor(_value * 1e6 + 5e-1) AS HUGEINT)) AS DOUBLE) / 1e6",
    "last": "arg_max(_value, (_at, _id, _source))",
    "max": "max(_value)",
    "distinct": "count(DISTINCT _value)",
}


def live_query(entity: Entity, counters: Sequence[Counter]) -> Query:
    """The query of these counters: `id`, then a column a counter."""
    query = _tree(f"everybody_{entity}").select(exp.column("id", table="everybody"), append=False)
    assert isinstance(query, exp.Select)
    for number, counter in enumerate(counters):
        folded = exp.column("value", table=f"c{number}")
        query = query.select(exp.alias_(_value(counter, folded), counter.name))
        query = query.join(
            _folded(counter).subquery(f"c{number}"),
            on=exp.column("id", table=f"c{number}").eq(exp.column("id", table="everybody")),
            join_type="left",
        )
    return Query(
        text=query.sql("duckdb", pretty=True),
        columns=("id", *(counter.name for counter in counters)),
        parameters=("as_of",),
    )


def _value(counter: Counter, folded: exp.Expr) -> exp.Expr:
    """What the fold came to; of nothing a count is 0, and where consent is needed and lacking all is unknown."""
    value: exp.Expr = (
        exp.func("coalesce", folded, exp.convert(0)) if counter.fold in ("count", "distinct") else folded
    )
    if not counter.consent:
        return value
    allowed = _tree(f"consented_{counter.entity}", consent=counter.consent)
    known = exp.column("id", table="everybody").isin(query=allowed)
    return exp.case().when(known, value)


def _folded(counter: Counter) -> exp.Select:
    """The counter's events, each once, by whom they are about, folded."""
    heard = _tree("heard", type=counter.event, hours=counter.hours)
    fields = [exp.alias_(_field(name, type_), name) for name, type_ in counter.fields]
    own = [exp.column(name) for name in ("_source", "_id", "_at", "_line", "_party")]
    event = exp.select(*own).from_(exp.select(*fields, *own).from_(heard.subquery("heard")).subquery("event"))
    if counter.of:
        event = event.select(exp.alias_(exp.column(counter.of, table="event"), "_value"))
        event = event.where(exp.column(counter.of, table="event").is_(exp.null()).not_())
    if counter.one_of:
        event = event.where(exp.column(counter.of, table="event").isin(*counter.one_of))
    if counter.when:
        names = {f"event.{name}": type_ for name, type_ in counter.fields}
        when = expr.parse(counter.when, _NOWHERE, names)
        event = event.where(parse_one(expr.source(when), dialect="duckdb"))
    about = _tree(f"about_{counter.entity}")
    if counter.consent:
        lines = _tree("consented_line", consent=counter.consent)
        about = about.where(exp.column("_line", table="about").isin(query=lines))
    return (
        about.select(
            "id", exp.alias_(parse_one(_FOLDS[counter.fold], dialect="duckdb"), "value"), append=False
        )
        .with_("taken", as_=event)
        .group_by("id")
    )


def _field(name: str, type_: FeatureType) -> exp.Expr:
    """A field of the event's data as its declared type has it; NULL where it is of another type."""
    path = f"$.{name}"
    kind = exp.Anonymous(this="json_type", expressions=[exp.column("_data"), exp.Literal.string(path)])
    text = exp.Anonymous(
        this="json_extract_string", expressions=[exp.column("_data"), exp.Literal.string(path)]
    )
    if type_ == "text":
        return exp.case().when(kind.eq("VARCHAR"), text)
    if type_ == "boolean":
        return exp.case().when(kind.eq("BOOLEAN"), exp.TryCast(this=text, to=exp.DataType.build("BOOLEAN")))
    number = exp.TryCast(this=text, to=exp.DataType.build("DOUBLE"))
    small = exp.func("abs", number.copy()) <= exp.cast(exp.Literal.number(NUMBER_MAX), "DOUBLE")
    zero = exp.cast(exp.Literal.number(0), "DOUBLE")
    return exp.case().when(exp.and_(kind.isin(*_NUMBERS), small), number + zero)


def _tree(name: str, **values: object) -> exp.Select:
    """A hand-written part with its values filled in; `:as_of` stays, for it is bound when the query runs."""
    tree = exp.replace_placeholders(parse_one(read_sql(_SQL / f"{name}.sql"), dialect="duckdb"), **values)
    assert isinstance(tree, exp.Select)
    tree.comments = None
    return tree
