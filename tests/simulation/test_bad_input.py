"""Whatever comes in, a message says where and what to do, the exit code says so too, and nothing is lost."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from hogar.cli.output import Output

pytestmark = pytest.mark.market
Copy = Callable[[Path], Path]
Row = dict[str, str]


@pytest.fixture
def project(small_market_built: Path, copy_of: Copy) -> Path:
    """A built market of 100 persons, to spoil."""
    return copy_of(small_market_built)


def form_of(file: str) -> tuple[str, str]:
    """Encoding and delimiter of a silo's file."""
    return ("latin-1", ";") if file.startswith("prepaid/") else ("utf-8", ",")


def rows_of(project: Path, file: str) -> list[Row]:
    """The rows of a silo's file."""
    coding, delimiter = form_of(file)
    text = (project / "data" / file).read_text(encoding=coding)
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def write_rows(project: Path, file: str, rows: list[Row], columns: list[str] | None = None) -> None:
    """A silo's file anew, with these rows."""
    coding, delimiter = form_of(file)
    columns = columns or list(rows_of(project, file)[0])
    with (project / "data" / file).open("w", newline="", encoding=coding) as opened:
        writer = csv.DictWriter(opened, columns, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


def files_of(project: Path) -> list[str]:
    """Every CSV file of the silos."""
    data = project / "data"
    return sorted(path.relative_to(data).as_posix() for path in data.rglob("*.csv"))


def counts(ran: Any) -> dict[str, dict[str, int]]:
    """The counts of each file, which add up."""
    files = {one["file"]: one for one in ran.json.get("ingest", ran.json)["files"]}
    for one in files.values():
        assert one["read"] == one["accepted"] + one["quarantined"] + one["left_out"], one
    return files


def still_decides(project: Path, hogar: Any) -> None:
    """What was published before is in use."""
    plan = hogar("campaign", "plan", "renewals", "--project", project)
    assert plan.code == 0, plan.err


def refused(hogar: Any, project: Path, *words: str, command: str = "build") -> str:
    """The command ends with 1, says all these words, nothing was published, and the version before decides."""
    ran = hogar(command, "--project", project)
    assert ran.code == 1, ran.out + ran.err
    for word in words:
        assert word in ran.err
    assert "Traceback" not in ran.err
    still_decides(project, hogar)
    return str(ran.err)


def test_a_missing_file(project: Path, hogar: Any) -> None:
    """Each source that reads it is named with its place, and where the file belongs."""
    (project / "data/orders/orders.csv").unlink()
    refused(
        hogar, project, "sources/order.sql:", "orders_orders", "put orders_orders.csv into the data folder"
    )


def test_a_wrong_column(project: Path, hogar: Any) -> None:
    """A renamed column is found at its line in the source, with the name that the file has now."""
    file = project / "data/orders/orders.csv"
    file.write_text(file.read_text().replace('"status"', '"state"', 1))
    refused(hogar, project, "sources/order.sql:7:11:", "`status`", "did you mean `state`?")


def test_bad_rows_go_to_quarantine_and_the_rest_is_built(project: Path, hogar: Any) -> None:
    """Rows with too many fields, open quotes, foreign bytes, NUL, impossible values: each kept with its reason, file
    and row; all others are accepted; the counts of every file add up."""
    before = counts(hogar("ingest", "--project", project, "--json"))["care/tickets.csv"]
    good = b"T1,C1,L1,CONSULTA,device,2025-09-06 11:17:33,\n"
    bad = {
        "wrong number of fields": b"T2,C1\n",
        "bad encoding": b"T3,C1,L1,CONSULTA,\xff\xfe,2025-09-06 11:17:33,\n",
        "NUL byte": b"T4,C1,L1,CONS\0ULTA,device,2025-09-06 11:17:33,\n",
        "not one of its values: kind": b"T5,C1,L1,NADA,device,2025-09-06 11:17:33,\n",
        "not a moment: opened_at": b"T6,C1,L1,CONSULTA,device,yesterday,\n",
        "after now: opened_at": b"T7,C1,L1,CONSULTA,device,2031-09-06 11:17:33,\n",
        "missing: ticket_id": b",C1,L1,CONSULTA,device,2025-09-06 11:17:33,\n",
        "malformed quotes": b'T8,C1,L1,CONSULTA,"open,2025-09-06 11:17:33,\n',
    }
    with (project / "data/care/tickets.csv").open("ab") as file:
        file.write(good + b"".join(bad.values()))
    ran = hogar("build", "--project", project, "--json")
    assert ran.code == 0, ran.err
    after = counts(ran)["care/tickets.csv"]
    assert after["read"] == before["read"] + 1 + len(bad)
    assert after["accepted"] == before["accepted"] + 1
    assert after["quarantined"] == before["quarantined"] + len(bad)
    current = json.loads((project / ".hogar/data/current.json").read_text())["ingest"]
    kept = pq.read_table(project / f".hogar/data/steps/ingest/{current}/quarantine.parquet").to_pylist()
    last = {row["row"]: row["reason"] for row in kept if row["file"] == "care/tickets.csv"}
    assert [last[before["read"] + 2 + number] for number in range(len(bad))] == list(bad)


def test_a_second_run_over_the_same_files(project: Path, hogar: Any) -> None:
    """The same files again change nothing; rows delivered twice are doubles in quarantine."""
    before = hogar("build", "--project", project, "--json")
    assert hogar("build", "--project", project, "--json").out == before.out
    whole = (project / "data/crm/customers.csv").read_text()
    (project / "data/crm/customers.csv").write_text(whole + whole.split("\n", 1)[1])
    again = hogar("build", "--project", project, "--json")
    assert again.code == 0, again.err
    one, two = counts(before)["crm/customers.csv"], counts(again)["crm/customers.csv"]
    assert two["read"] == 2 * one["read"]
    assert two["accepted"] == one["accepted"]
    assert again.json["resolve"]["persons"] == before.json["resolve"]["persons"]


def test_a_broken_strategy_publishes_nothing(project: Path, hogar: Any) -> None:
    """Every problem of every file at once, each with line, column and a cure; `check` says the same."""
    (project / "strategy/actions/tv_basic.yml").write_text(
        (project / "strategy/actions/tv_basic.yml").read_text().replace("purpose: grow", "purpose: grwo")
    )
    action = project / "strategy/actions/family_plan.yml"
    action.write_text(action.read_text().replace("household.mobile_lines >=", "household.mobile_line >=", 1))
    words = (
        "strategy/actions/tv_basic.yml:", "did you mean `grow`?",
        "strategy/actions/family_plan.yml:", "did you mean `household.mobile_lines`?", "nothing was published",
    )  # fmt: skip
    refused(hogar, project, *words)
    refused(hogar, project, *words[:-1], command="check")


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("hogar.toml", "[project\n", "hogar.toml:1:"),
        ("hogar.toml", "[projct]\nname = 'x'\n", "did you mean `project`?"),
        ("features/person_core.sql", "select nonsense from nowhere", "features/person_core.sql:"),
        ("sources/person.sql", "selec 1", "sources/person.sql:1:"),
        ("models/churn.yml", "target: [", "models/churn.yml:"),
        ("strategy/policies.yml", "\x00\x01", "strategy/policies.yml:"),
        ("strategy/actions/tv_basic.yml", "", "strategy/actions/tv_basic.yml:"),
    ],
)
def test_a_broken_file_of_the_project(project: Path, hogar: Any, file: str, text: str, words: str) -> None:
    """Whichever file is broken, the message begins with its name and place; nothing is published."""
    whole = (project / file).read_bytes()
    (project / file).write_text(text)
    ran = hogar("build", "--project", project)
    assert ran.code == 1, ran.out + ran.err
    assert words in ran.err
    assert "Traceback" not in ran.err
    (project / file).write_bytes(whole)
    still_decides(project, hogar)


