"""What does an expression give for one row? Our tree in, one compiled Python function out.

The function's text is made from our nodes alone: of the author's text nothing gets into it, constants are handed over
by name, and it runs without builtins. A part is compiled to *tests*, any of which makes it NULL, and a *value* that
holds when none of them does; so NULL costs one comparison where it can occur and nothing where it cannot.
Its twin is `frame`, for tables.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from hogar.expr.expression import Expression
from hogar.expr.matching import read_pattern
from hogar.expr.nodes import (
    Absolute,
    And,
    Arithmetic,
    Between,
    Case,
    Coalesce,
    Compare,
    Constant,
    Days,
    Exp,
    Extreme,
    In,
    IsNull,
    IsTruth,
    Like,
    Ln,
    Name,
    Negate,
    Node,
    Not,
    Nullif,
    Or,
    Round,
    Value,
)
from hogar.expr.numbers import EXP_MAX, greatest, least, rounding

_OPS = {"=": "==", "<>": "!="}


def row(expression: Expression, layout: Mapping[str, int]) -> Callable[[Sequence[Value]], Value]:
    """A function from a row of values to the expression's value; `layout` has the position of every name it uses.

    Values are Python's: None for NULL, float or int (up to 2^53; one that is not finite is NULL), bool, str, and dates
    as days since 1970-01-01.
    Raises KeyError when the layout lacks a name.
    """
    return compiled(expression.node, layout)


def compiled(node: Node, layout: Mapping[str, int]) -> Callable[[Sequence[Value]], Value]:
    """Like `row`, for a tree."""
    code = _Code(layout)
    body = code.statements(node)
    lines = [f"def make({', '.join(code.constants)}):", " def evaluate(v):", *(f"  {line}" for line in body)]
    return _maker("\n".join([*lines, " return evaluate"]))(*code.constants.values())


@lru_cache(maxsize=4096)
def _maker(source: str) -> Callable[..., Callable[[Sequence[Value]], Value]]:
    """The compiled source, once for all expressions of one form: they differ in their constants only."""
    made: dict[str, Callable[..., Callable[[Sequence[Value]], Value]]] = {}
    exec(compile(source, "<expression>", "exec"), {"__builtins__": {}}, made)
    return made["make"]


class _Code:
    """Python source for nodes; `constants` is what has to be handed to it, by name."""

    def __init__(self, layout: Mapping[str, int]) -> None:
        self.layout = layout
        self.constants: dict[str, object] = {}
        self.locals_count = 0

    def statements(self, node: Node) -> list[str]:
        """The function's body: an outermost `and` or `or` returns at the first part that settles it."""
        if not isinstance(node, And | Or):
            return [f"return {self.full(node)}"]
        settled, open_ = (False, True) if isinstance(node, And) else (True, False)
        lines = [f"u = {open_}"]
        for tests, value in map(self.strict, node.args):
            lines += [f"if {' or '.join(tests)}: u = None"] if tests else []
            lines += [f"{'elif' if tests else 'if'} {'' if settled else 'not '}({value}): return {settled}"]
        return [*lines, "return u"]

    def full(self, node: Node) -> str:
        """A Python expression for the node's value, None for NULL."""
        match node:
            case And() | Or():
                return self.junction(list(map(self.strict, node.args)), isinstance(node, And))
            case Between(args=(_, low, high)) if not isinstance(low, Constant) or not isinstance(
                high, Constant
            ):
                return self.between(node)
            case IsNull(args=(arg,)):
                tests, _ = self.strict(arg)
                return f"({' or '.join(tests)})" if tests else "False"
            case IsTruth(args=(arg,), truth=truth):
                return f"({self.full(arg)} is {truth})"
            case Case(args=args):
                cases = zip(args[:-1:2], args[1::2], strict=True)
                whens = [f"{self.full(then)} if {self.full(when)} is True else " for when, then in cases]
                return f"({''.join(whens)}{self.full(args[-1])})"
            case Coalesce(args=args):
                tries = [(self.local(), self.full(arg)) for arg in args[:-1]]
                firsts = [f"{name} if ({name} := {value}) is not None else " for name, value in tries]
                return f"({''.join(firsts)}{self.full(args[-1])})"
            case Nullif(args=(arg, unwanted)):
                tests, value = self.named(arg)
                tests = [*tests, f"{value} == {self.full(unwanted)}"]
                return f"(None if {' or '.join(tests)} else {value})"
            case Extreme(args=args, greatest=is_greatest):
                chosen = self.constant(greatest if is_greatest else least)
                return f"{chosen}(({', '.join(map(self.full, args))},))"
            case _:
                tests, value = self.strict(node)
                return f"(None if {' or '.join(tests)} else {value})" if tests else value

    def strict(self, node: Node) -> tuple[list[str], str]:
        """The tests, any of which makes the node NULL, and its value when none does."""
        match node:
            case Constant(value=None):
                return ["True"], "None"
            case Constant(value=value):
                return [], self.constant(value)
            case Name(type="number"):
                tests, local = self.known(node)
                return [*tests, f"{local} - {local} != 0.0"], local
            case Name():
                return self.known(node)
            case Compare(args=(left, right), op=op):
                (left_tests, one), (right_tests, other) = self.strict(left), self.strict(right)
                return left_tests + right_tests, f"({one} {_OPS.get(op, op)} {other})"
            case Between(args=(arg, Constant() as low, Constant() as high)):
                tests, value = self.strict(arg)
                return tests, f"({self.constant(low.value)} <= {value} <= {self.constant(high.value)})"
            case In(args=(arg,), options=options):
                tests, value = self.strict(arg)
                return tests, f"({value} in {self.constant(frozenset(options))})"
            case Like(args=(arg,), pattern=pattern):
                tests, value = self.strict(arg)
                return tests, read_pattern(pattern).python(value, self.constant)
            case Not(args=(arg,)):
                tests, value = self.strict(arg)
                return tests, f"(not {value})"
            case Round(args=(arg,), digits=digits):
                tests, value = self.strict(arg)
                return tests, f"{self.constant(rounding(digits))}({value})"
            case Ln(args=(arg,)):
                tests, value = self.strict(arg)
                local = self.local()
                return [*tests, f"({local} := {value}) <= 0.0"], f"{self.constant(math.log)}({local})"
            case Exp(args=(arg,)):
                tests, value = self.strict(arg)
                local = self.local()
                most = self.constant(EXP_MAX)
                return [*tests, f"({local} := {value}) > {most}"], f"{self.constant(math.exp)}({local})"
            case Days(args=(until, since)):
                (until_tests, one), (since_tests, other) = self.strict(until), self.strict(since)
                return until_tests + since_tests, f"(({one} - {other}) * 1.0)"
            case Arithmetic() | Negate() | Absolute():
                tests, value = self.arithmetic(node)
                local = self.local()
                return [*tests, f"({local} := {value}) - {local} != 0.0"], local
            case And() | Or() | Between() | IsNull() | IsTruth() | Case() | Coalesce() | Nullif() | Extreme():
                local = self.local()
                return [f"({local} := {self.full(node)}) is None"], local
        raise AssertionError(f"no code for {type(node).__name__}")

    def arithmetic(self, node: Node) -> tuple[list[str], str]:
        """Like `strict`, but the value may still be infinite or no number: the outermost operation looks for that.

        One look suffices because nothing in + - * turns what is not finite into a finite number; / does, below it,
        so denominators are looked at too.
        """
        match node:
            case Arithmetic(args=(left, Constant(value=float(number)) as right), op="/") if number != 0.0:
                tests, one = self.arithmetic(left)
                return tests, f"({one} / {self.constant(right.value)})"
            case Arithmetic(args=(left, right), op="/"):
                (left_tests, one), (right_tests, other) = self.arithmetic(left), self.strict(right)
                local = self.local()
                return [*left_tests, *right_tests, f"({local} := {other}) == 0.0"], f"({one} / {local})"
            case Arithmetic(args=(left, right), op=op):
                (left_tests, one), (right_tests, other) = self.arithmetic(left), self.arithmetic(right)
                one = one if _is_float(left) or _is_float(right) else f"({one} * 1.0)"
                return left_tests + right_tests, f"({one} {op} {other})"
            case Negate(args=(arg,)):
                tests, value = self.arithmetic(arg)
                return tests, f"(-{value})"
            case Absolute(args=(arg,)):
                tests, value = self.arithmetic(arg)
                return tests, f"{self.constant(abs)}({value})"
            case Name():
                return self.known(node)
            case _:
                return self.strict(node)

    def known(self, name: Name) -> tuple[list[str], str]:
        """A name's value where it is not NULL; a number may still not be finite."""
        local = self.local()
        return [f"({local} := v[{int(self.layout[name.name])}]) is None"], local

    def junction(self, parts: list[tuple[list[str], str]], is_and: bool) -> str:
        """Three-valued `and` or `or` inside a larger expression."""
        settling, unknown = [], []
        for tests, value in parts:
            if tests:
                local = self.local()
                settling.append(f"({local} := (None if {' or '.join(tests)} else {value})) is {not is_and}")
                unknown.append(f"{local} is None")
            else:
                settling.append(f"not {value}" if is_and else value)
        rest = f"None if {' or '.join(unknown)} else {is_and}" if unknown else f"{is_and}"
        return f"({not is_and} if {' or '.join(settling)} else {rest})"

    def between(self, node: Between) -> str:
        """`between` with bounds that may be NULL: not above a known bound, or not below, settles it."""
        tests, value = self.named(node.args[0])
        (low_tests, low), (high_tests, high) = self.strict(node.args[1]), self.strict(node.args[2])
        both = self.junction([(low_tests, f"({low} <= {value})"), (high_tests, f"({value} <= {high})")], True)
        return f"(None if {' or '.join(tests)} else {both})"

    def named(self, node: Node) -> tuple[list[str], str]:
        """Like `strict`, with a value that may be written more than once, and at least one test."""
        tests, value = self.strict(node)
        local = self.local()
        return [*tests, f"({local} := {value}) is None"], local

    def constant(self, value: object) -> str:
        """The name under which a constant is handed over."""
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    def local(self) -> str:
        """A fresh local variable."""
        self.locals_count += 1
        return f"t{self.locals_count}"


def _is_float(node: Node) -> bool:
    """Whether the value is a float for sure, where names may hold whole numbers as Python's endless ones."""
    match node:
        case Constant() | Arithmetic() | Round() | Days() | Ln() | Exp():
            return True
        case Negate(args=(arg,)) | Absolute(args=(arg,)):
            return _is_float(arg)
        case _:
            return False
