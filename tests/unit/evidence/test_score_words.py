"""Does `hogar twin score` say to people what it found?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hogar.cli.output import Output
from hogar.cli.twin_score import show
from hogar.evidence.score import Score


def test_the_score_is_told_in_tables(
    scored: Callable[..., Score], capsys: pytest.CaptureFixture[str]
) -> None:
    """Figures, roles beside the holder's, kinds of household, and what is not judged with its reason."""
    show(Output(json=False), scored())
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "pairs 1.000 1.000 1.000" in lines
    assert "line users 0.500 of 2 lines" in lines
    assert "financial controller 1 2 0.500 1.000 0.667 0.667" in lines
    assert "couple 1 2 1.000 1.000 1.000 0.500 0.667 0.556" in lines
    assert "members at other operators not looked for" in lines
    assert "members elsewhere" not in " ".join(lines)


def test_members_elsewhere_are_told_where_they_are_judged(
    scored: Callable[..., Score], capsys: pytest.CaptureFixture[str]
) -> None:
    """Precision and recall of all, and of each kind of household."""
    stated = {"number_id": ["x1", "x4"], "household_id": ["F1", "F1"], "probability": [0.5, 0.9]}
    show(Output(json=False), scored(resolved={"offnet": stated}))
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "members elsewhere 0.500 0.500" in lines
    assert "members elsewhere 2 stated, 2 could be heard" in lines
    assert any(line.startswith("couple") and line.endswith("0.500 / 1.000") for line in lines)


def test_an_older_market_is_told_shortly(
    scored: Callable[..., Score], capsys: pytest.CaptureFixture[str]
) -> None:
    """No empty table stands there for what the truth does not hold."""
    show(Output(json=False), scored(truth=dict.fromkeys(("lines", "roles", "households", "offnet"))))
    told = capsys.readouterr().out
    assert "Roles" not in told
    assert "By kind" not in told
    assert "the truth has no roles.parquet" in told
