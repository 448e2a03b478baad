"""What an explanation shows can be worked out again with the numbers that it shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.market


def test_the_score_is_the_product_that_is_shown(
    market: Path, copy_of: Callable[[Path], Path], hogar: Any
) -> None:
    """Accepted x value x weight - cost is the score, to a cent, for every proposal of a plan and of a contact."""
    project = copy_of(market)
    plan = hogar(
        "campaign", "plan", "convergence", "--out", project / "rows.csv", "--project", project, "--json"
    )
    assert plan.json["proposed"] > 0
    persons = [line.split(",")[0] for line in (project / "rows.csv").read_text("utf-8").splitlines()[1:6]]
    weights = set()
    for person in persons:
        hogar("decide", "--person", person, "--channel", "web", "--reason", "plans", "--project", project)
        for proposal in hogar("explain", person, "--project", project, "--json").json["proposals"]:
            worked_out = (
                proposal["accepted"] * proposal["value_eur"] * proposal["weight"] - proposal["cost_eur"]
            )
            assert proposal["score_eur"] == pytest.approx(worked_out, abs=0.01)
            weights.add(proposal["weight"])
    assert weights