def test_an_unknown_person(project: Path, hogar: Any) -> None:
    """Wrong usage, with the id that was given and how ids look; nothing is recorded."""
    for person in ("P-crm:C0", "crm:C0", "", "nobody \udcff", "'; drop table decision; --", "💥"):
        ran = hogar("decide", "--person", person, "--channel", "web", "--project", project, "--json")
        assert ran.code == 2, (person, ran.err)
        assert "published profiles" in ran.json["error"]
    assert hogar("explain", "decision", "P-crm:C0", "--project", project).code == 2


def test_events_that_cannot_be(project: Path, hogar: Any) -> None:
    """An event from the future, lines that are none, a stranger's line: rejected or without effect, with file and
    line; the good ones have their effect; read = new + duplicates + rejected; a missing file is wrong usage."""
    head = {
        "specversion": "1.0",
        "source": "/t",
        "type": "com.acme.roaming.v1.arrived",
        "time": "2026-03-02T09:00:00Z",
    }
    file = project / "events [1].jsonl"
    good = {**head, "time": "2026-03-02T09:00:00Z", "id": "1", "subject": "crm:L0", "data": {"country": "US"}}
    lines = [
        json.dumps(good), json.dumps(good), json.dumps({**good, "id": "2", "time": "2031-01-01T00:00:00Z"}),
        "no json", json.dumps({**good, "id": ""}), json.dumps({**good, "id": "3", "time": "soon"}), "[1, 2]", "\0",
        json.dumps({**good, "id": "4", "data": {"country": 7}}), json.dumps({**good, "id": "5", "subject": "’\u202e"}),
    ]  # fmt: skip
    file.write_text("\n".join(lines) + "\n\n", encoding="utf-8")
    ran = hogar("triggers", "run", "--events", file, "--project", project, "--json")
    assert ran.code == 1
    report = ran.json["triggers"]
    assert report["read"] == len(lines) == report["appended"] + report["duplicates"] + report["rejected"]
    assert (report["duplicates"], report["rejected"]) == (1, 6)
    assert any(f"{file}:3: from the future" in problem for problem in report["problems"])
    assert f"{file}:4:" in ran.err
    assert report["outcomes"].get("unknown_subject", 0) >= 2
    assert hogar("triggers", "run", "--events", project / "none.jsonl", "--project", project).code == 2


