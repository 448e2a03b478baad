"""Who lives together? Reads the canonical tables on a connection; writes persons, households, roles as files.

Order: parties become persons → direct links → candidate pairs → evidence → probability → households → users and roles.
Traffic tables must be the gated ones: what no consent lets through never arrives here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from time import perf_counter

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hogar.errors import ProblemsFound
from hogar.households.clusters import Indices, Links, cluster
from hogar.households.constants import FAMILY_STEPS, PROBABILITY_MIN, Floats
from hogar.households.earlier import Earlier, write_models
from hogar.households.estimate import estimate, no_pairs
from hogar.households.history import Versions, versions
from hogar.households.incremental import pairs_again, persons_again, reopened, roles_again
from hogar.households.judgements import Judgements, read_judgements
from hogar.households.kept import keep as keep_tables
from hogar.households.kept import mark, usable
from hogar.households.mixture import Models
from hogar.households.offnet import SCHEMA as OFFNET
from hogar.households.offnet import offnet
from hogar.households.options import Options
from hogar.households.persons import persons
from hogar.households.stages import FACTS, PARTIES, USERS_AND_ROLES
from hogar.households.steps import Progress, Step, Steps
from hogar.households.succession import View

HOMES = """
    SELECT person_id, md5(concat_ws('|', postcode, street, number, unit)) AS home
    FROM home WHERE kind = 'home' ORDER BY ALL
