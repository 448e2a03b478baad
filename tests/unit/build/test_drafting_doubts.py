"""A draft over extracts that nobody made for us: what is doubtful says so, nothing private is copied, and it runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.conftest import Run

from hogar import build
from hogar.build import DraftedProject
from hogar.build.drafting import match, patterns

NOW = ("--now", "2026-03-02T09:00:00Z")


def _write(folder: Path, name: str, head: str, rows: list[str]) -> None:
    (folder / name).write_text("\n".join([head, *rows]) + "\n", encoding="latin-1")


@pytest.fixture(scope="module")
def spanish(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Extracts with Spanish headers and no customer file."""
    folder = tmp_path_factory.mktemp("spanish")
    _write(
        folder,
        "lineas.csv",
        "linea;cod_cliente;tipo_linea;fecha_alta",
        [f"6{n:08};C{n % 40:05};{'MOVIL' if n % 2 else 'FIJO'};2023-{1 + n % 12:02}-15" for n in range(60)],
    )
    _write(
        folder,
        "facturas.csv",
        "nro_factura;linea;cliente;periodo;importe_total;cuota;exceso",
        [f"F{n:06};6{n:08};C{n % 40:05};202601;25,50;20,00;5,50" for n in range(60)],
    )
    _write(
        folder,
        "direcciones.csv",
        "cod_cliente;tipo;calle;numero;cp;ciudad",
        [f"C{n:05};DOMICILIO;CALLE MAYOR;{n};280{n:02};MADRID" for n in range(40)],
    )
    _write(
        folder,
        "consentimientos.csv",
        "cod_cliente;finalidad;canal;valor;fecha",
        [f"C{n:05};MARKETING;SMS;S;2025-03-{1 + n % 28:02}" for n in range(40)],
    )
    return folder  # fmt: skip


@pytest.fixture(scope="module")
def drafted(spanish: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DraftedProject]:
    """The project drafted from them."""
    project = tmp_path_factory.mktemp("draft") / "operator"
    return project, build.draft_project(project, spanish)


