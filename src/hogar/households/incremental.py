"""What does a changed part of the market change? Brings the tables of the resolution before up to date.

Reads what `kept` holds and the canonical tables of now; whatever depends on a row that changed is looked at again, and
the rest stays. The models are frozen, so the result is that of a full run. Too wide a change is left to a full run.
Before: `kept`, `changes`; `resolve` decides which way is gone and finds the households, which costs little.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hogar.households import groups
from hogar.households.changes import Changes, Group
from hogar.households.constants import PROBABILITY_MIN, SQL_CONSTANTS
from hogar.households.kept import FILE, attach
from hogar.households.mixture import Models
from hogar.households.pairs import closure, scored
from hogar.households.persons import persons
from hogar.households.stages import EVIDENCE
from hogar.households.steps import Steps
from hogar.households.succession import flat, ids, places

CHANGED_SHARE_MAX = 0.2  # of the rows of a canonical table; beyond that a full run costs no more
WEIGHTY = (
    "person",
    "address",
    "account",
    "line",
    "consent",
    "top_up",
    "tie_month",
    "device_use",
    "place_night",
)


@contextmanager
def reopened(steps: Steps, before: Path, out: Path) -> Iterator[Changes | None]:
    """The tables of the resolution in `before`, to be brought up to date in `out`; None where too much has changed.

    While it is open the kept tables stand for the canonical ones of the connection.
    """
    con, begun = steps.con, perf_counter()
    path = out / FILE
    shutil.copyfile(before / FILE, path)
    attach(con, path)
    [(database, searched)] = con.execute(
        "SELECT current_database(), current_setting('search_path')"
    ).fetchall()
    changes, done = Changes(steps=steps), False
    con.begin()
    try:
        changes.compare_inputs()
        steps.note("changed", sum(changes.rows.values()), begun)
        if not _too_wide(changes):
            con.execute(f"SET search_path = 'kept,{database}'")
            yield changes
            done = True
        if done:
            changes.clear()
            con.commit()
    finally:
        if not done:
            con.rollback()  # what was made on the way goes with it
        con.execute(f"SET search_path = '{searched}'")
        con.execute("DETACH kept")
        if not done:
            path.unlink(missing_ok=True)
    if not done:
        yield None


def persons_again(changes: Changes) -> None:
    """Which parties are one person, brought up to date."""
    changes.run(*groups.PARTIES)
    _party_links(changes)
    _party_person(changes)


def pairs_again(changes: Changes, before: Path, models: Models) -> pa.Table:
    """Links, candidates and evidence brought up to date, with what was judged; all pairs, scored."""
    steps = changes.steps
    changes.replace("judged_link", Group(steps=(), owner=groups.PAIR))
    changes.drop("judged_link")
    changes.run(*groups.LINKS)
    changes.make("pairs")
    _evidence(changes, models)
    _chains(changes, models)
    changes.run(*groups.FELLOWS)
    begun = perf_counter()
    pairs = pq.read_table(before / "pair.parquet")
    if changes.rows.get("pair_among"):
        gone = steps.read("SELECT person_a, person_b FROM gone_pair_among")
        come = steps.read("SELECT * EXCLUDE (probability) FROM come_pair_among")
        pairs = _merged(pairs, gone, scored(come, models.among))
    steps.note("scored_pair", len(pairs), begun)
    return pairs


def roles_again(changes: Changes, pairs: pa.Table, membership: pa.Table) -> None:
    """Who uses which line, roles and edges brought up to date, now that the households are known."""
    con = changes.steps.con
    changes.put("membership", membership, ("person_id",), whole=True)
    least = float(str(SQL_CONSTANTS["time_shared_probability_min"]))
    likely = pairs.select(["person_a", "person_b", "probability"]).filter(
        pc.greater_equal(pairs["probability"], least)
    )
    con.register("_computed", likely)
    con.execute("CREATE OR REPLACE TEMP TABLE scored_pair AS FROM _computed")
    con.unregister("_computed")
    changes.run(*groups.USERS_AND_ROLES)
    changes.drop("scored_pair")


def _too_wide(changes: Changes) -> bool:
    """Whether more rows of a table that weighs are other ones than a run on part of the market is good for."""
    for name in WEIGHTY:
        rows = changes.count(f"SELECT count(*) FROM kept.{name}")
        if changes.rows[name] > 2 * CHANGED_SHARE_MAX * max(rows, 1):
            return True
    return False


def _party_links(changes: Changes) -> None:
    """Who is one person with whom; a name that became rare, or common, may say more, or less, than before."""
    changes.steps.con.execute("CREATE OR REPLACE TEMP TABLE name_before AS FROM kept.name")
    changes.run(*groups.NAMES)
    changes.make("names")
    changes.run(*groups.PARTY_LINKS)
    changes.drop("name_before", "renamed")


def _party_person(changes: Changes) -> None:
    """The persons of the parties that hang together with one whose links changed."""
    steps, begun = changes.steps, perf_counter()
    changes.make("chained")
    parties = steps.read(
        "SELECT party_id FROM kept.party SEMI JOIN touched USING (party_id) ORDER BY party_id"
    )
    links = steps.read("FROM kept.party_link WHERE party_a IN (FROM touched)")
    changes.put("party_person", persons(parties, links), ("party_id",))
    changes.drop("touched")
    steps.note("party_person", len(parties), begun)


def _evidence(changes: Changes, models: Models) -> None:
    """The evidence of the pairs in `touched`, and what it says of each pair for itself."""
    steps = changes.steps
    hiding = changes.make("evidence")
    steps.run(*EVIDENCE)
    begun = perf_counter()
    pairs = steps.read("FROM temp.pair")
    first = pairs.append_column("probability", scored(pairs, models.alone)["probability"])
    changes.drop(*hiding, *(step.split("_", 1)[1] for step in EVIDENCE))
    changes.put("first_pair", first, ("person_a", "person_b"))
    changes.drop("touched")
    steps.note("estimate", len(pairs), begun)


def _chains(changes: Changes, models: Models) -> None:
    """The pairs that chains of likely ones bring together, where such a chain changed."""
    steps, con, begun = changes.steps, changes.steps.con, perf_counter()
    con.execute(f"SET VARIABLE likely_min = {PROBABILITY_MIN}")
    made = changes.make("chains")
    missing = closure(steps.read("FROM known"))
    con.execute(
        "CREATE OR REPLACE TEMP TABLE touched AS FROM kept.chain WHERE a IN (FROM reached) OR b IN (FROM reached)"
    )
    con.register("_computed", missing)
    con.execute("INSERT INTO touched FROM _computed ANTI JOIN kept.chain USING (a, b)")
    con.unregister("_computed")
    changes.put("chain", missing, ("a", "b"))
    changes.drop(*made)
    steps.note("chain", len(missing), begun)
    if not changes.rows["chain"]:
        return
    for kind in ("gone", "come"):
        con.execute(f"CREATE OR REPLACE TEMP TABLE _{kind} AS FROM {kind}_first_pair")
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE touched AS
        SELECT a AS person_a, b AS person_b FROM (FROM gone_chain UNION ALL FROM come_chain)
        """
    )
    _evidence(changes, models)
    for kind in ("gone", "come"):
        con.execute(f"INSERT INTO {kind}_first_pair FROM _{kind}")
    changes.drop("_gone", "_come")
    changes.rows["first_pair"] = changes.count(
        "SELECT count(*) FROM (FROM gone_first_pair UNION ALL FROM come_first_pair)"
    )


def _merged(old: pa.Table, gone: pa.Table, come: pa.Table) -> pa.Table:
    """The pairs of before without those that are gone and with those that came, in order."""
    both = pa.concat_tables([old, come.select(old.column_names).cast(old.schema)])
    named = [one.dictionary_encode() for one in (flat(both, "person_a"), flat(both, "person_b"))]
    known = ids(pa.table({"id": pa.concat_arrays([one.dictionary for one in named])}), "id")
    first, second = (places(one.dictionary, known)[one.indices.to_numpy()] for one in named)
    key = first * len(known) + second
    lost = places(flat(gone, "person_a"), known) * len(known) + places(flat(gone, "person_b"), known)
    stays = np.append(~np.isin(key[: len(old)], lost), np.ones(len(come), dtype=np.bool_))
    place = np.flatnonzero(stays)
    return both.take(pa.array(place[np.argsort(key[place], kind="stable")])).combine_chunks()
