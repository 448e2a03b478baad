"""What is this called? Full names, read and written: `household.members`, `household.has_offer('FAM-4')`.

The full name is the key in schemas, row layouts and tables: one name, one column.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from hogar.errors import did_you_mean

_PERSONAL = ("name", "first_name", "last_name", "surname", "email", "phone", "address", "birth_date", "id")


def full_name(tree: exp.Expr) -> str | None:
    """The full name that a column or a `namespace.function('literal')` stands for; None when it is neither."""
    if isinstance(tree, exp.Column):
        parts = tree.parts
        named = all(isinstance(part, exp.Identifier) for part in parts)
        return ".".join(part.name for part in parts) if named and len(parts) > 1 else None
    scope, call = tree.this, tree.expression
    if (
        not isinstance(scope, exp.Identifier)
        or not isinstance(call, exp.Anonymous)
        or len(call.expressions) != 1
    ):
        return None
    argument = call.expressions[0]
    if not isinstance(argument, exp.Literal) or not argument.is_string:
        return None
    quoted = argument.name.replace("'", "''")
    return f"{scope.name}.{call.name}('{quoted}')"


def name_tree(name: str) -> exp.Expr:
    """sqlglot's tree for a full name, as DuckDB writes it."""
    path, call, argument = name.partition("('")
    parts = [exp.to_identifier(part) for part in path.split(".")]
    if not call:
        return exp.Dot.build(parts)
    literal = exp.Literal.string(argument.removesuffix("')").replace("''", "'"))
    return exp.Dot(this=parts[0], expression=exp.Anonymous(this=parts[1].name, expressions=[literal]))


def unknown_name(name: str, known: Iterable[str]) -> tuple[str, str]:
    """What is wrong with a name that the schema lacks, and the cure: the same name elsewhere, or the nearest one."""
    names = sorted(known)
    short = name.rpartition(".")[2] if "(" not in name else name.partition(".")[2]
    elsewhere = [other for other in names if other.partition(".")[2] == short]
    if short in _PERSONAL and name.partition(".")[0] in ("person", "recipient", "household", "line"):
        return f"`{name}` is not known here", "who somebody is, is no feature: nothing may rest on it"
    cure = did_you_mean(elsewhere[0] if len(elsewhere) == 1 else name, names)
    return f"`{name}` is not known here", cure