def test_a_wrong_data_folder_does_not_stick(project: Path, hogar: Any, tmp_path: Path) -> None:
    """An empty or missing folder named by --data: a clear end, and the commands after it still work as before."""
    empty = tmp_path / "empty"
    empty.mkdir()
    ran = hogar("build", "--data", empty, "--project", project)
    assert ran.code == 1
    assert "no file is staged" in ran.err
    missing = hogar("build", "--data", tmp_path / "missing", "--project", project)
    assert (missing.code, "--data" in missing.err) == (2, True)
    still_decides(project, hogar)
    (project / "data").rename(project / "moved")
    gone = hogar("build", "--project", project)
    assert gone.code == 1
    assert "data folder" in gone.err
    built = hogar("build", "--data", project / "moved", "--project", project)
    assert built.code == 0, built.err
    still_decides(project, hogar)


def test_silos_with_a_header_only(project: Path, hogar: Any) -> None:
    """No orders, tickets, contacts, top-ups or declarations today: zero rows, and all is built."""
    for file in ("orders/orders.csv", "care/tickets.csv", "campaign/contacts.csv", "topup/recargas.csv",
                 "crm/declarations.csv", "web/visits.csv", "web/logins.csv"):  # fmt: skip
        write_rows(project, file, [], list(rows_of(project, file)[0]))
    ran = hogar("build", "--project", project, "--json")
    assert ran.code == 0, ran.err
    assert counts(ran)["orders/orders.csv"]["read"] == 0
    still_decides(project, hogar)


