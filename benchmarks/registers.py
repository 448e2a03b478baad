"""Are the homes in three registers of one town found? Through the command line, against the truth.

`python -m benchmarks.registers --data FOLDER --json`; without `--data`, ../shared/data is looked into. Only the three
registers are copied to where the product can see them; `truth.parquet` stays behind and is read here, to score. Judged
are pairs of census rows of private homes (housing type Household); a row without an address counts as alone for the
rule that is compared. The judge is er-evaluation.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import er_evaluation
import pandas as pd
import pyarrow.parquet as pq
from benchmarks._frame import print_result

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "registers"
DATA = ROOT.parent / "shared" / "data" / "pseudopeople_households"
REGISTERS = ("census_2020", "tax1040_2020", "w2_1099_2020")
CUSTMATCH_F1 = 0.947  # custmatch 0.1.2 on the same rows; not installed here, so a figure and no run


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the product came to: its membership by record, its own report, and how long the two commands took."""

    home_of_record: pd.Series
    report: dict[str, object]
    seconds: float


def main() -> None:
    """Run, judge, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the registers and their truth")
    parser.add_argument("--json", action="store_true", help="print nothing but the last line")
    arguments = parser.parse_args()
    if missing := [
        name for name in (*REGISTERS, "truth") if not (arguments.data / f"{name}.parquet").is_file()
    ]:
        parser.error(
            f"{arguments.data} has no {', '.join(f'{name}.parquet' for name in missing)}; name the folder of the "
            "registers and their truth by --data"
        )
    census = pq.read_table(arguments.data / "census_2020.parquet").to_pandas().set_index("record_id")
    truth = pq.read_table(arguments.data / "truth.parquet").to_pandas()
    home = truth[truth["register"] == "census"].set_index("record_id")["household_id"].loc[census.index]
    found = run(arguments.data)
    ours = found.home_of_record.loc[census.index]
    private = (census["housing_type"] == "Household").to_numpy()
    figures = judged(ours[private], home[private])
    addressed = private & census["street_name"].notna().to_numpy()
    figures |= {
        f"with_address_{name}": value for name, value in judged(ours[addressed], home[addressed]).items()
    }
    shared = census["housing_type"].notna().to_numpy() & ~private
    figures["institution_alone_share"] = float((ours.map(ours.value_counts())[shared] == 1).mean())
    figures["seconds"] = found.seconds
    exact = judged(exact_address(census)[private], home[private])
    peers = {f"exact_address_{name}": value for name, value in exact.items()} | {
        "custmatch_pair_f1": CUSTMATCH_F1
    }
    if not arguments.json:
        for name, value in {**figures, **peers}.items():
            print(f"{name:32} {value:.4f}")
    print_result(
        "registers", figures=figures, peers=peers,
        size={
            "census_rows": len(census), "private_rows": int(private.sum()), "records": len(truth),
            "persons_found": found.report["persons"], "households_found": found.report["households"],
            "biggest": found.report["biggest"],
        },
    )  # fmt: skip


def run(data: Path) -> Found:
    """Ingest and resolve a copy of the example over a copy of the registers, as a person types it."""
    with tempfile.TemporaryDirectory() as aside:
        project, extract, out = (
            Path(aside, "project"),
            Path(aside, "extract"),
            Path(aside, "membership.parquet"),
        )
        shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns(".hogar", "data"))
        extract.mkdir()
        for name in REGISTERS:
            shutil.copy(data / f"{name}.parquet", extract)
        start = time.perf_counter()
        _hogar("ingest", "--project", project, "--data", extract)
        report = _hogar("resolve", "--project", project, "--data", extract, "--out", out)
        seconds = time.perf_counter() - start
        table = pq.read_table(out).to_pandas()
    assert table["record_id"].is_unique, "a record stands twice in the membership"
    return Found(home_of_record=table.set_index("record_id")["household_id"], report=report, seconds=seconds)


def judged(ours: pd.Series, truth: pd.Series) -> dict[str, float]:
    """Precision, recall and F1 of pairs, and B-cubed F1, by er-evaluation; the pairs are counted again here."""
    precision = float(er_evaluation.pairwise_precision(ours, truth))
    recall = float(er_evaluation.pairwise_recall(ours, truth))
    both = _pairs(pd.DataFrame({"ours": ours, "truth": truth}).value_counts())
    assert abs(both / _pairs(ours.value_counts()) - precision) < 1e-9, "the judges disagree on precision"
    assert abs(both / _pairs(truth.value_counts()) - recall) < 1e-9, "the judges disagree on recall"
    b_precision = float(er_evaluation.b_cubed_precision(ours, truth))
    b_recall = float(er_evaluation.b_cubed_recall(ours, truth))
    return {
        "pair_precision": precision,
        "pair_recall": recall,
        "pair_f1": 2 * precision * recall / (precision + recall),
        "b_cubed_f1": 2 * b_precision * b_recall / (b_precision + b_recall),
    }


def exact_address(census: pd.DataFrame) -> pd.Series:
    """The rule to beat: one street number and name written alike is one home; without them, alone."""
    written = census["street_number"] + "|" + census["street_name"]
    return written.where(written.notna(), census.index.to_series())


def _pairs(sizes: pd.Series) -> float:
    return float((sizes * (sizes - 1) / 2).sum())


def _hogar(*arguments: object) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "hogar", *map(str, arguments), "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return result


if __name__ == "__main__":
    main()
