"""`hogar check` over a built market: the demo is sound on its customers, and what nobody can hear is found out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def test_the_demo_is_sound_on_its_customers(hogar: Run, market: Path) -> None:
    """Every household is looked at, the same is said twice, and nothing is written."""
    before = sorted(str(path) for path in market.rglob("*"))
    ran = hogar("check", "--project", market, "--json")
    assert ran.code == 0
    assert ran.json["problems"] == []
    assert ran.json["households"] > 100
    assert hogar("check", "--project", market, "--json").json == ran.json
    assert sorted(str(path) for path in market.rglob("*")) == before
    assert hogar("check", "--project", market, "--sample", "7", "--json").json["households"] == 7
    assert hogar("check", "--project", market, "--no-base", "--json").json["households"] == 0


def test_an_action_for_nobody_is_found(hogar: Run, market: Path, copy_of: Callable[[Path], Path]) -> None:
    """A condition that no customer meets is told with its place, and with how many it stops."""
    project = copy_of(market)
    path = project / "strategy" / "actions" / "churn_save.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("score.churn > 0.25", "score.churn > 0.9999"), encoding="utf-8")
    cases = project / "tests" / "plans.yml"
    cases.write_text(
        cases.read_text(encoding="utf-8").replace("expect: {action: churn_save}", "expect: nothing")
    )
    ran = hogar("check", "--project", project)
    assert ran.code == 0
    assert "strategy/actions/churn_save.yml:" in ran.err
    assert "action `churn_save` qualifies for none of " in ran.err
    assert hogar("check", "--project", project, "--strict").code == 1
