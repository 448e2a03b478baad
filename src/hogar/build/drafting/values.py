"""How does a silo's value become one of ours? Words, days, moments, money and shares as expressions of a draft.

Takes a match and the column; returns a syntax tree, and what is doubtful about it. Used by `sql`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from sqlglot import exp

from hogar.build.drafting.match import Match
from hogar.build.drafting.profile import Column
from hogar.build.drafting.words import FALSE, TRUE, may_mean, plain, values_of


def mapped(name: str, match: Match, column: Column, node: exp.Column) -> tuple[exp.Expr, str]:
    """The silo's words as ours; only words of our own vocabulary are written, others pass as they are."""
    means: dict[str, str] = {}
    meant: dict[str, Sequence[str]] = (
        {"true": TRUE, "false": FALSE} if match.ours.type == "boolean" else dict(values_of(name))
    )
    possible = {
        word: [value for value, words in meant.items() if plain(word) in words] for word in column.words
    }
    sure = {values[0] for values in possible.values() if len(values) == 1}
    for word, values in possible.items():
        left = [value for value in values if len(values) == 1 or value not in sure]
        if left and left[0] != word:
            means[word] = left[0]
    both = _two_meanings(name, possible, sure)
    others = sum(not values and word not in match.ours.one_of for word, values in possible.items())
    unknown = [f"{others} of its {len(column.words)} words are not known to us"] if others else []
    doubt = "; ".join([*both, *unknown])
    if not means:
        return node, doubt
    case = exp.Case(this=node)
    for word, value in means.items():
        case = case.when(exp.Literal.string(word), exp.Literal.string(value))
    return case.else_(node.copy()), doubt


def _two_meanings(name: str, possible: Mapping[str, Sequence[str]], sure: Set[str]) -> list[str]:
    """Words of the column that may mean two values, where no other word of it tells them apart."""
    found = []
    for word, values in possible.items():
        left = [value for value in values if len(values) == 1 or value not in sure]
        other = may_mean(name).get(plain(word)) if left else None
        others = [*left[1:], *([other] if other is not None and other not in sure else [])]
        if others:
            found.append(f"`{word}` may be {' or '.join(others)} as well; taken for {left[0]}")
    return found


def hashed(column: Column, node: exp.Column) -> tuple[exp.Expr, str]:
    """A plain value as a hash, the same way in every source; one that is a hash passes as it is."""
    if column.pattern == "hash" or not column.known:
        return node, ""
    plainly = exp.func("lower", exp.func("trim", node))
    return exp.Anonymous(this="sha256", expressions=[plainly]), (
        f"`{column.name}` lies there in the clear and is hashed here, without a key; let the silo deliver a keyed hash"
    )


def when(match: Match, column: Column, node: exp.Column) -> exp.Expr:
    """Days and moments as ISO 8601 writes them; what cannot be read passes as it is, so that quarantine shows it."""
    if match.ours.name == "month" and column.format == "%Y-%m":
        return exp.DPipe(this=node, expression=exp.Literal.string("-01"))
    if column.format.startswith("%Y-%m-%d"):
        if match.ours.type == "date" and column.pattern == "moment":
            return exp.Left(this=node, expression=exp.Literal.number(10))
        return node
    if not column.format:
        return node
    read = exp.func("try_strptime", node, exp.Literal.string(column.format))
    typed = exp.cast(read, "DATE" if match.ours.type == "date" else "TIMESTAMP")
    return exp.Coalesce(this=exp.cast(typed, "TEXT"), expressions=[node.copy()])


def number(match: Match, column: Column, node: exp.Column) -> exp.Expr:
    """Euros as cents, percentages as shares, a decimal comma as a point."""
    said: exp.Expr = node
    if column.pattern == "decimal_comma":
        said = exp.func("replace", node.copy(), exp.Literal.string(","), exp.Literal.string("."))
    words = set(plain(column.name).split())
    if match.ours.name.endswith("_cents") and not words & {"cents", "cent", "centimos"}:
        euros = exp.TryCast(this=said, to=exp.DataType.build("DECIMAL(12, 2)", dialect="duckdb"))
        cents = exp.func("round", exp.Mul(this=euros, expression=exp.Literal.number(100)))
        return exp.Coalesce(this=exp.cast(exp.cast(cents, "BIGINT"), "TEXT"), expressions=[node.copy()])
    if match.ours.name.endswith("_share") and words & {"pct", "percent", "porcentaje", "percentage"}:
        share = exp.Div(
            this=exp.TryCast(this=said, to=exp.DataType.build("DOUBLE")), expression=exp.Literal.number(100)
        )
        return exp.Coalesce(this=exp.cast(exp.paren(share), "TEXT"), expressions=[node.copy()])
    return said
