"""The contract of the commands: what they teach, what they print, and how they end."""

from __future__ import annotations

import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest
import typer

from hogar.cli import app

pytestmark = pytest.mark.market
Copy = Callable[[Path], Path]
COLUMNS = ["person", "action", "recipient", "channel", "reason", "role"]
THIN = {
    "resolve", "train", "publish", "serve", "check", "new", "campaign plan", "campaign run", "triggers run", "whatif",
    "twin generate", "twin live",
}  # fmt: skip
CONTRACT = {
    "demo", "new", "check", "preview", "schema", "readiness", "ingest", "resolve", "features", "train", "publish",
    "build", "serve", "decide", "explain", "replay", "whatif", "campaign plan", "campaign run", "campaign status",
    "triggers run", "twin generate", "twin score", "twin live", "twin stream",
    "strategies", "diff", "approve", "reject", "rollback", "stop", "resume", "set", "audit",
}  # fmt: skip


def commands() -> Iterator[tuple[str, Any]]:
    """Every command by what a person types after `hogar`."""

    def below(group: Any, before: str) -> Iterator[tuple[str, Any]]:
        for name, command in group.commands.items():
            typed = f"{before} {name}".strip()
            yield from below(command, typed) if hasattr(command, "commands") else [(typed, command)]

    yield from below(typer.main.get_command(app), "")


COMMANDS = dict(commands())


def somebody(project: Path, hogar: Any) -> str:
    """The first person whom a campaign speaks to."""
    out = project.parent / "somebody.csv"
    assert hogar("campaign", "plan", "convergence", "--out", out, "--project", project).code == 0
    with out.open(newline="") as file:
        return next(csv.DictReader(file))["recipient"]


def test_the_commands_of_the_contract_are_there() -> None:
    """No command is missing, and none is there that nobody asked for."""
    assert set(COMMANDS) == CONTRACT


@pytest.mark.parametrize("typed", sorted(COMMANDS))
def test_help_teaches_and_says_what_is_thin(typed: str, hogar: Any) -> None:
    """Each command says what it does and what each option is for; one that is thin yet says what is missing."""
    ran = hogar(*typed.split(), "--help")
    assert (ran.code, ran.err) == (0, "")
    words = COMMANDS[typed].help
    assert len(words) > 100 or typed == "campaign status", words
    assert ("Thin:" in ran.out) == (typed in THIN)
    assert "--json" in ran.out
    assert all(getattr(option, "help", "") for option in COMMANDS[typed].params)


@pytest.mark.parametrize("group", ["", "campaign", "triggers", "twin"])
def test_the_lists_of_commands_are_whole(group: str, hogar: Any) -> None:
    """In 80 columns no line of help is cut off, and the picture of the way keeps its lines."""
    ran = hogar(*group.split(), "--help")
    assert ran.code == 0
    assert "..." not in ran.out.replace("[ARGS]...", "")
    if not group:
        assert "\n    hogar check          find every problem in it\n" in ran.out