def test_a_file_of_no_byte(project: Path, hogar: Any) -> None:
    """Nothing at all where a source needs columns: a problem with the file's name; where nobody reads it: none."""
    (project / "data/notes.csv").write_bytes(b"")
    ran = hogar("build", "--project", project, "--json")
    assert ran.code == 0, ran.err
    assert counts(ran)["notes.csv"]["read"] == 0
    (project / "data/orders/orders.csv").write_bytes(b"")
    refused(hogar, project, "orders/orders.csv:1:1: the file is empty")


def test_nobody_at_all(project: Path, hogar: Any) -> None:
    """Where no row becomes a person, nothing is published: an empty base never replaces the customers."""
    for file in ("crm/customers.csv", "prepaid/registry.csv", "web/accounts.csv"):
        write_rows(project, file, [], list(rows_of(project, file)[0]))
    refused(hogar, project, "sources/person.sql:", "nobody to decide for")


def test_one_customer_only(project: Path, hogar: Any) -> None:
    """One customer with one line is a market too: built, decided, explained; the model says it cannot learn."""
    line = next(
        row for row in rows_of(project, "crm/lines.csv") if row["servicio"] == "MOVIL" and not row["f_baja"]
    )
    customer = line["titular"]
    wanted = {
        "crm/customers.csv": ("id_cliente", customer), "crm/lines.csv": ("linea", line["linea"]),
        "billing/accounts.csv": ("account_no", line["cuenta"]), "billing/invoices.csv": ("line_no", line["linea"]),
        "crm/line_products.csv": ("linea", line["linea"]), "crm/addresses.csv": ("id_cliente", customer),
        "privacy/consents.csv": ("cliente", customer), "device/devices.csv": ("linea", line["linea"]),
    }  # fmt: skip
    for file in files_of(project):
        if not file.startswith(("product/", "finance/", "network/")):
            rows = rows_of(project, file)
            column, value = wanted.get(file, ("", ""))
            write_rows(project, file, [row for row in rows if row.get(column) == value], list(rows[0]))
    for path in (project / "data/usage").glob("*.parquet"):
        pq.write_table(pq.read_table(path).slice(0, 0), path)
    ran = hogar("build", "--project", project, "--json")
    assert ran.code == 0, ran.err
    assert (ran.json["resolve"]["persons"], ran.json["resolve"]["households"]) == (1, 1)
    assert "are needed" in ran.json["train"]["models"]["churn"]["absent"]
    made = hogar("decide", "--person", f"crm:{customer}", "--channel", "web", "--project", project, "--json")
    assert made.code == 0, made.err
    assert hogar("explain", made.json["household"], "--project", project).code == 0
    assert hogar("campaign", "plan", "convergence", "--project", project).code == 0


def test_without_a_lost_line_there_is_no_churn_model(project: Path, hogar: Any) -> None:
    """Nobody ever left: `train` says that it has too little to learn from, and the rest is published."""
    for file, gone in (
        ("crm/lines.csv", ("f_baja", "motivo_baja")),
        ("prepaid/sims.csv", ("desactivada", "motivo")),
    ):
        rows = rows_of(project, file)
        write_rows(project, file, [row | dict.fromkeys(gone, "") for row in rows])
    ran = hogar("build", "--project", project)
    assert ran.code == 0, ran.err
    assert "churn: absent, 0 positives" in ran.out
    report = hogar("train", "--project", project, "--json").json["models"]["churn"]
    assert report["auc"] is None
    still_decides(project, hogar)


ODD = {
    "C'1\"--;": "Ñandú, “quoted”",
    "C\u202e2": "\u202eمرحبا",
    "C👩\u200d👩\u200d👧3": "two\nlines",
    "C[bold]4": "[red]{{ x }}%s{0}[/]",
    "C 5": "=HYPERLINK(1)",
}


