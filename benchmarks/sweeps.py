"""What if a parameter that nobody has published is another? Curves over such parameters, not points.

    python -m benchmarks.sweeps [--persons 3000] [--seed 2] [--write docs] [--json]

For each value a market is made, resolved and scored by the commands that anybody types; the exact-address rule is
judged on the same market, so a curve tells a hard market from a poor method. Simulated throughout.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import duckdb
from benchmarks._frame import print_result

from hogar.cli.twin_files import default_params_text

Settings = Mapping[str, float]


def _one(parameter: str, *values: float) -> dict[float, Settings]:
    return {value: {parameter: value} for value in values}


def _ours(share: float, together: float) -> Settings:
    """Of adults `share` are ours, with this correlation in a home: a = s + r (1 - s), homes without any 1 - s / a."""
    adult = share + together * (1 - share)
    return {"onnet.adult": adult, "onnet.child": adult, "onnet.homes_unserved": round(1 - share / adult, 6)}


SWEPT: Mapping[str, Mapping[float, Settings]] = {
    "share in messengers": _one("traffic.ott", 0.0, 0.2, 0.4, 0.6, 0.8),
    "share that allows traffic data": _one("consent.traffic", 0.0, 0.1, 0.3, 0.6, 1.0),
    "share of adults that is ours": {share: _ours(share, 0.3) for share in (0.2, 0.4, 0.6, 0.8)},
    "... its correlation in a home, at 0.4": {together: _ours(0.4, together) for together in (0.0, 0.4, 0.8)},
    "share of old addresses": _one("places.stale_address", 0.0, 0.05, 0.1, 0.2),
    "share of missing units": _one("places.unit_missing", 0.0, 0.25, 0.5, 0.95),
    "prepaid registered to another": _one("contracts.prepaid_registered_to_another", 0.0, 0.12, 0.3, 0.5),
    "dirt": _one("dirt.level", 0.0, 1.0, 2.0, 4.0),
}
FIGURES = ("pair_precision", "pair_recall", "b_cubed_f1", "line_user_accuracy")
HOGAR = (sys.executable, "-m", "hogar")


def main() -> int:
    """Sweep every parameter, print the curves, draw them where asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--persons", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--only", choices=SWEPT, help="one parameter")
    parser.add_argument(
        "--write", type=Path, metavar="DOCS", help="draw `twin/sweeps.png` in this docs folder"
    )
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    curves: dict[str, list[dict[str, float]]] = {}
    for name, points in SWEPT.items():
        if asked.only not in (None, name):
            continue
        curves[name] = []
        for value, settings in points.items():
            curves[name].append({"value": value} | scored(settings, asked.persons, asked.seed))
            if not asked.json:
                print(f"{name} {value:g}:", _words(curves[name][-1]), flush=True)
    if asked.write:
        _draw(curves, asked.write / "twin" / "sweeps.png")
    figures = {
        f"{name}_{key}_{point['value']:g}": point[key]
        for name, points in curves.items()
        for point in points
        for key in (*FIGURES, "exact_address_f1")
    }
    print_result("sweeps", figures=figures, peers={}, size={"persons": asked.persons, "seed": asked.seed})
    return 0


def scored(settings: Settings, persons: int, seed: int) -> dict[str, float]:
    """One market with these parameters changed, resolved and compared with its truth."""
    with tempfile.TemporaryDirectory(prefix="sweep-") as folder:
        params, market = Path(folder) / "params.toml", Path(folder) / "market"
        text = default_params_text()
        for parameter, value in settings.items():
            text = changed(text, parameter, value)
        params.write_text(text, encoding="utf-8")
        _run(
            "twin",
            "generate",
            market,
            "--persons",
            persons,
            "--seed",
            seed,
            "--params",
            params,
            "--no-records",
        )
        for step in ("ingest", "resolve"):
            _run(step, "--project", market)
        found = _run("twin", "score", market)
        address = exact_address_f1(market)
    return {"exact_address_f1": address} | {name: found[name] for name in FIGURES}


def changed(text: str, parameter: str, value: float) -> str:
    """The parameter file with one value changed; fails where it has no such parameter."""
    section, name = parameter.split(".")
    pattern = re.compile(rf"(\[{section}\][^\[]*?\n{name} = )[^ \n]+")
    text, count = pattern.subn(lambda found: f"{found[1]}{float(value)}", text)
    assert count == 1, f"{parameter} is not in the parameter file"
    return text


def exact_address_f1(market: Path) -> float:
    """Pairs of known persons who give the very same home address, against pairs who live together."""
    address = next((market / ".hogar").rglob("address.parquet"))
    query = """
        with place as (
            select distinct m.person_id, m.household_id,
                lower(strip_accents(concat_ws('|', street, number, unit, postcode))) as place
            from read_parquet($address) a join read_parquet($truth) m using (party_id) where kind = 'home'
        ), found as (
            select distinct a.person_id as one, b.person_id as other, a.household_id = b.household_id as hit
            from place a join place b using (place) where a.person_id < b.person_id
        ), home as (
            select household_id, count(distinct person_id) as n from read_parquet($truth) group by all
        )
        select 2.0 * count(*) filter (hit) / (count(*) + (select sum(n * (n - 1) / 2) from home)) from found
    """
    given = {"address": str(address), "truth": str(market / "truth" / "membership.parquet")}
    row = duckdb.execute(query, given).fetchone()
    assert row is not None
    return float(row[0])


def _run(*words: object) -> dict[str, float]:
    done = subprocess.run([*HOGAR, *map(str, words), "--json"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"hogar {' '.join(map(str, words))}: {done.stderr}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _words(point: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {point[name]:.3f}" for name in (*FIGURES, "exact_address_f1"))


def _draw(curves: Mapping[str, list[dict[str, float]]], file: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    plt.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
    figure, axes = plt.subplots(3, 3, figsize=(11, 9), layout="constrained", sharey=True)
    for axis, (name, points) in zip(axes.flat, curves.items(), strict=False):
        for key in (*FIGURES, "exact_address_f1"):
            style = "--" if key == "exact_address_f1" else "-"
            axis.plot([p["value"] for p in points], [p[key] for p in points], style, marker=".", label=key)
        axis.set(title=name, ylim=(0, 1.02))
    handles, labels = axes.flat[0].get_legend_handles_labels()
    for axis in axes.flat[len(curves) :]:
        axis.axis("off")
    axes.flat[-1].legend(handles, labels, frameon=False, loc="center")
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, dpi=110)


if __name__ == "__main__":
    raise SystemExit(main())