def test_hogar_alone_and_as_a_module(hogar: Any) -> None:
    """`hogar` alone shows help; `python -m hogar` is the same program."""
    assert "hogar demo" in hogar().out + hogar().err
    ran = subprocess.run(
        [sys.executable, "-m", "hogar", "--version"], capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stdout.startswith("hogar ")
    assert ran.stdout == hogar("--version").out


def test_json_is_the_last_line_and_alone(small_market_built: Path, copy_of: Copy, hogar: Any) -> None:
    """With --json standard output is one object on one line; words for people go to standard error."""
    project = copy_of(small_market_built)
    person = somebody(project, hogar)
    decision = hogar("decide", "--person", person, "--channel", "web", "--project", project, "--json")
    assert decision.code == 0
    (project / "events.jsonl").write_text("")
    for typed in (
        "check", "ingest", "resolve", "features", "train", "publish", "build",
        f"explain decision {decision.json['decision']}", f"explain decision {person}", f"explain {person}",
        f"explain household {decision.json['household']}", f"replay {decision.json['decision']}",
        "schema", "preview tv_basic", f"preview fibre_upgrade --person {person}", "campaign plan renewals",
        "campaign run renewals", "campaign status renewals",
        f"triggers run --events {project}/events.jsonl",
        "replay --all", f"whatif --lever upgrade=2 --plot {project}/o.svg --out {project}/o.csv",
    ):  # fmt: skip
        ran = hogar(*typed.split(), "--project", project, "--json")
        assert ran.code == 0, (typed, ran.err)
        assert ran.out.count("\n") == 1, typed
        assert isinstance(ran.json, dict), typed
        people = hogar(*typed.split(), "--project", project)
        assert people.out.strip(), typed
        assert not people.out.startswith("{"), typed
        assert ran.err.strip(), typed


def test_exit_codes(small_market_built: Path, copy_of: Copy, hogar: Any, tmp_path: Path) -> None:
    """0 good, 1 problems found, 2 wrong usage; with --json the last line is an object then too."""
    project = copy_of(small_market_built)
    assert hogar("check", "--project", project).code == 0
    (project / "strategy/actions/tv_basic.yml").write_text("name: broken\neligible_wen: true\n")
    for typed, code in (
        ("check", 1), ("publish", 1), ("build", 1), ("campaign plan nobody", 2), ("replay D-0", 2),
        ("decide --person P-0 --channel web", 2), ("decide --channel web", 2), ("decide --person P-0 --channel fax", 2),
        ("preview nothing", 1), ("preview tv_basic --role boss", 2), ("explain weather W-1", 2),
        ("explain household H-0", 2), ("check --now yesterday", 2), ("publish --fast", 2),
        ("build --data /nowhere", 2), ("resolve --out m.txt", 2), ("campaign plan renewals --out t.doc", 2),
        ("whatif", 1), ("whatif --strategy live --by line.plan", 2), ("whatif --plot t.png", 2),
        ("whatif --against ffff", 2), ("replay", 2), ("replay D-0 --all", 2), ("replay --since soon", 2),
    ):  # fmt: skip
        ran = hogar(*typed.split(), "--project", project, "--json")
        assert ran.code == code, (typed, ran.err)
        assert ran.out.count("\n") == 1, typed
        assert {"error", "problems"} & set(ran.json), typed
        assert ran.err.strip(), typed
        assert "Traceback" not in ran.err
    nowhere = hogar("build", "--project", tmp_path / "nowhere", "--json")
    assert (nowhere.code, "hogar new" in nowhere.json["error"]) == (2, True)
    assert hogar("biuld").code == 2


def test_a_plan_adds_up(market: Path, copy_of: Copy, hogar: Any, tmp_path: Path) -> None:
    """audience = proposed + excluded; the file has the five columns and a row a proposal; CSV and Parquet agree."""
    project = copy_of(market)
    for name in ("renewals", "convergence"):
        files = [tmp_path / f"{name}.csv", tmp_path / f"{name}.parquet"]
        reports = [
            hogar("campaign", "plan", name, "--out", file, "--project", project, "--json").json
            for file in files
        ]
        report = reports[0]
        assert {**reports[1], "out": None} == {**report, "out": None}
        assert report["audience"] == report["proposed"] + sum(report["excluded"].values())
        assert 0 < report["proposed"] < report["audience"]
        with files[0].open(newline="", encoding="utf-8") as file:
            assert len(files[0].read_text().splitlines()) == report["proposed"] + 1, (
                "no line break in a field"
            )
            rows = list(csv.reader(file))
        table = pq.read_table(files[1])
        assert rows[0] == table.column_names == COLUMNS
        assert rows[1:] == [list(row.values()) for row in table.to_pylist()]
        assert all(all(row) for row in rows)


def test_resolve_writes_every_record_and_compares_with_the_truth(
    market: Path, copy_of: Copy, hogar: Any, tmp_path: Path
) -> None:
    """--out holds record_id, household_id, probability for every source record; run alone, the truth is scored."""
    project = copy_of(market)
    ran = hogar("resolve", "--out", tmp_path / "membership.parquet", "--project", project, "--json")
    table = pq.read_table(tmp_path / "membership.parquet")
    assert table.column_names == ["record_id", "household_id", "probability"]
    (ingested,) = (project / ".hogar/data/steps/ingest").iterdir()
    records = pq.read_table(ingested / "person.parquet").column("party_id").to_pylist()
    assert sorted(table.column("record_id").to_pylist()) == sorted(records)
    assert all(0 <= value <= 1 for value in table.column("probability").to_pylist())
    truth = ran.json["truth"]
    assert {"pair_precision", "pair_recall", "pair_f1"} <= set(truth)
    assert truth["pair_f1"] > 0.75, "a hard market: the exact-address rule finds about 0.7"
    assert truth["pair_precision"] > 0.8
    score = hogar("twin", "score", project, "--json")
    assert (score.code, score.json["pair_f1"]) == (0, truth["pair_f1"])


def test_all_decisions_replay_and_a_spoilt_one_is_named(
    small_market_built: Path, copy_of: Copy, hogar: Any
) -> None:
    """Exit code 0 where all bytes are the same; 1, with the decision and its part, where one was changed."""
    project = copy_of(small_market_built)
    person = somebody(project, hogar)
    made = hogar("decide", "--person", person, "--channel", "web", "--project", project, "--json")
    all_ = hogar("replay", "--all", "--project", project, "--json")
    assert (all_.code, all_.json["identical"], all_.json["gone"]) == (0, all_.json["decisions"], 0)
    assert all_.json["decisions"] > 1
    (ledger,) = project.glob(".hogar/*/ledger.db")
    with sqlite3.connect(ledger) as connection:
        connection.execute("UPDATE decision SET at = at + 1 WHERE id = ?", (made.json["decision"],))
    connection.close()
    spoilt = hogar("replay", "--mode", "inbound", "--project", project, "--json")
    assert (spoilt.code, spoilt.json["different"]) == (1, 1)
    (one,) = spoilt.json["differences"]
    assert (one["decision"], one["differences"][0]["part"]) == (made.json["decision"], "ledger.at")


def test_a_decision_replays_in_a_fresh_process_under_another_strategy(
    market: Path, copy_of: Copy, hogar: Any
) -> None:
    """Decide, change the strategy and the data, build, restart: the recorded decision comes out byte for byte."""
    project = copy_of(market)
    person = somebody(project, hogar)
    made = hogar(
        "decide", "--person", person, "--channel", "web", "--reason", "plans", "--project", project, "--json"
    )
    assert made.json["proposals"]
    policies = project / "strategy/policies.yml"
    policies.write_text(
        policies.read_text().replace("inbound: 3", "inbound: 1").replace("reach: 0.9", "reach: 0.5")
    )
    built = hogar("publish", "--project", project, "--json")
    assert built.code == 0, built.err
    assert built.json["strategy"] != made.json["strategy"]
    ran = subprocess.run(
        [sys.executable, "-m", "hogar", "replay", made.json["decision"], "--project", project, "--json"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    report = json.loads(ran.stdout)
    assert (report["identical"], report["differences"]) == (True, [])
    assert report["strategy"] == made.json["strategy"]
    told = hogar("explain", "decision", made.json["decision"], "--project", project, "--json").json
    assert [p["action"] for p in told["proposals"]] == [p["action"] for p in made.json["proposals"]]
    assert told["excluded"]
    assert all(exclusion["because"] for exclusion in told["excluded"])


def test_serve_answers_within_five_seconds(market: Path, copy_of: Copy, hogar: Any) -> None:
    """`serve --open`: /health in time, a decision over HTTP that `explain` finds, an end in order."""
    project = copy_of(market)
    person = somebody(project, hogar)
    command = [sys.executable, "-m", "hogar", "serve", "--open", "--port", "8937", "--project", project]
    start = time.monotonic()
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        health = waited("http://127.0.0.1:8937/health", server, start + 30)
        assert time.monotonic() - start < 15, "five seconds on a quiet machine"
        assert health.json()["status"] == "ready"
        answer = httpx.post(
            "http://127.0.0.1:8937/v1/decisions",
            json={"person": person, "channel": "web", "reason": "plans"},
            timeout=10,
        )
        assert answer.status_code == 200
        assert answer.json()["person"] == person
    finally:
        server.send_signal(signal.SIGINT)
        _, err = server.communicate(timeout=30)
    assert "Traceback" not in err
    assert person not in err, "nobody's id in the server's log"
    assert hogar("explain", "decision", answer.json()["decision"], "--project", project).code == 0


def waited(url: str, server: subprocess.Popen[str], deadline: float) -> httpx.Response:
    """The first answer of a server that is starting."""
    while time.monotonic() < deadline and server.poll() is None:
        try:
            return httpx.get(url, timeout=2)
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the server did not start")


def test_serve_is_closed_by_default(
    small_market_built: Path, copy_of: Copy, hogar: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a key nothing is opened; an open server never listens beyond this machine."""
    monkeypatch.delenv("HOGAR_API_KEY", raising=False)
    project = copy_of(small_market_built)
    ran = hogar("serve", "--project", project)
    assert ran.code == 2
    assert "HOGAR_API_KEY" in ran.err
    assert hogar("serve", "--open", "--host", "0.0.0.0", "--project", project).code == 2


def test_a_new_project_checks_and_builds(tmp_path: Path, hogar: Any) -> None:
    """`new`, `check`, `build`, `decide` one after the other; and `new` never writes over anything."""
    project = tmp_path / "my own [project] ü"
    for arguments in (("new", project), ("check", "--project", project), ("build", "--project", project)):
        ran = hogar(*arguments)
        assert ran.code == 0, ran.err
    assert "[project]" in hogar("new", tmp_path / "a [project]").out
    before = sorted(str(path) for path in project.rglob("*"))
    again = hogar("new", project)
    assert again.code == 2
    assert "not an empty folder" in again.err
    assert sorted(str(path) for path in project.rglob("*")) == before
    assert hogar("new", tmp_path / "x", "--template", "acne").code == 2


def test_generate_gives_a_market_that_builds_and_scores(tmp_path: Path, hogar: Any) -> None:
    """The same seed gives the same bytes, another seed others; the folder is a project."""
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        ran = hogar("twin", "generate", tmp_path / name, "--persons", 100, "--seed", seed, "--json")
        assert ran.code == 0, ran.err
        assert ran.json["persons"] == 100
    a, b, c = (
        {
            p.relative_to(tmp_path / n): p.read_bytes()
            for p in (tmp_path / n / "data").rglob("*")
            if p.is_file()
        }
        for n in "abc"
    )
    assert a == b
    assert a != c
    assert hogar("twin", "score", tmp_path / "a").code == 2, "nothing is resolved yet"
    assert hogar("build", "--project", tmp_path / "a").code == 0
    assert 0 < hogar("twin", "score", tmp_path / "a", "--json").json["pair_f1"] <= 1


def test_a_demo_again_keeps_what_was_changed(tmp_path: Path, hogar: Any) -> None:
    """Twice `demo`: stories true both times, the files that somebody changed stay, the first memory is put aside."""
    folder = tmp_path / "demo"
    arguments = ("demo", "--dir", folder, "--persons", 500, "--seed", 1, "--no-serve", "--json")
    first = hogar(*arguments)
    assert first.code == 0, first.err
    assert first.out.count("\n") == 1
    action = folder / "strategy/actions/tv_basic.yml"
    action.write_text(action.read_text() + "# mine\n")
    again = hogar(*arguments)
    assert again.code == 0, again.err
    assert action.read_text().endswith("# mine\n")
    assert {"persons", "households", "decisions", "stories", "seconds"} <= set(again.json)
    assert set(again.json["decisions"]) == {"inbound", "campaign", "triggered"}
    assert all(again.json["stories"].values())
    assert again.json["strategy"] != first.json["strategy"]
    assert (folder / ".hogar/before-1/ledger.db").is_file()
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    (stranger / "thesis.doc").write_text("mine")
    refused = hogar("demo", "--dir", stranger, "--no-serve")
    assert (refused.code, os.listdir(stranger)) == (2, ["thesis.doc"])


def test_a_resolution_goes_on_begins_anew_and_says_what_was_lost(
    market: Path, copy_of: Copy, hogar: Any
) -> None:
    """Ids and history go on; a wrong day is undone by `--anew`; files that were lost are told."""
    project = copy_of(market)
    first = hogar("resolve", "--project", project, "--json").json
    late = ("--now", "2027-05-01T09:00:00Z")
    for step in ("ingest", "resolve"):
        assert hogar(step, "--project", project, *late, "--json").code == 0
    assert hogar("ingest", "--project", project, "--json").code == 0
    refused = hogar("resolve", "--project", project)
    assert refused.code != 0
    assert "--anew" in refused.err
    again = hogar("resolve", "--anew", "--project", project, "--json").json
    assert (again["households"], again["events"], again["history_lost"]) == (first["households"], {}, False)
    for path in (project / ".hogar/data/steps/resolve").glob("*/history.parquet"):
        path.unlink()
    assert hogar("resolve", "--project", project, "--json").json["history_lost"]
