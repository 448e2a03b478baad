"""What does this condition mean, for one and for a million? The one condition language.

`parse` reads a SQL expression once, against the names it may use, and gives a typed `Expression`. `row` makes a
Python function of it for one row of values, `frame` a Polars expression for a table; tests hold the two equal, and
equal to DuckDB over `source`. `Rules` asks many rules of one subject or many, `Numbers` many number expressions,
equal to both. `conjuncts`, `substitute` and `step_points` take expressions apart for the rooms above.

Reads no files and writes none. Below: `telco` (types of features) and `errors`. Used by `strategy`, `decide` and all
that hold a condition against data.
"""

from hogar.expr.expression import Expression, conjuncts, substitute
from hogar.expr.frame import frame
from hogar.expr.nodes import DEPTH_MAX, NODES_MAX, Value
from hogar.expr.parse import parse
from hogar.expr.row import row
from hogar.expr.rules import Rules
from hogar.expr.rules_numbers import Numbers
from hogar.expr.rules_rest import PASSES
from hogar.expr.rules_subjects import RuleColumn, Subjects
from hogar.expr.source import source
from hogar.expr.steps import Steps, step_points

__all__ = [
    "DEPTH_MAX",
    "NODES_MAX",
    "PASSES",
    "Expression",
    "Numbers",
    "RuleColumn",
    "Rules",
    "Steps",
    "Subjects",
    "Value",
    "conjuncts",
    "frame",
    "parse",
    "row",
    "source",
    "step_points",
    "substitute",
]
