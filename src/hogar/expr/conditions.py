"""How are names and conditions read? One reader a construct; `reader` has what they share, `typed` their table."""

from __future__ import annotations

from sqlglot import exp

from hogar.expr.instead import of_stray
from hogar.expr.literals import is_literal, literal
from hogar.expr.mismatches import no_comparison, no_order
from hogar.expr.names import full_name, unknown_name
from hogar.expr.nodes import (
    And,
    Between,
    Compare,
    Comparison,
    Constant,
    In,
    IsNull,
    IsTruth,
    Like,
    Name,
    Node,
    Not,
    Or,
)
from hogar.expr.reader import Reader, complete
from hogar.expr.syntax import start

COMPARISONS: dict[type[exp.Expr], Comparison] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
}  # fmt: skip


def name(reader: Reader, tree: exp.Expr) -> Node | None:
    """A full name that the schema has."""
    written = full_name(tree)
    if (
        written is None
        and isinstance(tree, exp.Column)
        and len(tree.parts) == 1
        and not tree.this.args.get("quoted")
    ):
        written = tree.name
    if written is None:
        reader.refuse(tree)
        return None
    if written not in reader.schema:
        what, cure = unknown_name(written, reader.schema)
        reader.findings.add(start(tree), what, of_stray(written) or cure)
        return None
    return Name(type=reader.schema[written], name=written)


def junction(reader: Reader, tree: exp.Expr) -> Node | None:
    """`and` and `or`, however deep they are chained."""
    leaves: list[exp.Expr] = []
    waiting = [tree]
    while waiting:
        here = waiting.pop().unnest()
        if type(here) is type(tree):
            waiting += (here.expression, here.this)
        else:
            leaves.append(here)
    args = complete(
        [_side(reader, tree, leaf, before) for before, leaf in zip([None, *leaves], leaves, strict=False)]
    )
    if args is None:
        return None
    return And(args=args) if isinstance(tree, exp.And) else Or(args=args)


def _side(reader: Reader, tree: exp.Expr, leaf: exp.Expr, before: exp.Expr | None) -> Node | None:
    """One side of `and` or `or`; `x = 2 or 3` has a value there where a condition is meant."""
    if (
        isinstance(tree, exp.Or)
        and isinstance(before, exp.EQ)
        and is_literal(leaf)
        and is_literal(before.expression)
    ):
        value, first = leaf.sql("duckdb"), before.expression.sql("duckdb")
        if not isinstance(leaf, exp.Boolean):
            cure = f"write `{before.this.sql('duckdb')} in ({first}, {value})`"
            reader.findings.add(start(leaf), f"`{value}` alone is no condition", cure)
            return None
    return reader.read_as("boolean", leaf)


def not_(reader: Reader, tree: exp.Expr) -> Node | None:
    """`not`."""
    arg = reader.read_as("boolean", tree.this)
    return arg and Not(args=(arg,))


def comparison(reader: Reader, tree: exp.Expr) -> Node | None:
    """`=`, `<>` and the four that need an order."""
    args = complete([reader.read(tree.this), reader.read(tree.expression)])
    if args is None or not _comparable(reader, tree, *args):
        return None
    op = COMPARISONS[type(tree)]
    return Compare(args=args, op=op) if op in ("=", "<>") or _ordered(reader, tree, args[0]) else None


def between(reader: Reader, tree: exp.Expr) -> Node | None:
    """`between ... and ...`."""
    args = complete([reader.read(tree.this), reader.read(tree.args["low"]), reader.read(tree.args["high"])])
    if args is None or not all(_comparable(reader, tree, args[0], bound) for bound in args[1:]):
        return None
    return Between(args=args) if _ordered(reader, tree, args[0]) else None


def in_(reader: Reader, tree: exp.Expr) -> Node | None:
    """`in (...)`, a list of literals."""
    options = [option.unnest() for option in tree.expressions]
    if not options or not all(is_literal(option) for option in options):
        reader.refuse(tree)
        return None
    args = complete([reader.read(tree.this), *(literal(option, reader.findings) for option in options)])
    if args is None or not all(_comparable(reader, tree, args[0], option) for option in args[1:]):
        return None
    values = [option.value for option in args[1:] if isinstance(option, Constant)]
    return In(args=args[:1], options=tuple(dict.fromkeys(values)))


def like(reader: Reader, tree: exp.Expr) -> Node | None:
    """`like` and `not like` a pattern in quotes."""
    arg = reader.read_as("text", tree.this)
    pattern = tree.expression.unnest()
    if not (isinstance(pattern, exp.Literal) and pattern.is_string):
        reader.findings.add(
            start(tree.expression), "`like` needs a pattern in quotes", "write `like 'MOB-%'`"
        )
        return None
    like = arg and Like(args=(arg,), pattern=pattern.name)
    return Not(args=(like,)) if like and tree.args.get("negate") else like


def is_(reader: Reader, tree: exp.Expr) -> Node | None:
    """`is null`, `is true`, `is false`."""
    asked = tree.expression.unnest()
    if isinstance(asked, exp.Boolean):
        arg = reader.read_as("boolean", tree.this)
        return arg and IsTruth(args=(arg,), truth=bool(asked.this))
    if type(asked) is not exp.Null:
        reader.findings.add(start(tree), "`is` asks for null, true or false", "compare with `=`")
        return None
    arg = reader.read(tree.this)
    return arg and IsNull(args=(arg,))


def _comparable(reader: Reader, tree: exp.Expr, left: Node, right: Node) -> bool:
    if left.type != right.type:
        reader.findings.add(start(tree), *no_comparison(left, right))
    return left.type == right.type


def _ordered(reader: Reader, tree: exp.Expr, node: Node) -> bool:
    if node.type == "boolean":
        reader.findings.add(start(tree), *no_order(node))
    return node.type != "boolean"
