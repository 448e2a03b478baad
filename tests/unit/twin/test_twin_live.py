"""`hogar twin live`: contacts of the product's own files are answered by the true market, month by month."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

from hogar.cli import twin_live
from hogar.cli.twin_contacts import CONTACTS_A_PERSON_MAX, persons_of
from hogar.cli.twin_files import default_params
from hogar.cli.twin_record import FILE, Record, read_record, world_of
from hogar.errors import UsageError

PERSONS, SEED = 500, 1  # of the shared market

app = typer.Typer()
app.callback()(lambda: None)
twin_live.register(app)


@pytest.fixture
def project(markets: Callable[[int, int], Path], copy_of: Callable[[Path], Path]) -> Path:
    folder = copy_of(markets(PERSONS, SEED))
    record = Record(persons=PERSONS, seed=SEED, params=default_params())
    (folder / FILE).write_bytes(msgspec.json.encode(record))
    return folder


def live(*arguments: object) -> Any:
    ran = CliRunner().invoke(app, ["live", *map(str, arguments), "--json"], catch_exceptions=False)
    assert ran.exit_code == 0
    return json.loads(ran.stdout.splitlines()[-1])


def test_the_world_is_drawn_again_as_it_was(project: Path) -> None:
    """The recorded parameters and seed give the world whose parties the silos name."""
    record = read_record(project)
    assert record.params == default_params()
    people = persons_of(world_of(record))
    with (project / "data" / "crm" / "customers.csv").open(encoding="utf-8", newline="") as file:
        named = {f"crm:{row['id_cliente']}" for row in csv.DictReader(file) if row["id_cliente"]}
    assert len(named) > 200
    assert named <= people.keys()


def test_a_target_file_is_answered_and_a_month_closed(project: Path, tmp_path: Path) -> None:
    """Rows become answers of true persons; a repeated file is not answered twice; ids that mean nobody are counted."""
    people = sorted(persons_of(world_of(read_record(project))))
    rows = [
        f"P-{party},fibre_upgrade,P-{party},sms,why" for party in people[:300] if party.startswith("crm:")
    ]
    target, out = tmp_path / "plan.csv", tmp_path / "answers.jsonl"
    header = "person,action,recipient,channel,reason"
    target.write_text("\n".join([header, *rows, "P-crm:C0,tv_basic,P-crm:C0,sms,x", ""]), encoding="utf-8")
    first = live(project, "--contacts", target, "--out", out)
    assert first["contacts"] == len(rows) + 1
    assert first["passed_over"] == {"nobody has this id": 1}
    assert sum(first["outcomes"].values()) == len(rows)
    answers = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert len(answers) == len(rows) - first["outcomes"]["ignored"] > 0
    assert {answer["outcome"] for answer in answers} <= {"accepted", "declined", "later", "not_mine"}
    again = live(project, "--contacts", target, "--out", out, "--month-end")
    assert again["answered_before"] == len(rows)
    assert len(out.read_text(encoding="utf-8").splitlines()) == len(answers)
    assert again["totals"]["contacts"] == len(rows)
    assert live(project, "--month-end")["month"] == 1


def test_the_outbox_is_answered_for_the_api(project: Path, tmp_path: Path, hogar: Callable[..., Any]) -> None:
    """Messages that a campaign delivered are answered with the ids that POST /v1/responses takes."""
    assert hogar("campaign", "run", "convergence", "--project", project).code == 0
    files = sorted((project / ".hogar").glob("*/outbox/*.jsonl"))
    said = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    assert said
    out = tmp_path / "answers.jsonl"
    counted = [live(project, "--contacts", file, "--out", out) for file in files]
    assert sum(one["contacts"] for one in counted) == len(said)
    assert not any(one["passed_over"] for one in counted)
    decisions = {one["message"]["decision"] for one in said}
    for line in out.read_text(encoding="utf-8").splitlines():
        answer = json.loads(line)
        assert answer["decision"] in decisions
        assert isinstance(answer["proposal"], int)


def test_what_cannot_be_is_refused(project: Path, tmp_path: Path) -> None:
    """No market, nothing to do, an unknown offer, a file of another shape, damaged state: the reason is said."""
    for arguments, why in (
        ([project], "say --contacts"),
        ([project, "--month-end", "--offer", "fibre_upgrade=NOTHING"], "ACTION=OFFER"),
        ([project, "--contacts", tmp_path / "none.csv"], "no such file"),
        ([project, "--contacts", tmp_path], "this is a folder"),
        ([tmp_path, "--month-end"], "no market"),
    ):
        with pytest.raises(UsageError, match=why):
            live(*arguments)
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(UsageError, match="no column person"):
        live(project, "--contacts", wrong)
    live(project, "--month-end")
    (project / "truth" / "live" / "state.npz").write_bytes(b"torn")
    with pytest.raises(UsageError, match="no state of this market"):
        live(project, "--month-end")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["persons"], 10**12), (["persons"], 5), (["seed"], -1), (["seed"], 2**63), (["params", "now"], "today"),
        (["params", "reactions", "annoyance"], -1), (["params", "consent", "traffic"], 7),
        (["params", "consent", "traffic"], None), (["params", "mars"], {}),
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_is_damaged(tmp_path: Path, path: list[str], value: object) -> None:
    """The rules of a parameter file hold for what lies in truth/market.json."""
    record = Record(persons=PERSONS, seed=SEED, params=default_params().with_dirt(0))
    said = msgspec.to_builtins(record)
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_bytes(msgspec.json.encode(said))
    assert read_record(tmp_path) == record
    inner = said
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    (tmp_path / FILE).write_bytes(msgspec.json.encode(said))
    with pytest.raises(UsageError, match="generate the market again"):
        read_record(tmp_path)


def test_a_target_file_of_other_types_is_no_traceback(project: Path, tmp_path: Path) -> None:
    """Nothing and numbers mean nobody; lists are no texts."""
    party = min(one for one in persons_of(world_of(read_record(project))) if one.startswith("crm:"))
    target = tmp_path / "plan.parquet"

    def write(person: list[Any], recipient: list[Any]) -> None:
        texts = {name: ["x"] * len(person) for name in ("action", "reason")} | {
            "channel": ["sms"] * len(person)
        }
        pq.write_table(pa.table({"person": person, "recipient": recipient, **texts}), target)

    write([None, f"P-{party}", f"P-{party}"], [f"P-{party}", None, f"P-{party}"])
    found = live(project, "--contacts", target)
    assert found["passed_over"] == {"nobody has this id": 2}
    write([1], [2])
    assert live(project, "--contacts", target)["passed_over"] == {"nobody has this id": 1}
    write([["a"]], [["b"]])
    with pytest.raises(UsageError, match="hold texts"):
        live(project, "--contacts", target)


def test_contacts_without_end_of_one_person_are_refused(project: Path, tmp_path: Path) -> None:
    """The person is named, and nothing is answered."""
    party = min(one for one in persons_of(world_of(read_record(project))) if one.startswith("crm:"))
    target = tmp_path / "plan.csv"
    row = f"P-{party},fibre_upgrade,P-{party},sms,why\n"
    target.write_text("person,action,recipient,channel,reason\n" + row * (CONTACTS_A_PERSON_MAX + 1))
    with pytest.raises(UsageError, match=f"P-{party}: 101 contacts"):
        live(project, "--contacts", target)
    assert not (project / "truth" / "live" / "state.npz").exists()
    target.write_text("person,action,recipient,channel,reason\n" + row * CONTACTS_A_PERSON_MAX)
    assert live(project, "--contacts", target)["contacts"] == CONTACTS_A_PERSON_MAX


def test_a_seed_of_the_future_has_a_most(project: Path) -> None:
    """No traceback for a huge one."""
    ran = CliRunner().invoke(app, ["live", str(project), "--month-end", "--seed", str(2**63)])
    assert ran.exit_code == 2