def test_odd_characters_in_values_and_names(project: Path, hogar: Any) -> None:
    """Quotes, line breaks, emoji, right-to-left marks, markup: in values, ids, file names they stay as they are."""
    customers = rows_of(project, "crm/customers.csv")
    columns = list(customers[0])
    blank = dict.fromkeys(columns, "")
    odd = [
        blank
        | {"id_cliente": id_, "tipo": "P", "nombre": name, "apellido1": name, "fecha_alta": "01/02/2020"}
        for id_, name in ODD.items()
    ]
    write_rows(project, "crm/customers.csv", customers + odd, columns)
    names = ["crm/it's [old] {a} ñ 😀.csv", 'crm/a "b"; drop table x;--.csv', "crm/two\nlines.csv"]
    for name in names:
        (project / "data" / name).write_text("id,nombre\n1,x\n")
    ran = hogar("build", "--project", project, "--json")
    assert ran.code == 0, ran.err
    found = counts(ran)
    assert {name: found[name]["left_out"] for name in names} == dict.fromkeys(names, 1)
    out = project / "odd [1] ü.csv"
    for id_ in ODD:
        made = hogar("decide", "--person", f"crm:{id_}", "--channel", "web", "--project", project, "--json")
        assert made.code == 0, made.err
        assert made.json["person"] == f"P-crm:{id_}"
        told = hogar("explain", "household", made.json["household"], "--project", project)
        assert told.code == 0, told.err
        assert f"P-crm:{id_}" in told.out
        shown = hogar("explain", "decision", made.json["decision"], "--project", project)
        assert (shown.code, made.json["household"] in shown.out) == (0, True)
    plan = hogar("campaign", "plan", "convergence", "--out", out, "--project", project)
    assert (plan.code, str(out) in plan.out) == (0, True)


def test_a_file_name_that_is_no_text(project: Path, hogar: Any) -> None:
    """A name whose bytes are no UTF-8 is a problem with a cure, not a crash."""
    path = os.fsencode(project / "data/crm") + b"/caf\xe9.csv"
    with open(path, "w") as file:
        file.write("id\n1\n")
    refused(hogar, project, "the file's name is not UTF-8; rename it")


def test_nothing_personal_is_said(market: Path, copy_of: Copy, hogar: Any) -> None:
    """Neither progress nor problems show a name, a document or a value of a row."""
    project = copy_of(market)
    customers = rows_of(project, "crm/customers.csv")
    customers[0] |= {"nif": "SECRETNIF", "nombre": "Secretname", "fecha_alta": "secretdate"}
    write_rows(project, "crm/customers.csv", customers)
    source = project / "sources/bill.sql"
    ran = hogar("build", "--project", project)
    assert ran.code == 0, ran.err
    source.write_text(source.read_text().replace("gb_used as", "cast(line_no as integer) as"))
    broken = hogar("build", "--project", project)
    assert broken.code == 1
    assert "sources/bill.sql:" in broken.err
    said = (ran.out + ran.err + broken.out + broken.err).lower()
    assert "secret" not in said
    assert not any(row["line_no"].lower() in said for row in rows_of(project, "billing/invoices.csv")[:50])


def step_of(project: Path, step: str) -> Path:
    """The current folder of a step."""
    state = project / ".hogar/data"
    return Path(state / "steps" / step / json.loads((state / "current.json").read_text())[step])


def test_lost_and_cut_files_of_steps_are_made_again(project: Path, hogar: Any) -> None:
    """Every command says what is damaged, the cure it names cures, and what was damaged is kept."""
    damaged = [step_of(project, step) for step in ("ingest", "resolve", "features", "train", "publish")]
    (step_of(project, "ingest") / "person.parquet").unlink()
    os.truncate(step_of(project, "resolve") / "role.parquet", 50)
    os.truncate(step_of(project, "features") / "report.json", 5)
    os.truncate(step_of(project, "train") / "catalogue.json", 5)
    os.truncate(step_of(project, "publish") / "profiles.mdb", 8192)
    decide = ("decide", "--person", "crm:C1", "--channel", "web", "--project", project)
    ran = hogar(*decide)
    assert (ran.code, "run `hogar publish` again" in ran.err) == (1, True)
    ran = hogar("publish", "--project", project)
    assert (ran.code, "run `hogar features` or `hogar build`" in ran.err) == (1, True)
    ran = hogar("build", "--project", project)
    assert (ran.code, "done before" in ran.out) == (0, False), ran.err
    still_decides(project, hogar)
    aside = [path.name for path in (project / ".hogar/data/steps").glob(".damaged-*")]
    # the resolution begins a new version, and so do the steps after it: theirs stay where they were
    assert all(
        folder.is_dir() or f".damaged-{folder.parent.name}-{folder.name}-1" in aside for folder in damaged
    )
    assert len(aside) == 1


