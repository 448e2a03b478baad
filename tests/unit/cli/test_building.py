"""Does the line about a step say what people must know?"""

from __future__ import annotations

import pytest

from hogar.build import StepResult
from hogar.cli.building import show
from hogar.cli.output import Output

RESOLVED = {"parties": 9, "persons": 8, "households": 5, "biggest": 3, "judged": 190}


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ({"answered": 200, "stale": 3, "disputed": 0}, "3 of 200 judgements no longer apply"),
        ({"answered": 200, "stale": 0, "disputed": 2}, "raters dispute 2 judged pairs"),
    ],
)
def test_what_became_of_judgements_is_said(
    counts: dict[str, int], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Words that no longer apply, or contradict each other, are counted aloud; nothing is said of none."""
    result = StepResult(step="resolve", report={**RESOLVED, "judgements": counts}, seconds=0.1, fresh=True)
    show(Output(json=False), result)
    said = capsys.readouterr().out
    assert told in said
    assert "190 judged pairs" in said
    assert said.count("\n") == 2