"""


@dataclass(frozen=True, kw_only=True)
class ResolveReport:
    """What a resolution found: counts, the biggest household, EM's iterations, and each step's size and time.

    `events` counts what changed since the resolution before, by kind; `judged` the pairs that analysts agree
    on, `judgements` how many of their words were read, no longer apply, or are disputed.
    """

    parties: int
    persons: int
    households: int
    pairs: int
    judged: int
    judgements: dict[str, int]
    biggest: int
    iterations: int
    events: dict[str, int]
    steps: tuple[Step, ...]


def resolve(
    *,
    con: duckdb.DuckDBPyConnection,
    now: date,
    out: Path,
    options: Options = Options(),  # noqa: B008 (frozen)
    judgements: Sequence[Path] = (),
    earlier: Earlier | None = None,
    models: Models | None = None,
    keep: bool = False,
    progress: Progress | None = None,
) -> ResolveReport:
    """Resolve the parties of the canonical tables on `con` into persons and households, as of the day `now`.

    Writes party_person, household, membership, line_user, role, adviser, depends, edge, pair, offnet, home, event and
    history as Parquet into `out`, and the models as models.json. With the unit `person` everybody is a household alone.
    `judgements` are CSV files of pairs that analysts judged; one with problems is `ProblemsFound`. Households that were
    there in the resolution `earlier` keep their ids, and its history goes on. With `models` nothing is learnt; where
    the earlier resolution had the same models and kept its tables, only what changed since is looked at again.
    `keep` keeps this one's tables for the next, in a file beside the result.
    `progress` hears each step's name, rows and seconds. The result depends on the tables' rows, not on their order.
    """
    empty = frozenset(table for family in options.without for table in FAMILY_STEPS[family])
    steps = Steps(con=con, progress=progress, empty=empty)
    kept = keep and options.unit == "household" and not options.offnet
    said = partial(mark, now=now, options=options, judgements=judgements)
    before = None
    if kept and earlier is not None and models is not None and usable(earlier.folder, said(models=models)):
        before = earlier.folder
    out.mkdir(parents=True, exist_ok=True)
    try:
        steps.start(now)
        with reopened(steps, before, out) if before is not None else nullcontext() as changes:
            if changes is not None and before is not None and models is not None:
                persons_again(changes)
                judged = _judged(steps, judgements)
                pairs = pairs_again(changes, before, models)
            else:
                _persons(steps)
                judged = _judged(steps, judgements)
                pairs, models = (
                    estimate(steps, models) if options.unit == "household" else (no_pairs(steps), None)
                )
            household, version = _households(steps, pairs, earlier, now)
            if changes is not None:
                roles_again(changes, pairs, version.membership)
            else:
                steps.run(*USERS_AND_ROLES)
            tables = {
                "party_person": steps.read("FROM party_person ORDER BY party_id"),
                "membership": version.membership,
                "household": household,
                "line_user": steps.read("FROM line_user ORDER BY line_id"),
                "role": steps.read("FROM role ORDER BY person_id, role"),
                "adviser": steps.read("FROM adviser ORDER BY person_id, adviser_person_id"),
                "depends": steps.read("FROM depends ORDER BY person_id, on_person_id, role"),
                "edge": steps.read("FROM edge ORDER BY person_id, household_id, kind"),
                "pair": pairs,
                "offnet": offnet(steps) if options.offnet else OFFNET.empty_table(),
                "home": steps.read(HOMES),
                "event": version.events,
                "history": version.history,
            }
        if kept and changes is None and models is not None:
            keep_tables(con, out, said(models=models))
    finally:
        steps.clear()
    for name, table in tables.items():
        pq.write_table(table, out / f"{name}.parquet")
    write_models(models, out)
    sizes = pc.value_counts(version.membership["household_id"]).field("counts")
    return ResolveReport(
        parties=len(tables["party_person"]),
        persons=len(version.membership),
        households=len(household),
        pairs=len(pairs),
        judged=len(judged.table()),
        judgements=judged.counts(),
        biggest=pc.max(sizes).as_py() or 0,
        iterations=models.among.iterations if models else 0,
        events=dict(sorted(Counter(version.events["kind"].to_pylist()).items())),
        steps=tuple(steps.done),
    )


def _persons(steps: Steps) -> None:
    """Which parties are one person, and what is known of each person."""
    before = perf_counter()
    steps.run(*PARTIES)
    parties = steps.read("SELECT party_id FROM party ORDER BY party_id")
    steps.keep("party_person", persons(parties, steps.read("FROM party_link")), before)
    steps.run(*FACTS)


def _judged(steps: Steps, files: Sequence[Path]) -> Judgements:
    """What analysts agree on, as a table of links, and all that they said."""
    before = perf_counter()
    read = read_judgements(files, steps.read("FROM party_person"))
    if read.problems:
        raise ProblemsFound(list(read.problems))
    agreed = read.table().select(["person_a", "person_b", "together"]).rename_columns(["a", "b", "together"])
    steps.keep("judged_link", agreed, before)
    return read


def _households(
    steps: Steps, pairs: pa.Table, earlier: Earlier | None, now: date
) -> tuple[pa.Table, Versions]:
    """The table of households, and each person in the one that its links leave it in, as a version among others."""
    before = perf_counter()
    ids = steps.read("SELECT person_id FROM individual ORDER BY person_id")["person_id"].combine_chunks()
    said = pc.coalesce(pairs["declared"], pairs["judged"])
    links = Links(
        a=pc.index_in(pairs["person_a"], value_set=ids).to_numpy(),
        b=pc.index_in(pairs["person_b"], value_set=ids).to_numpy(),
        log_odds=pairs["log_odds"].to_numpy(),
        declared=pc.fill_null(pc.if_else(said, 1, -1), 0).to_numpy().astype(np.int8),
    )
    homes = cluster(len(ids), links)
    # a person's id is `P-` and its anchor party's id: so is a new household's, by its first member
    anchors = pc.utf8_slice_codeunits(ids, 2)
    own_ids = pc.binary_join_element_wise("H", anchors, "-")
    probability = _membership_probability(homes, links, pairs["probability"].to_numpy())
    found = pa.table(
        {"person_id": ids, "household_id": own_ids.take(pa.array(homes)), "probability": probability}
    )
    view = View(party_person=steps.read("FROM party_person"), membership=found, homes=steps.read(HOMES))
    version = versions(
        earlier.view if earlier else None, view, history=earlier.history if earlier else None, day=now
    )
    steps.keep("membership", version.membership, before)
    first = pa.array(np.unique(homes))
    names = version.membership["household_id"].combine_chunks().take(first)
    return pa.table({"household_id": names, "anchor": anchors.take(first)}).sort_by("household_id"), version


def _membership_probability(homes: Indices, links: Links, probability: Floats) -> Floats:
    """How sure each membership is: the best link to a fellow member; for who lives alone, that no link holds."""
    together = homes[links.a] == homes[links.b]
    inside, outside = np.zeros(len(homes)), np.zeros(len(homes))
    for best, kept in ((inside, together), (outside, ~together)):
        np.maximum.at(best, links.a[kept], probability[kept])
        np.maximum.at(best, links.b[kept], probability[kept])
    alone = np.bincount(homes, minlength=len(homes))[homes] == 1
    return np.asarray(np.where(alone, 1 - outside, np.maximum(inside, PROBABILITY_MIN)))
