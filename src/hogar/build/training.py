"""What do the models say of everybody? Past features and what came of them in, reports and scores out.

Order: specifications → features as they stood a horizon ago → labels since → `models.learn` → scores on today's
features. A score sees of other people's data nothing: a payer's facts are hidden where the user is not the payer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import msgspec
import polars as pl

from hogar.build.models import read_models
from hogar.errors import HogarError
from hogar.features import compute_entities, load_catalogue, save_catalogue
from hogar.models import Learned, ModelReport, ModelSpec, learn, score_features
from hogar.telco.catalogue import Catalogue, Feature, Whose

Progress = Callable[[str], object]
Tables = Mapping[str, pl.DataFrame]

KEPT = ("line", "person", "household", "line_home", "unprofiled")
_SCORES = {"entity": pl.String, "id": pl.String, "model": pl.String, "score": pl.Float64}


class TargetError(HogarError):
    """The target of a model cannot be computed."""


@dataclass(frozen=True, kw_only=True)
class TrainReport:
    """Each model's report by its name, and how many scores were published."""

    models: dict[str, ModelReport]
    scores: int


def train_models(
    *,
    con: duckdb.DuckDBPyConnection,
    project: Path,
    features: Path,
    as_of: date,
    out: Path,
    progress: Progress | None = None,
) -> TrainReport:
    """Train all models of a project and score everybody as of the day `as_of`.

    `con` has the gated canonical tables and the tables of `households` as views, `features` is the finished step.
    Writes `models.json` (reports), `scores.parquet` (entity, id, model, score), `catalogue.json` (the scores as
    features) and `<model>.json` where a model can be saved. A model without enough to learn from is absent: it
    has a report that says so, and no scores. Raises `ProblemsFound`, `TargetError`.
    """
    out.mkdir(parents=True, exist_ok=True)
    catalogue = load_catalogue(features)
    specs = read_models(project, catalogue)
    today: Tables = {name: pl.read_parquet(features / f"{name}.parquet", glob=False) for name in KEPT}
    past: dict[date, Tables] = {as_of: today}
    reports: dict[str, ModelReport] = {}
    scores = [pl.DataFrame(schema=_SCORES)]
    for spec in specs:
        if progress is not None:
            progress(f"model {spec.name}")
        day = as_of - timedelta(days=spec.horizon_days or 0)
        if day not in past:
            past[day] = compute_entities(con=con, project=project, as_of=day, extracted=as_of)
        learned = _learn(con, spec, past[day], catalogue, day)
        reports[spec.name] = learned.report
        if learned.fitted is not None:
            scores.append(_score(spec, learned, today, catalogue, con))
            if (saved := learned.fitted.save()) is not None:
                (out / f"{spec.name}.json").write_bytes(saved)
    table = pl.concat(scores).sort("entity", "model", "id")
    table.write_parquet(out / "scores.parquet")
    (out / "models.json").write_bytes(
        msgspec.json.format(msgspec.json.encode({n: asdict(r) for n, r in reports.items()}))
    )
    save_catalogue(out, Catalogue.of(score_features(specs)))
    return TrainReport(models=reports, scores=len(table))


def _learn(
    con: duckdb.DuckDBPyConnection, spec: ModelSpec, tables: Tables, catalogue: Catalogue, day: date
) -> Learned:
    subjects = _subjects(spec, tables, catalogue, con).join(_labels(con, spec, day), on="id", how="inner")
    subjects = subjects.sort("id")
    rows = subjects.select(spec.features)
    groups = subjects["household_id"].fill_null(subjects["id"]).to_list()
    label = subjects["label"].cast(pl.Float64).to_numpy()
    return learn(spec, rows, label, groups, day.isoformat())


def _score(
    spec: ModelSpec, learned: Learned, today: Tables, catalogue: Catalogue, con: duckdb.DuckDBPyConnection
) -> pl.DataFrame:
    assert learned.fitted is not None
    subjects = _subjects(spec, today, catalogue, con)
    said = learned.fitted.predict(subjects.select(spec.features))
    columns = [
        pl.lit(spec.entity).alias("entity"),
        "id",
        pl.lit(spec.name).alias("model"),
        pl.Series("score", said),
    ]
    return subjects.select(columns)


