"""A project of 150 features: acme's, and generated topics beside them; and the same again as one query an entity.

The queries by hand know nothing of topics, of a past or of hiding: what an analyst would write once, for one day.
"""

from __future__ import annotations

import shutil
from pathlib import Path

ACME = Path(__file__).parents[1] / "src" / "hogar" / "templates" / "acme"
FEATURES = 150
PAGES = ("devices", "plans", "roaming", "fibre", "tv", "help")
CHANNELS = ("sms", "email", "push", "call")
KINDS = ("complaint", "fault", "question")
SUMS = ("fee_eur_month", "overage_eur_month", "data_gb_month", "topup_eur_month", "tenure_months", "g_use_30_data_mb",
        "g_use_30_voice_min", "g_paid_90_eur", "g_tie_calls_1", "g_tie_minutes_1", "silent_days")  # fmt: skip

Columns = dict[str, str]
"""A column's expression by its name."""


def generated() -> dict[str, tuple[str, str, Columns]]:
    """The generated topics by file name: from which table, by which key, which columns."""
    months = {
        f"g_{word}_{back}": f"max({column}) FILTER (month = date_trunc('month', :as_of) - INTERVAL {back} MONTH)"
        for back in range(1, 6)
        for word, column in (("fee", "fee_cents / 100"), ("overage", "overage_cents / 100"), ("gb", "data_gb_used"))
    }  # fmt: skip
    use = {
        f"g_use_{days}_{column}": f"sum({column}) FILTER (day > :as_of - INTERVAL {days} DAY)"
        for days in (7, 14, 30, 60)
        for column in ("data_mb", "voice_min", "roaming_mb")
    } | {
        f"g_use_{days}_days": f"count(*) FILTER (day > :as_of - INTERVAL {days} DAY)"
        for days in (7, 14, 30, 60)
    }
    paid = {
        f"g_paid_{days}_{word}": f"{fold} FILTER (\"at\" >= :as_of - INTERVAL {days} DAY)"
        for days in (30, 60, 90)
        for word, fold in (("n", "count(*)"), ("eur", "sum(amount_cents / 100)"), ("max", "max(amount_cents / 100)"))
    }  # fmt: skip
    ties = {
        f"g_tie_{column}_{back}": f"{fold} FILTER (month = date_trunc('month', :as_of) - INTERVAL {back} MONTH)"
        for back in (1, 2)
        for column, fold in (("calls", "sum(calls)"), ("minutes", "sum(minutes)"), ("others", "count(*)"))
    }  # fmt: skip
    pages = {
        f"g_page_{page}_{days}d": f"count(*) FILTER (topic = '{page}' AND \"at\" >= :as_of - INTERVAL {days} DAY)"
        for page in PAGES
        for days in (7, 30)
    }
    told = {
        f"g_told_{name}_{days}d": f"count(*) FILTER (channel = '{name}' AND \"at\" >= :as_of - INTERVAL {days} DAY)"
        for name in CHANNELS
        for days in (30, 90)
    }
    care = {
        f"g_{kind}_{days}d": f"count(*) FILTER (kind = '{kind}' AND opened_at >= :as_of - INTERVAL {days} DAY)"
        for kind in KINDS
        for days in (30, 180)
    }
    sums = {f"g_{fold}_{name}": f"{fold}({name})" for name in SUMS for fold in ("sum", "max")}
    party = "JOIN party_person USING (party_id)"
    home = "line_home JOIN line_features ON line_features.id = line_home.line_id"
    return {
        "line_gmonths": ("bill", "line_id", months),
        "line_guse": ("usage_day", "line_id", use),
        "line_gpaid": ("top_up", "line_id", paid),
        "line_gties": ("tie_month", "line_id", ties),
        "person_gpages": (f"web_event {party}", "person_id", pages),
        "person_gtold": (f"contact {party}", "person_id", told),
        "person_gcare": (f"ticket {party}", "person_id", care),
        "household_gsums": (home, "household_id", sums),
    }  # fmt: skip


def write_project(folder: Path, features: int = FEATURES) -> int:
    """Write the project's folder `features`; how many features it has. What is generated is cut to that number."""
    shutil.copytree(ACME / "features", folder / "features")
    (folder / "features" / "offers.sql").unlink()
    left = features - len(_described(folder))
    for stem, (table, key, columns) in generated().items():
        kept = dict(list(columns.items())[: max(0, left)])
        left -= len(kept)
        if kept:
            whole = " WHERE household_id IS NOT NULL" if key == "household_id" else ""
            spelled = ",\n    ".join(f"{text} AS {name}" for name, text in kept.items())
            text = f"SELECT {key} AS id,\n    {spelled}\nFROM {table}{whole}\nGROUP BY {key}\n"
            (folder / "features" / f"{stem}.sql").write_text(text, encoding="utf-8")
            rows = "".join(f"  {name}: {{type: number, help: generated}}\n" for name in kept)
            yml = f"purposes: [marketing, care, contract]\nfeatures:\n{rows}"
            (folder / "features" / f"{stem}.yml").write_text(yml, encoding="utf-8")
    return len(_described(folder))


def _described(folder: Path) -> list[str]:
    from hogar.features import read_catalogue

    return list(read_catalogue(folder).features)
