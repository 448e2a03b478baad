"""What would Splink 5 make of it? A record linker, given everything that it can take.

It sees our persons as records, our candidate pairs as its blocked pairs, and the pairwise evidence, for which it has no
place, by the one way that works: each record carries a map from the other person to the level (`notes` call it the
MAP-column trick). Its thresholds are chosen with the truth, which no user could do. Declared answers and the law's
rules stand above its estimate as they stand above ours.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import duckdb
import numpy as np
import pandas as pd
import splink.comparison_level_library as level
import splink.comparison_library as comparison
from benchmarks.households_judge import Floats, Homes, Truth, best_f1
from benchmarks.households_market import Market, soft_families
from benchmarks.households_pairs import Found, Pairs
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.clustering import cluster_pairwise_predictions_at_threshold

from hogar.households.constants import KINDS

CLUSTER_THRESHOLDS = (0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 1 - 1e-6, 1 - 1e-8)
RANDOM_PAIRS_MAX = 5e6
EM_PAIRS = (
    ("building", "unit"),
    ("surname", "postcode"),
)  # where Splink learns; it leaves out what they share


@dataclass(frozen=True)
class Linked:
    """F1 of pairs at the best threshold, and the homes at the threshold whose pairs are best."""

    pair_f1: float
    threshold: float
    homes: Homes
    seconds: float


def linked(market: Market, resolved: Path, pairs: Pairs, found: Found, truth: Truth, *, soft: bool) -> Linked:
    """Train Splink on a market and judge it; without `soft` it sees contracts alone."""
    begin = perf_counter()
    with market.canonical() as con, quiet():
        kinds = records(con, resolved, soft=soft)
        scores(con, kinds)
        seconds = perf_counter() - begin
        probability = scored(con, pairs, found)
    probability = np.where(pairs.ruled, pairs.probability, probability)
    best, threshold = best_f1(pairs.code, probability, truth.pairs)
    every = [_clustered(pairs, found, truth, probability, one) for one in (threshold, *CLUSTER_THRESHOLDS)]
    homes = max(every, key=lambda one: one.pair_f1)
    return Linked(best, threshold, homes, seconds)


def records(con: duckdb.DuckDBPyConnection, resolved: Path, *, soft: bool) -> list[str]:
    """Make the tables `record` and `blocked`; the kinds of evidence that the records carry as maps."""
    con.read_parquet(str(resolved / "party_person.parquet")).create_view("party_person")
    con.read_parquet(str(resolved / "pair.parquet")).create_view("pair")
    con.execute(
        "create table blocked as select '0' as match_key, person_a as join_key_l, person_b as join_key_r from pair"
    )
    text = Path(__file__).with_name("households_records.sql").read_text(encoding="utf-8")
    con.execute(f"create table record as {text}")
    families = soft_families() if soft else ()
    kinds = [kind.name for kind in KINDS if kind.name == "account" or kind.family in families]
    kinds = [kind for kind in kinds if con.sql(f"select max({kind}) from pair").fetchall()[0][0]]
    for kind in kinds:
        con.execute(
            f"""
            create or replace table record as select record.*, {kind} from record left join (
                select unique_id, map(list(other), list(level)) as {kind} from (
                    select person_a as unique_id, person_b as other, {kind} as level from pair
                    union all select person_b, person_a, {kind} from pair
                ) where level is not null group by unique_id
            ) using (unique_id)
            """
        )
    return kinds


def scores(con: duckdb.DuckDBPyConnection, kinds: list[str]) -> None:
    """Train on `record` and score `blocked` into the table `score`."""
    con.execute("set enable_progress_bar = false")
    api = DuckDBAPI(connection=con)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[*_of_records(), *(_of_map(con, kind) for kind in kinds)],
        blocking_rules_to_generate_predictions=[block_on("building")],
    )
    linker = Linker(api.register(con.table("record")), settings, log_level=None)
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("building", "unit")], recall=0.6)
    training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS_MAX, seed=1, min_count_per_level=None)
    for columns in EM_PAIRS:
        training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
    linker.table_management.register_blocked_pairs_for_predict(api.register(con.table("blocked")))
    predicted = linker.inference.predict()
    con.execute(
        f"""
        create or replace table score as
        select least(unique_id_l, unique_id_r) as a, greatest(unique_id_l, unique_id_r) as b,
            max(match_probability) as probability
        from {predicted.physical_name} group by all
        """
    )


def scored(con: duckdb.DuckDBPyConnection, pairs: Pairs, found: Found) -> Floats:
    """The table `score` in the order of our pairs; a pair that Splink did not score has no chance."""
    frame = con.sql("select a, b, probability from score").df()
    place = found.ids.get_indexer(frame["a"]) * len(found.ids) + found.ids.get_indexer(frame["b"])
    given = pd.Series(frame["probability"].to_numpy(), index=place)
    ours = given.reindex(pairs.a * len(found.ids) + pairs.b).fillna(0.0)
    return np.asarray(ours, dtype=np.float64)


def _of_records() -> Iterator[comparison.CustomComparison]:
    """Names, ages, homes, deliveries and bank accounts, compared record by record."""
    yield comparison.CustomComparison(
        output_column_name="surname",
        comparison_levels=[
            level.CustomLevel("surname_l is null or surname_r is null").configure(is_null_level=True),
            level.CustomLevel("surname_l = surname_r and second_surname_l = second_surname_r", "both surnames"),
            level.ExactMatchLevel("surname").configure(tf_adjustment_column="surname"),
            level.CustomLevel(
                "second_surname_l in (surname_r, second_surname_r) or second_surname_r = surname_l", "a surname"
            ),
            level.JaroWinklerLevel("surname", 0.9),
            level.ElseLevel(),
        ],
    )  # fmt: skip
    years = "abs(birth_year_l - birth_year_r)"
    yield comparison.CustomComparison(
        output_column_name="birth_year",
        comparison_levels=[
            level.NullLevel("birth_year"),
            level.CustomLevel(f"{years} <= 4", "a few years"),
            level.CustomLevel(f"{years} <= 12", "one generation"),
            level.CustomLevel(f"{years} between 18 and 42", "two generations"),
            level.ElseLevel(),
        ],
    )
    number = "number_l = number_r and (city_l = city_r or city_l is null or city_r is null)"
    same, like = (
        f"building_l = building_r and {number}",
        f"jaro_winkler_similarity(street_l, street_r) > 0.9 and {number}",
    )
    unknown = "(unit_l is null or unit_r is null)"
    yield comparison.CustomComparison(
        output_column_name="home",
        comparison_levels=[
            level.CustomLevel("street_l is null or street_r is null").configure(is_null_level=True),
            level.CustomLevel(f"{same} and unit_l = unit_r", "same unit"),
            level.CustomLevel(f"{like} and unit_l = unit_r", "same unit, street misspelt"),
            level.CustomLevel(f"{same} and unit_l is null and unit_r is null", "same number, no units"),
            level.CustomLevel(f"{same} and {unknown}", "same number, a unit unknown"),
            level.CustomLevel(f"{like} and {unknown}", "same number, street misspelt"),
            level.CustomLevel(like, "another unit"),
            level.ElseLevel(),
        ],
    )
    yield comparison.CustomComparison(
        output_column_name="delivery",
        comparison_levels=[
            level.CustomLevel("delivery_l = '' and delivery_r = ''").configure(is_null_level=True),
            level.CustomLevel("delivery_l = building_r or delivery_r = building_l", "to the other's home"),
            level.ElseLevel(),
        ],
    )
    yield comparison.CustomComparison(
        output_column_name="tokens",
        comparison_levels=[
            level.CustomLevel("tokens_l is null or tokens_r is null").configure(is_null_level=True),
            level.CustomLevel("list_has_any(tokens_l, tokens_r)", "a bank account"),
            level.ElseLevel(),
        ],
    )


def _of_map(con: duckdb.DuckDBPyConnection, kind: str) -> comparison.CustomComparison:
    """A kind of pairwise evidence; whoever has no map is not observed, and who is not in it is at level 0."""
    found = con.sql(f"select distinct {kind} from pair where {kind} > 0 order by 1 desc").fetchall()
    return comparison.CustomComparison(
        output_column_name=kind,
        comparison_levels=[
            level.CustomLevel(f"{kind}_l is null or {kind}_r is null").configure(is_null_level=True),
            *(level.CustomLevel(f"{kind}_l[unique_id_r] = {one}", f"level {one}") for (one,) in found),
            level.ElseLevel(),
        ],
    )


def _clustered(pairs: Pairs, found: Found, truth: Truth, probability: Floats, threshold: float) -> Homes:
    """Splink's own clustering of the pairs from this threshold on."""
    con = duckdb.connect()
    con.execute("set enable_progress_bar = false")
    api = DuckDBAPI(connection=con)
    nodes = api.register(pd.DataFrame({"unique_id": np.arange(len(found.ids))}))
    kept = probability >= threshold
    edges = pd.DataFrame(
        {"unique_id_l": pairs.a[kept], "unique_id_r": pairs.b[kept], "match_probability": probability[kept]}
    )
    out = cluster_pairwise_predictions_at_threshold(
        nodes, api.register(edges), api, node_id_column_name="unique_id", edge_id_column_name_left="unique_id_l",
        edge_id_column_name_right="unique_id_r", threshold_match_probability=threshold,
    )  # fmt: skip
    frame = out.as_duckdbpyrelation().df().sort_values("unique_id")
    homes = found.homes(frame["cluster_id"].to_numpy(), truth)
    return Homes.of(homes, truth.home)


@contextmanager
def quiet() -> Iterator[None]:
    """Without Splink's advice on untrained levels, of which rare evidence always has some."""
    logger, before = logging.getLogger("splink"), logging.getLogger("splink").level
    logger.setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    logger.setLevel(before)