def _labels(con: duckdb.DuckDBPyConnection, spec: ModelSpec, day: date) -> pl.DataFrame:
    """What came true: `id`, `label`; rows without a label are left out."""
    given = {"as_of": day, "horizon_days": spec.horizon_days}
    values = {name: value for name, value in given.items() if f"${name}" in spec.target}
    try:
        labels = pl.DataFrame(con.sql(spec.target, params=values).to_arrow_table())
    except duckdb.Error as error:
        raise TargetError(f"{spec.target_file}:1:1: DuckDB refuses it: {str(error).strip()}") from error
    if labels["label"].dtype != pl.Boolean or labels["id"].is_duplicated().any():
        raise TargetError(f"{spec.target_file}:1:1: must give one row an id and a boolean `label`")
    return labels.drop_nulls()


def _subjects(
    spec: ModelSpec, tables: Tables, catalogue: Catalogue, con: duckdb.DuckDBPyConnection
) -> pl.DataFrame:
    """One row a subject that may be judged: `id`, `household_id`, the model's features with its label's eyes."""
    membership = pl.DataFrame(con.sql("FROM membership").to_arrow_table()).select("person_id", "household_id")
    home, hidden = tables["line_home"], tables["unprofiled"]["id"].implode()
    payer_of_household = _sole_payers(home)
    if spec.entity == "line":
        who = home.select(
            pl.col("line_id").alias("id"), "household_id", pl.col("user_id").alias("person_id"), "payer_id"
        )
    elif spec.entity == "person":
        who = membership.select(
            pl.col("person_id").alias("id"),
            "household_id",
            "person_id",
            pl.lit(None, pl.String).alias("payer_id"),
        )
    else:
        who = membership.select(
            pl.col("household_id").alias("id"), "household_id", pl.lit(None, pl.String).alias("person_id"),
            pl.lit(None, pl.String).alias("payer_id"),
        ).unique()  # fmt: skip
    if spec.entity != "household":
        who = who.filter(pl.col("person_id").is_not_null() & ~pl.col("person_id").is_in(hidden))
    who = who.join(tables[spec.entity].select("id"), on="id", how="semi")  # who was a customer on that day
    who = who.join(payer_of_household, on="household_id", how="left")
    frame = who
    for entity, key in (("line", "id"), ("person", "person_id"), ("household", "household_id")):
        wanted = [
            catalogue.features[name] for name in spec.features if catalogue.features[name].entity == entity
        ]
        if wanted:
            table = tables[entity].select("id", *(pl.col(one.name).alias(one.full_name) for one in wanted))
            frame = frame.join(table, left_on=key, right_on="id", how="left", maintain_order="left")
    seen = [_seen(catalogue.features[name], spec) for name in spec.features]
    return frame.select("id", "household_id", *seen).sort("id")


def _seen(feature: Feature, spec: ModelSpec) -> pl.Expr:
    """A feature as far as it is the data of whose score it is; else unknown."""
    column = pl.col(feature.full_name)
    labels: set[Whose] = {feature.whose, spec.whose}
    if labels <= {spec.whose, "nobody"} or spec.entity == "household":
        return column
    payer = "household_payer" if feature.entity == "household" else "payer_id"
    return pl.when(pl.col("person_id") == pl.col(payer)).then(column).alias(feature.full_name)


def _sole_payers(home: pl.DataFrame) -> pl.DataFrame:
    """Who alone pays all lines of a household; none where there are several, or one is unknown."""
    return (
        home.drop_nulls("household_id")
        .group_by("household_id")
        .agg(
            pl.col("payer_id").n_unique().alias("payers"), pl.col("payer_id").first().alias("household_payer")
        )
        .filter(pl.col("payers") == 1)
        .drop("payers")
    )
