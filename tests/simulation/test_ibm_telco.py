"""The example on real data: IBM's 7,043 customers, from the file to a decision for each of them, and bad input."""

from __future__ import annotations

import gzip
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from hogar import build

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "ibm_telco"
DATA = ROOT.parent / "shared" / "data" / "ibm_telco_churn"
FILE = "Telco-Customer-Churn.csv.gz"
PERSONS = 7043
RETAINING = {"one_year_contract", "smaller_internet", "tech_support"}

real_data = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (DATA / FILE).is_file(), reason=f"{FILE} is not in ../shared/data/ibm_telco_churn"
    ),
]


@dataclass(frozen=True, kw_only=True)
class Market:
    """A copy of the example, built over a copy of the data."""

    project: Path
    data: Path
    built: dict[str, Any]

    def step(self, name: str) -> Path:
        """The finished folder of a step."""
        (pointer,) = self.project.glob(".hogar/*/current.json")
        return pointer.parent / "steps" / name / json.loads(pointer.read_text())[name]

    def features(self) -> dict[str, pl.DataFrame]:
        """What is known of everybody, and of each offer."""
        names = ("household", "person", "line", "offers")
        return {name: pl.read_parquet(self.step("features") / f"{name}.parquet") for name in names}


def hogar(*arguments: object) -> subprocess.CompletedProcess[str]:
    """One command, as a person types it."""
    return subprocess.run(
        [sys.executable, "-m", "hogar", *map(str, arguments)], capture_output=True, text=True, timeout=120
    )


def result(*arguments: object) -> dict[str, Any]:
    """The JSON object of a command that must go well."""
    done = hogar(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def market(folder: Path, content: bytes) -> Market:
    """Build the example over a file with this content."""
    project, data = folder / "ibm_telco", folder / "extract"
    shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns(".hogar", "data"))
    data.mkdir()
    (data / FILE).write_bytes(content)
    built = result("build", "--project", project, "--data", data)
    return Market(project=project, data=data, built=built)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Market:
    """The example over the file as it is."""
    return market(tmp_path_factory.mktemp("real"), (DATA / FILE).read_bytes())


@pytest.fixture(scope="module")
def relabelled(tmp_path_factory: pytest.TempPathFactory) -> Market:
    """The example over the same customers, each with the label of another one a thousand rows away."""
    head, *rows = gzip.decompress((DATA / FILE).read_bytes()).decode().splitlines()
    labels = [row.rpartition(",")[2] for row in rows]
    moved = [
        f"{row.rpartition(',')[0]},{label}"
        for row, label in zip(rows, labels[1000:] + labels[:1000], strict=True)
    ]
    return market(tmp_path_factory.mktemp("relabelled"), gzip.compress("\n".join([head, *moved]).encode()))


@pytest.fixture(scope="module")
def plan(real: Market) -> tuple[dict[str, Any], pl.DataFrame]:
    """The campaign over everybody: its report, and its target file beside scores and features."""
    out = real.project / "targets.csv"
    report = result("campaign", "plan", "churn_wave", "--project", real.project, "--out", out)
    return report, pl.read_csv(out)


def test_the_example_holds_together_without_data() -> None:
    """Its files have no problem, the authors' own cases hold, and no row of data is in it."""
    checked = build.check(EXAMPLE)
    assert [str(problem) for problem in checked.problems] == []
    assert checked.cases == 5
    shipped = {path.suffix for path in EXAMPLE.rglob("*") if path.is_file() and ".hogar" not in path.parts}
    assert shipped == {".toml", ".sql", ".yml", ".md"}


