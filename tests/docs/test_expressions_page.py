"""docs/expressions.md tells every construct of the language: its table runs, and lacks nothing that is read."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from tests.docs.documents import ROOT

from hogar.errors import Place
from hogar.expr import Value, parse, row
from hogar.expr.findings import Findings
from hogar.expr.instead import FUNCTIONS
from hogar.expr.syntax import tree
from hogar.expr.typed import READERS
from hogar.telco.catalogue import FeatureType

PAGE = (ROOT / "docs" / "expressions.md").read_text(encoding="utf-8")
PLACE = Place(file="docs/expressions.md")
HOME: dict[str, tuple[FeatureType, Value]] = {
    "household.mobile_lines": ("number", 3.0),
    "household.technology": ("text", "adsl"),
    "household.has_tv": ("boolean", None),
    "household.has_offer('FAM-4')": ("boolean", True),
    "line.spend_eur": ("number", 40.0),
    "line.contract_end": ("date", (date(2026, 3, 31) - date(1970, 1, 1)).days),
    "context.reason": ("text", None),
}
SCHEMA = {name: type_ for name, (type_, _) in HOME.items()}


def table() -> list[tuple[str, list[str], list[str]]]:
    """(construct, examples, what they give) of each row of the page's table."""
    section = PAGE.split("## All constructs")[1].split("\n## ")[0]
    rows = [line.strip("|").split(" | ") for line in section.splitlines() if line.startswith("| ")][1:]
    return [
        (name.strip(), re.findall(r"`([^`]+)`", examples), [each.strip() for each in gives.split(", ")])
        for name, examples, gives in rows
    ]


ROWS = table()
EXAMPLES = [
    (example, gives) for _, examples, given in ROWS for example, gives in zip(examples, given, strict=True)
]


@pytest.mark.parametrize(("example", "gives"), EXAMPLES)
def test_each_example_gives_what_is_written(example: str, gives: str) -> None:
    """The value of each example for the page's home."""
    expression = parse(example, PLACE, SCHEMA)
    value = row(expression, {name: place for place, name in enumerate(HOME)})([v for _, v in HOME.values()])
    if expression.type == "date" and isinstance(value, int | float):
        value = (date(1970, 1, 1) + timedelta(days=int(value))).isoformat()
    words = {None: "NULL", True: "true", False: "false"}
    said = f"{value:g}" if isinstance(value, float) else words.get(value, str(value))
    assert said == gives


def test_every_construct_is_in_the_table() -> None:
    """Whatever has a reader has an example, so that a new construct cannot be forgotten here."""
    used = {
        type(part)
        for example, _ in EXAMPLES
        for read in [tree(Findings(example, PLACE))]
        if read is not None
        for part in read.walk()
    }
    missing = sorted(kind.__name__ for kind in READERS.keys() - used)
    assert not missing, f"docs/expressions.md has no example of {', '.join(missing)} in its table"


def test_every_function_is_told() -> None:
    """The functions that problems name are those of the table."""
    text = " ".join(example for example, _ in EXAMPLES)
    assert [name for name in FUNCTIONS if f"{name}(" not in text] == []