@pytest.fixture(scope="module")
def with_customers(spanish: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project over the same and a customer file, with the e-mail in the clear."""
    folder = tmp_path_factory.mktemp("customers")
    for file in spanish.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    _write(folder, "clientes.csv", "cod_cliente;nombre;apellidos;email;fecha_nacimiento",
           [f"C{n:05};ANA{n};RUIZ{n};ana{n}@mail.es;1970-01-{1 + n % 28:02}" for n in range(40)])  # fmt: skip
    project = folder.parent / "with_customers"
    build.draft_project(project, folder)
    return project


def _source(project: Path, table: str) -> str:
    return (project / "sources" / f"{table}.sql").read_text(encoding="utf-8")


def test_invoices_are_bills_and_no_evidence_of_a_household(drafted: tuple[Path, DraftedProject]) -> None:
    """An account that no column names is taken for the customer's, marked; nothing becomes a self-care login."""
    assert {one.table for one in drafted[1].sources} == {"address", "bill", "consent", "line"}
    bill = _source(drafted[0], "bill")
    assert "-- CHECK: `cliente` is a guess (0.45)" in bill
    assert "TRY_STRPTIME(periodo, '%Y%m')" in bill
    assert "cuota" in bill.partition(" AS fee_cents")[0]


def test_one_kind_of_id_has_one_prefix_though_its_key_is_nowhere(
    drafted: tuple[Path, DraftedProject],
) -> None:
    """Consents and addresses join the lines' holders; that their customers are unknown is marked in each."""
    for table in ("address", "consent", "line"):
        assert re.search(
            r"-- CHECK: no extract holds the key of person.*\n    'person:' \|\| cod_cliente AS",
            _source(drafted[0], table),
        )


def test_a_word_that_means_two_things_is_marked(drafted: tuple[Path, DraftedProject]) -> None:
    """`MOVIL` is a mobile line, paid before or after: the draft says which it took."""
    line = _source(drafted[0], "line")
    assert "-- CHECK: `MOVIL` may be mobile_prepaid as well; taken for mobile_postpaid" in line
    assert "FIJO` may" not in line


def test_an_address_in_the_clear_is_hashed(with_customers: Path) -> None:
    """An e-mail never gets into a column of hashes as it lies there; the same function everywhere, marked."""
    person = _source(with_customers, "person")
    assert "SHA256(LOWER(TRIM(email))) AS email_hash" in person
    assert "-- CHECK: `email` lies there in the clear and is hashed here, without a key" in person


def test_what_is_not_clear_is_listed_and_what_may_be_is_marked(tmp_path: Path) -> None:
    """A file of pairs of ids is no evidence of who lives together; a guess is marked at the table's head."""
    folder = tmp_path / "extracts"
    folder.mkdir()
    _write(folder, "x.csv", "cliente;linea;color", [f"C{n:05};6{n:08};rojo" for n in range(30)])
    _write(folder, "y.csv", "ticket;tipo;tema;cliente;fecha_apertura;a;b;c;d;e;f;g;h",
           [f"T{n:05};AVERIA;otra {n};K{n:05};2026-01-05 10:00:00;1;2;3;4;5;6;7;8" for n in range(30)])  # fmt: skip
    draft = build.draft_project(tmp_path / "p", folder)
    page = (tmp_path / "p" / "SOURCES.md").read_text(encoding="utf-8")
    assert draft.unused == ("x.csv",)
    assert "Nothing is drafted from it: it is not clear what it is. Nearest: `" in page
    assert [one.table for one in draft.sources] == ["ticket"]
    head = _source(tmp_path / "p", "ticket").partition("SELECT")[0]
    assert "-- CHECK: that y.csv is ticket is a guess (0." in head
    assert all(feed.score < match.CLEAR for feed in draft.feeds)


def test_a_drafted_project_answers_from_the_first_minute(with_customers: Path, hogar: Run) -> None:
    """Check, readiness, build before and after: no error about offers that a made-up operator has."""
    here = ("--project", with_customers)
    assert hogar("check", *here).code == 0
    before = hogar("readiness", *here, "--json")
    assert {one["key"] for one in before.json["use_cases"]} == {"first_conversation", "know_the_homes"}
    built = hogar("build", *here, *NOW, "--json")
    assert built.code == 0, built.err
    assert hogar("check", *here, *NOW).code == 0
    after = hogar("readiness", *here, *NOW, "--json")
    states = {one["key"]: one["state"] for one in after.json["use_cases"]}
    assert states == {"first_conversation": "ready", "know_the_homes": "not_ready"}
    assert "line_offer" in {one["table"] for one in after.json["next"]}
    assert (with_customers / "samples" / "strategy" / "actions" / "tv_basic.yml").is_file()
    assert "hogar ingest" in (with_customers / "README.md").read_text(encoding="utf-8")


def test_a_sample_without_an_offer_is_one_problem_and_readiness_goes_on(
    with_customers: Path, tmp_path: Path, hogar: Run
) -> None:
    """Samples copied back before there is a catalogue: one message with the cure, not one a name."""
    extracts = next(path for path in with_customers.parent.glob("customers*"))
    project = tmp_path / "p"
    build.draft_project(project, extracts)
    assert hogar("ingest", "--project", project, *NOW).code == 0
    for name in ("tv_basic", "second_line"):
        sample = project / "samples" / "strategy" / "actions" / f"{name}.yml"
        (project / "strategy" / "actions" / sample.name).write_bytes(sample.read_bytes())
    ran = hogar("check", "--project", project, *NOW)
    assert ran.code == 1
    assert ran.err.count("no offer is known, but 2 actions name offers") == 1
    assert "is not an offer of the catalogue" not in ran.err
    went_on = hogar("readiness", "--project", project, *NOW)
    assert went_on.code == 0, went_on.err
    assert "no offer of the catalogue: second_line (MOB-S), tv_basic" in went_on.out


def test_ingest_says_whose_rows_are_in_quarantine(tmp_path: Path, hogar: Run) -> None:
    """Table, file and share, where much of a file does not fit."""
    folder = tmp_path / "extracts"
    folder.mkdir()
    _write(folder, "clientes.csv", "cod_cliente;nombre;apellidos",
           [f"C{n % 5:05};ANA{n};RUIZ{n}" for n in range(20)])  # fmt: skip
    build.draft_project(tmp_path / "p", folder)
    (tmp_path / "p" / "sources").mkdir(exist_ok=True)
    (tmp_path / "p" / "sources" / "person.sql").write_text(
        "select cod_cliente as party_id, 'person' as kind, _file, _row from clientes", encoding="utf-8"
    )
    ran = hogar("ingest", "--project", tmp_path / "p", *NOW)
    assert ran.code == 0, ran.err
    assert "15 × duplicate key, person from clientes.csv: 75 % of it; look at sources/person.sql" in ran.out


def test_months_are_known_by_their_look() -> None:
    """`202601` is a month, `200113` and a postcode are none."""
    months = dict(patterns.DATES)["%Y%m"]
    assert months("202601")
    assert not months("200113")
    assert not months("28001")