class TestRealData:
    """What needs the file."""

    pytestmark = real_data

    def test_every_record_is_accepted(self, real: Market) -> None:
        """Read = accepted + quarantined + left out; and each record is a person and a household of one."""
        (file,) = real.built["ingest"]["files"]
        assert (file["read"], file["accepted"], file["quarantined"], file["left_out"]) == (
            PERSONS,
            PERSONS,
            0,
            0,
        )
        assert (real.built["resolve"]["persons"], real.built["resolve"]["households"]) == (PERSONS, PERSONS)

    def test_churn_is_foretold_on_quarters_that_were_held_back(self, real: Market) -> None:
        """The AUC over four quarters is at least 0.84, with its interval; and what is said to be likely is likely."""
        churn = real.built["train"]["models"]["churn"]
        assert (churn["rows"], churn["positives"], churn["folds"]) == (PERSONS, 1869, 4)
        assert churn["auc"] >= 0.84
        assert churn["auc_low"] < churn["auc"] < churn["auc_high"] < churn["auc_low"] + 0.025
        assert churn["ece"] < 0.02
        assert churn["lift_10"] > 2.5

    def test_the_label_is_in_no_feature(self, real: Market, relabelled: Market) -> None:
        """With other people's labels every feature is the same, and nothing can be foretold any more."""
        for name, table in real.features().items():
            assert table.equals(relabelled.features()[name]), name
        churn = relabelled.built["train"]["models"]["churn"]
        assert churn["auc_low"] < 0.52
        assert churn["auc"] < 0.53

    def test_no_feature_says_it_alone(self, real: Market) -> None:
        """No single feature goes with the label more closely than the length of the contract is known to."""
        line = pl.read_parquet(real.step("ingest") / "line.parquet")
        left = line.group_by(("P-" + pl.col("holder_party_id")).alias("id")).agg(
            pl.col("ended_on").is_not_null().any()
        )
        person = real.features()["person"].join(left, on="id")
        columns = (
            person.drop("id", "ended_on").to_dummies(pl.selectors.string()).cast(pl.Float64).fill_null(0)
        )
        label = person["ended_on"].cast(pl.Float64).to_numpy()
        ties = {
            name: abs(float(np.corrcoef(columns[name].to_numpy(), label)[0, 1])) for name in columns.columns
        }
        assert max(ties, key=lambda name: ties[name]) == "contract_month-to-month"
        assert max(ties.values()) < 0.42

    def test_everybody_is_looked_at(self, plan: tuple[dict[str, Any], pl.DataFrame]) -> None:
        """Audience = proposed + excluded = all customers; each has at most one row, and each row says why."""
        report, rows = plan
        assert report["audience"] == PERSONS == report["proposed"] + sum(report["excluded"].values())
        assert rows.columns == ["person", "action", "recipient", "channel", "reason"]
        assert len(rows) == report["proposed"] == rows["person"].n_unique()
        assert rows.null_count().sum_horizontal().item() == 0
        assert (rows["person"] == rows["recipient"]).all()
        assert not rows["reason"].str.contains(r"[\r\n{}]").any()

    def test_the_decisions_make_sense(self, real: Market, plan: tuple[dict[str, Any], pl.DataFrame]) -> None:
        """All five actions are used; who may leave hears of staying, and nobody is offered what is owned or no use."""
        scores = pl.read_parquet(real.step("train") / "scores.parquet").select("id", "score")
        known = real.features()["person"].join(scores, on="id")
        rows = plan[1].join(known, left_on="person", right_on="id")
        counts = dict(rows["action"].value_counts().iter_rows())
        assert set(counts) == RETAINING | {"streaming_tv", "automatic_payment"}
        assert max(counts.values()) < 0.6 * len(rows)
        likely = rows.filter(pl.col("score") > 0.5)["action"].is_in(list(RETAINING))
        assert likely.sum() > 0.99 * len(likely) > 1000

        def of(action: str) -> pl.DataFrame:
            return rows.filter(pl.col("action") == action)

        assert of("one_year_contract")["contract"].unique().to_list() == ["month-to-month"]
        assert of("smaller_internet")["internet"].unique().to_list() == ["fibre"]
        assert not of("tech_support")["has_tech_support"].any()
        assert not of("streaming_tv")["has_streaming_tv"].any()
        assert (of("streaming_tv")["monthly_fee"] * 0.15 >= 10).all()
        assert set(of("automatic_payment")["payment"]) == {"electronic check", "mailed check"}
        assert rows.filter(pl.col("channel") == "email")["paperless"].all()

    def test_a_second_run_changes_nothing(self, real: Market) -> None:
        """The same file again: every step is found done, and nothing is written."""
        before = sorted(path.name for path in real.project.glob(".hogar/*/steps/*/*"))
        assert _without_versions(result("build", "--project", real.project)) == _without_versions(real.built)
        assert sorted(path.name for path in real.project.glob(".hogar/*/steps/*/*")) == before

    def test_bad_files_are_named_and_nothing_is_lost(self, real: Market) -> None:
        """A file that is missing, cut off or has other columns: exit code 1, where and what to do; nothing is lost."""
        whole = (real.data / FILE).read_bytes()
        misspelt = gzip.compress(gzip.decompress(whole).replace(b"MonthlyCharges", b"MonthlyCharge", 1))
        for content, words in (
            (None, f"no file in the data folder matches `{FILE}`"),
            (whole[:60_000], f"{FILE}:1:1: the archive is damaged"),
            (misspelt, "sources/bill.sql:9:34: no silo that is read here has a column `MonthlyCharges`"),
        ):
            with replaced(real.data / FILE, content):
                done = hogar("build", "--project", real.project)
            assert done.returncode == 1
            assert words in done.stderr
            assert "Traceback" not in done.stderr
        report = result("campaign", "plan", "churn_wave", "--project", real.project)
        assert report["audience"] == PERSONS

    def test_a_broken_row_is_put_aside(self, real: Market) -> None:
        """One record is torn, one has a contract that nobody knows: both are in quarantine, all others go on."""
        rows = gzip.decompress((real.data / FILE).read_bytes()).splitlines()
        rows[30] = rows[30][:40]
        rows[40] = (
            rows[40]
            .replace(b"Month-to-month", b"Weekly")
            .replace(b"Two year", b"Weekly")
            .replace(b"One year", b"Weekly")
        )
        with replaced(real.data / FILE, gzip.compress(b"\n".join(rows))):
            report = result("ingest", "--project", real.project)
        (file,) = report["files"]
        assert (file["read"], file["accepted"], file["quarantined"]) == (PERSONS, PERSONS - 2, 2)
        assert report["quarantine_reasons"] == {"wrong number of fields": 1, "missing: offer_id": 1}
        assert _without_versions(result("build", "--project", real.project)) == _without_versions(real.built)

    def test_a_killed_build_leaves_what_was_published(self, real: Market) -> None:
        """`kill -9` while a step is written: the old decisions stand, and the next build finishes."""
        rows = gzip.decompress((real.data / FILE).read_bytes()).replace(b"7590-VHVEG", b"7590-KILLED")
        with replaced(real.data / FILE, gzip.compress(rows)):
            command = [sys.executable, "-m", "hogar", "build", "--project", str(real.project)]
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            deadline = time.monotonic() + 60
            while not list(real.project.glob(".hogar/*/steps/.tmp-*")) and process.poll() is None:
                assert time.monotonic() < deadline
                time.sleep(0.002)
            process.send_signal(signal.SIGKILL)
            assert process.wait(30) == -signal.SIGKILL
            who = ("--person", "P-crm:7590-VHVEG", "--channel", "call_centre")  # in the old file alone
            assert result("decide", "--project", real.project, *who)["proposals"]
            assert result("build", "--project", real.project)["publish"]["households"] == PERSONS
            assert hogar("decide", "--project", real.project, *who).returncode != 0
        assert _without_versions(result("build", "--project", real.project)) == _without_versions(real.built)


def _without_versions(built: dict[str, Any]) -> dict[str, Any]:
    """A build but for what names its place in the history: who came and went in between, and hashes of that."""
    resolved = {
        key: value for key, value in built["resolve"].items() if key not in ("events", "inputs", "steps")
    }
    published = {key: value for key, value in built["publish"].items() if key not in ("profile", "before")}
    return {**built, "resolve": resolved, "publish": published}


@contextmanager
def replaced(path: Path, content: bytes | None) -> Iterator[None]:
    """The file with another content, or away, for a while."""
    before = path.read_bytes()
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(before)
