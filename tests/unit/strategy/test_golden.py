"""Broken files and the problems that they give: `tests/golden/strategy/NAME.yml` beside `NAME.txt`.

The first line of each file says where it stands in Acme's project. To accept new wording, write the texts anew:
`HOGAR_GOLDEN=write pytest tests/unit/strategy/test_golden.py`, and read the difference.
"""

import os
from pathlib import Path

import pytest

from hogar import strategy
from hogar.errors import ProblemsFound
from hogar.strategy import cases
from hogar.telco.catalogue import Catalogue

GOLDEN = Path(__file__).parents[2] / "golden" / "strategy"


@pytest.mark.parametrize("name", sorted(path.stem for path in GOLDEN.glob("*.yml")))
def test_every_problem_is_found_at_its_place(
    name: str, acme: dict[str, str], catalogue: Catalogue, offers: dict[str, str]
) -> None:
    """All problems of a file come at once, each with line, column and a cure; nothing else is complained about."""
    text = (GOLDEN / f"{name}.yml").read_text(encoding="utf-8")
    path = text.splitlines()[0].removeprefix("# ")
    if path.startswith("tests/"):
        with pytest.raises(ProblemsFound) as found:
            cases.read(path, text, strategy.compile(acme, catalogue, offers), catalogue)
        problems = found.value.problems
    else:
        problems = tuple(strategy.check(acme | {path: text}, catalogue, offers))
    said = "".join(f"{problem}\n" for problem in problems)
    expected = GOLDEN / f"{name}.txt"
    if os.environ.get("HOGAR_GOLDEN") == "write":
        expected.write_text(said, encoding="utf-8")
    assert said == expected.read_text(encoding="utf-8")
