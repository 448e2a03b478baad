"""Two meanings, one value: events as they come, shuffled, doubled and late, and SQL over the table of events."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from live_worlds import CONSENTED, DAY, HOMES, PEOPLE, USERS, as_it_came, counters, happened, market

from hogar.features.live import Keeper, value_at
from hogar.features.live_query import live_query
from hogar.features.past import past
from hogar.telco.catalogue import ENTITIES, Entity
from hogar.telco.live import Counter, Entry

END = (
    int((datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC) + timedelta(days=1)).timestamp()) * 1_000_000 - 1
)
UNPROFILED = {person for party, person in PEOPLE.items() if "minor" in party}


def _subjects(entity: Entity) -> dict[str, list[str]]:
    """The lines and parties whose events are those of each of an entity, without whom nothing may be known of."""
    profiled = {person for person in HOMES if person not in UNPROFILED}
    found: dict[str, list[str]] = {}
    if entity == "line":
        return {line: [line] if user in profiled or user is None else [] for line, user in USERS.items()}
    for person, home in HOMES.items():
        about = [party for party, who in PEOPLE.items() if who == person]
        about += [line for line, user in USERS.items() if user == person]
        found.setdefault(person if entity == "person" else home, [])
        found[person if entity == "person" else home] += about if person in profiled else []
    return found


@pytest.mark.parametrize("seed", range(3))
def test_the_fold_of_events_is_the_sql_over_their_table(seed: int) -> None:
    """All five folds, three entities, hours and days, conditions, consent, odd values, moments at the edges."""
    events = happened(seed)
    all_of = counters(seed)
    kept: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    keeper = Keeper.of(all_of)
    for one in as_it_came(events, seed):
        for counter, value in keeper.kept(one.type, one.data):
            at = (one.at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
            entry = Entry(at, one.source, one.id, value)
            kept[counter.full_name, one.about].append(entry)
    known = 0
    with market(as_it_came(events, seed + 100)) as con, past(con, DAY, DAY):
        for entity in ENTITIES:
            mine = [counter for counter in all_of if counter.entity == entity]
            rows = pl.DataFrame(
                con.sql(live_query(entity, mine).text, params={"as_of": DAY}).to_arrow_table()
            )
            assert sorted(rows["id"]) == sorted(_subjects(entity))
            for row in rows.to_dicts():
                if row["id"] in UNPROFILED or row["id"] == "l:minor":
                    continue  # hidden, whatever is counted
                for counter in mine:
                    folded = _folded(counter, _subjects(entity)[row["id"]], kept)
                    assert row[counter.name] == folded, (entity, row["id"], counter, folded)
                    known += folded is not None and folded != 0
    assert known > 60, "the worlds are not empty"


def _folded(counter: Counter, subjects: list[str], kept: Any) -> Any:
    if counter.consent:
        subjects = [subject for subject in subjects if subject in CONSENTED]
        if not subjects:
            return None
    return value_at(counter, [e for subject in subjects for e in kept[counter.full_name, subject]], END)
