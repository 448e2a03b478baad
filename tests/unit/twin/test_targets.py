"""Does the market show what real people, phones and calls show? One test a target, each with its source and band.

The targets stand in `benchmarks/credibility_targets.py`; `docs/twin.md` shows them beside what a market achieves.
"""

from __future__ import annotations

from functools import cache

import pytest
from benchmarks.credibility import MARKS, shown
from benchmarks.credibility_targets import TARGETS, Made, Target, make
from tests.docs.documents import ROOT

from hogar.cli.twin_files import default_params

PAGE = (ROOT / "docs" / "twin.md").read_text(encoding="utf-8")


@cache
def made(seed: int) -> Made:
    return make(6000, seed, default_params())


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
@pytest.mark.parametrize("seed", [1, 3])
def test_the_market_meets_its_target(target: Target, seed: int) -> None:
    """The value that a market shows lies within the stated band."""
    value = target.of(made(seed))
    assert target.low <= value <= target.high, (
        f"{target.what}: {shown(target, value)}, wanted {target.wanted}"
    )


def test_the_page_shows_every_target_with_its_band() -> None:
    """The documentation's table is the command's: each target, its source, its band."""
    table = PAGE[PAGE.index(MARKS[0]) : PAGE.index(MARKS[1])]
    for target in TARGETS:
        row = next((line for line in table.splitlines() if line.startswith(f"| {target.what} |")), "")
        assert f"| {target.source} |" in row, (
            f"{target.what}: run python -m benchmarks.credibility --write docs"
        )
        assert f"| {shown(target, target.low)} to {shown(target, target.high)} |" in row, target.what


def test_bands_are_no_wider_than_they_need_be() -> None:
    """No band can hold everything: a share's band is not the whole of 0 to 1."""
    for target in TARGETS:
        assert target.low < target.high
        assert not (target.percent and target.low <= 0 and target.high >= 1), target.name
