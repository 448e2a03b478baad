"""The golden cases of the stages: `tests/golden/decide/STAGE.txt`, which say themselves how they are written.

To accept new outcomes, write the files anew and read the difference:
`HOGAR_GOLDEN=write pytest tests/unit/decide/test_golden.py`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from golden_cases import Case, outcome, read

from hogar import decide

GOLDEN = Path(__file__).parents[2] / "golden" / "decide"
FILES = sorted(GOLDEN.glob("*.txt"))
CASES = [(path.stem, case) for path in FILES for case in read(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("stage", "case"), CASES, ids=[f"{stage}: {case.name}" for stage, case in CASES])
def test_a_case_comes_out_as_written(stage: str, case: Case) -> None:
    """What is proposed and excluded, with its numbers and words, is what the file says, line by line."""
    found = outcome(case)
    if os.environ.get("HOGAR_GOLDEN") == "write":
        rewrite(GOLDEN / f"{stage}.txt", case, found)
    else:
        assert found == case.expected


def test_every_stage_has_its_cases_and_its_page() -> None:
    """Stage, golden file and page carry one name, and no file is left over."""
    stages = sorted(stage.__name__ for stage in decide.STAGES)
    assert [path.stem for path in FILES] == stages
    pages = Path(__file__).parents[3] / "docs" / "stages"
    assert sorted(path.stem for path in pages.glob("*.md")) == stages


def test_every_reason_of_the_house_occurs_in_a_case() -> None:
    """Each reason that a candidate may fall for is shown to analysts at least once, but for not being asked for."""
    shown = {line.split("  ")[-1] for _, case in CASES for line in case.expected}
    hidden = ("proposed", "not_asked", "not_in_audience")
    words = {words for name, _, words in decide.HOUSE_REASONS.values() if name not in hidden}
    assert words - shown == set()


def rewrite(path: Path, case: Case, found: list[str]) -> None:
    """The file with this case's outcome replaced."""
    heads = re.split(r"(?m)^(?=case )", path.read_text(encoding="utf-8"))
    for number, block in enumerate(heads):
        if block.startswith("case") and next(read(block)).name == case.name:
            kept = [
                line for line in block.rstrip().splitlines() if not line.startswith(("proposed", "excluded"))
            ]
            heads[number] = "\n".join([*kept, *found]) + "\n\n"
    path.write_text("".join(heads).rstrip() + "\n", encoding="utf-8")