@pytest.mark.parametrize("empty", [True, False])
def test_a_lost_ledger_is_said_aloud(project: Path, hogar: Any, empty: bool) -> None:
    """Decisions name the lost file and make no new one; a build warns and goes on."""
    ledger = project / ".hogar/data/ledger.db"
    for file in ledger.parent.glob("ledger.db*"):
        file.unlink()
    if empty:
        ledger.touch()
    for command in (("decide", "--person", "crm:C1", "--channel", "web"), ("campaign", "plan", "renewals")):
        ran = hogar(*command, "--project", project)
        assert (ran.code, f"{ledger} is gone or empty" in ran.err) == (1, True), ran.err
    ran = hogar("build", "--project", project)
    assert (ran.code, f"warning: {ledger} is gone or empty" in ran.err) == (0, True), ran.err
    assert "warning" not in hogar("build", "--project", project).err
    still_decides(project, hogar)


@pytest.mark.parametrize("now", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"])
def test_a_moment_out_of_all_bounds(project: Path, hogar: Any, now: str) -> None:
    """Moments whose windows are no moments are refused with the bounds, as an option and as a setting."""
    ran = hogar("build", "--now", now, "--project", project)
    assert (ran.code, "from 1980 to 2199" in ran.err) == (2, True), ran.err
    settings = project / "hogar.toml"
    text = "".join(line for line in settings.read_text().splitlines(True) if not line.startswith("now ="))
    settings.write_text(text.replace("[time]\n", "") + f'\n[time]\nnow = "{now}"\n')
    ran = hogar("build", "--project", project)
    assert (ran.code, "hogar.toml:" in ran.err, "from 1980 to 2199" in ran.err) == (1, True, True), ran.err


@pytest.mark.parametrize(
    "words", [("explain", "household"), ("explain", "decision"), ("replay",), ("campaign", "plan")]
)
def test_an_id_that_is_no_text(project: Path, hogar: Any, words: tuple[str, ...]) -> None:
    """An argument whose bytes are no UTF-8 is wrong usage or unknown, never a crash."""
    ran = hogar(*words, os.fsdecode(b"\xff"), "--project", project, "--json")
    assert ran.code in (1, 2), ran.err
    if words[0] == "explain":
        assert (ran.code, "not UTF-8" in ran.json["error"]) == (2, True)


def test_bytes_changed_in_place(project: Path, hogar: Any) -> None:
    """A table whose size stayed while its bytes changed: one line with the cure, and the cure cures."""
    folder = step_of(project, "resolve")
    for file in folder.glob("*.parquet"):
        file.write_bytes(b"\0" * file.stat().st_size)
    ran = hogar("explain", "household", "H-crm:C1", "--project", project)
    assert (ran.code, len(ran.err.splitlines())) == (1, 1), ran.err
    assert "delete the folder of its step below .hogar" in ran.err
    shutil.rmtree(folder)
    assert hogar("build", "--project", project).code == 0


def test_colons_in_data_are_no_pictures(capsys: pytest.CaptureFixture[str]) -> None:
    """`crm:x:1` is printed as it is."""
    output = Output(json=False)
    output.say("crm:x:1")
    output.table("", ("id",), [("crm:x:1",)])
    assert capsys.readouterr().out.count("crm:x:1") == 2
