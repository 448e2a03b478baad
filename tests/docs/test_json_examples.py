"""The JSON that `docs/commands.md` shows has the keys that the commands print.

Every command is run on the demo's market.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.docs.conftest import Demo
from tests.docs.documents import ROOT, blocks, section
from typer.testing import CliRunner

from hogar.cli import app

pytestmark = pytest.mark.slow
COMMANDS = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
OPEN_OBJECTS = {
    "excluded",
    "words",
    "outcomes",
    "failed",
    "tables",
    "quarantine_reasons",
    "weights",
    "asked",
    "seconds",
}


def hogar(*words: str, code: int = 0) -> Any:
    """The object that a command prints with `--json`."""
    done = CliRunner().invoke(app, [*words, "--json"])
    assert done.exit_code == code, f"hogar {' '.join(words)}: {done.output}{done.exception!r}"
    return json.loads(done.stdout.splitlines()[-1])


def documented(command: str) -> Any:
    """The JSON object that the page shows for a command."""
    page = section(COMMANDS, command).split("\n### ")[0]
    found = [block for block in blocks(page) if block.language == "json"]
    assert len(found) == 1, f"{command}: one JSON example, not {len(found)}"
    return json.loads(found[0].text)


def same_keys(shown: Any, printed: Any, place: str) -> list[str]:
    """Where the keys of what is shown and what is printed differ; lists are compared by their first items."""
    if isinstance(shown, list) and isinstance(printed, list):
        return same_keys(shown[0], printed[0], f"{place}[0]") if shown and printed else []
    if not (isinstance(shown, dict) and isinstance(printed, dict)):
        return (
            []
            if type(shown) is type(printed) or None in (shown, printed) or _numbers(shown, printed)
            else [f"{place}: shown as {shown!r}, printed as {printed!r}"]
        )
    if place.rpartition(".")[2] in OPEN_OBJECTS or not shown:
        return []
    wrong = [f"{place}.{key}: shown, not printed" for key in shown.keys() - printed.keys()]
    wrong += [f"{place}.{key}: printed, not shown" for key in printed.keys() - shown.keys()]
    return wrong + [
        line
        for key in shown.keys() & printed.keys()
        for line in same_keys(shown[key], printed[key], f"{place}.{key}")
    ]


def _numbers(*values: object) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def test_each_example_has_the_keys_of_the_command(demo: Demo, tmp_path: Path) -> None:
    """Every command's example; those that only start a server are left out."""
    project = demo.project
    printed = hogar("demo", "--dir", str(project), "--no-serve")
    on = ("--project", str(project))
    decision = re.findall(r"D-[0-9a-f]{24}", demo.words)[0]
    person = hogar("explain", "decision", decision, *on)["proposals"][0]["recipient"]
    events = tmp_path / "events.jsonl"
    events.write_text("no event\n", encoding="utf-8")
    results = {
        "hogar demo": printed,
        "hogar new": hogar("new", str(tmp_path / "mine")),
        "hogar check": hogar("check", "--project", str(_broken(tmp_path / "mine")), code=1),
        "hogar preview": hogar("preview", "tv_basic", *on),
        "hogar schema": hogar("schema", *on),
        "hogar build": hogar("build", *on),
        **{
            f"hogar {step}": hogar(step, *on)
            for step in ("ingest", "resolve", "features", "train", "publish")
        },
        "hogar readiness": hogar("readiness", *on),
        **_steered(project, on),
        "hogar decide": hogar("decide", "--person", person, "--channel", "web", *on),
        "hogar explain": hogar("explain", "decision", decision, *on),
        "hogar explain household": hogar("explain", "household", person, *on),
        "hogar replay": hogar("replay", decision, *on),
        "hogar replay --all": hogar("replay", "--all", *on),
        "hogar whatif": hogar("whatif", "--lever", "upgrade=3", *on),
        "hogar campaign plan": hogar(
            "campaign", "plan", "convergence", "--out", str(tmp_path / "t.csv"), *on
        ),
        "hogar campaign run": hogar("campaign", "run", "renewals", *on),
        "hogar campaign status": hogar("campaign", "status", "renewals", *on),
        "hogar triggers run": hogar("triggers", "run", "--events", str(events), *on, code=1),
        "hogar twin generate": hogar("twin", "generate", str(tmp_path / "market"), "--persons", "300"),
        "hogar twin score": hogar("twin", "score", str(project)),
        "hogar twin stream": hogar(
            "twin",
            "stream",
            str(project),
            "--speed",
            "0",
            "--limit",
            "3",
            "--out",
            str(tmp_path / "now.jsonl"),
        ),
        "hogar twin live": hogar("twin", "live", str(tmp_path / "market"), "--month-end"),
    }
    headings = set(re.findall(r"^###? (hogar .+)$", COMMANDS, re.MULTILINE))
    assert headings == results.keys() | {"hogar serve"}
    wrong = [line for name, result in results.items() for line in same_keys(documented(name), result, name)]
    assert not wrong, "\n".join(wrong)


def _steered(project: Path, on: tuple[str, str]) -> dict[str, Any]:
    """What the commands print that propose, approve, set and stop; the project decides as before in the end."""
    path = project / "strategy" / "actions" / "renewal_handset.yml"
    text, why = path.read_text(encoding="utf-8"), ("--why", "an example")
    path.write_text(text.replace("urgency: 1.2", "urgency: 1.3"), encoding="utf-8")
    found = {"hogar diff": hogar("diff", *on)}
    changed = hogar("publish", "--propose", *on)["strategy"]
    found["hogar reject"] = hogar("reject", changed, *why, *on)
    hogar("publish", "--propose", *on)
    found["hogar approve"] = hogar("approve", changed, *why, *on)
    hogar("set", "lever", "purpose:retain=1.3", "--until", "2099-12-31", *on)
    found["hogar set"] = hogar("set", "price", "channel:sms=0.1", *on)
    hogar("set", "--clear", *on)
    path.write_text(text, encoding="utf-8")
    found["hogar rollback"] = hogar("rollback", hogar("publish", *on)["before"], *why, *on)
    hogar("publish", *on)
    found["hogar stop"] = hogar("stop", "--channel", "sms", *why, *on)
    found["hogar resume"] = hogar("resume", *on)
    found["hogar strategies"], found["hogar audit"] = hogar("strategies", *on), hogar("audit", *on)
    return found


def _broken(project: Path) -> Path:
    """The project with one word misspelt."""
    path = project / "strategy" / "actions" / "second_line.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("interest:", "intrest:"), encoding="utf-8")
    return project
