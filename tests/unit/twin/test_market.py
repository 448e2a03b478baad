"""Is the market the same every time, near its targets, and silent about its truth?"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

from hogar.errors import ProblemsFound, UsageError
from hogar.twin import generate

# Eurostat LFS, EU-28, 2017: shares of households with 1, 2, 3, 4, 5 or more members.
SIZES = (0.336, 0.319, 0.156, 0.131, 0.058)


def _bytes(market):
    def of(table):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        return sink.getvalue().to_pybytes()

    return {name: of(table) for group in (market.silos, market.truth) for name, table in group.items()}


def test_the_same_seed_gives_the_same_bytes(market, params):
    """Silos, truth and events repeat byte for byte; another seed gives other people."""
    first, again, other = market(300, 1), generate(300, 1, params), market(300, 2)
    assert _bytes(first) == _bytes(again)
    assert first.events == again.events
    assert _bytes(first)["crm/customers.csv"] != _bytes(other)["crm/customers.csv"]


def test_more_dirt_leaves_the_truth_as_it_is(market, params):
    """A step's random stream is its own: other parameters of dirt change silos, not people."""
    dirty = generate(300, 1, params.with_dirt(0.0))
    clean_homes = dirty.truth["households"].column("kind").to_pylist()
    assert Counter(clean_homes) == Counter(market(300, 1).truth["households"].column("kind").to_pylist())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_household_sizes_are_near_the_published_ones(market, seed):
    """Shares of sizes lie within 3 points of Eurostat's."""
    sizes = market(2000, seed).truth["households"].column("members").to_numpy()
    for size, share in enumerate(SIZES, start=1):
        found = np.mean(np.minimum(sizes, 5) == size)
        assert abs(found - share) < 0.03, f"{size} members: {found:.3f}"


def test_about_as_many_persons_as_asked(market):
    """Persons who use a line of ours: the number asked for, and at most a home more."""
    users = market(2000, 1).truth["lines"].column("person_id").to_pylist()
    assert 2000 <= len(set(users)) <= 2010


def test_no_silo_holds_the_truth(market):
    """No column of a silo is named like a truth's, no cell holds a true person or household id."""
    made = market(2000, 1)
    true = {
        value
        for name, column in (
            ("membership", "person_id"),
            ("membership", "household_id"),
            ("households", "household_id"),
        )
        for value in made.truth[name].column(column).to_pylist()
    }
    for path, table in made.silos.items():
        assert not {"person_id", "household_id"} & set(table.column_names), path
        for name in table.column_names:
            if pa.types.is_string(table.schema.field(name).type):
                assert not true & set(table.column(name).unique().to_pylist()), f"{path}: {name}"


@pytest.mark.parametrize("path", ["crm/customers.csv", "prepaid/registry.csv", "web/accounts.csv"])
@pytest.mark.parametrize("by_id", [False, True])
def test_neighbouring_rows_share_a_household_no_oftener_than_chance(market, path, by_id):
    """Neither row order nor the order of ids gives households away."""
    made = market(2000, 1)
    truth = made.truth["membership"]
    bare = [party.partition(":")[2] for party in truth.column("party_id").to_pylist()]
    home_of = dict(zip(bare, truth.column("household_id").to_pylist(), strict=True))
    ids = list(dict.fromkeys(made.silos[path].column(0).to_pylist()))
    homes = [home_of[id] for id in (sorted(ids) if by_id else ids)]
    count = len(homes)
    pairs = sum(n * (n - 1) for n in Counter(homes).values())
    expected = (count - 1) * pairs / (count * (count - 1))
    found = sum(one == other for one, other in pairwise(homes))
    assert found <= expected + 4 * np.sqrt(expected) + 2, f"{found} neighbours, {expected:.1f} by chance"


def test_outside_ties_are_as_many_as_inside(market):
    """At least as many weekly-calling pairs outside households as inside, so that calls alone do not tell."""
    made = market(2000, 1)
    person = dict(
        zip(*(made.truth["lines"].column(name).to_pylist() for name in ("line_id", "person_id")), strict=True)
    )
    home = dict(
        zip(
            *(made.truth["membership"].column(n).to_pylist() for n in ("person_id", "household_id")),
            strict=True,
        )
    )
    of_line = {line.partition(":")[2]: home.get(user, line) for line, user in person.items()}
    inside = outside = 0
    for one, other, calls in zip(
        *(made.silos["usage/ties.parquet"].column(n).to_pylist() for n in ("linea_a", "linea_b", "llamadas")),
        strict=True,
    ):
        if calls >= 4 and one in of_line and other in of_line:
            inside += of_line[one] == of_line[other]
            outside += of_line[one] != of_line[other]
    assert outside >= inside > 0


def test_events_are_in_time_order_and_not_of_the_future(market):
    """CloudEvents with ids of their own, the last one before the moment of the extract."""
    made = market(300, 1)
    times = [event.time for event in made.events]
    assert times == sorted(times)
    assert times[-1] <= made.now
    assert len({event.id for event in made.events}) == len(times)


@pytest.mark.parametrize(("persons", "seed"), [(0, 1), (99, 1), (10**9, 1), (300, -1)])
def test_impossible_markets_are_refused(params, persons, seed):
    """Too few or too many persons, a seed below zero."""
    with pytest.raises(UsageError):
        generate(persons, seed, params)


def test_the_share_of_traffic_consent_is_met(market, params):
    """Three in ten adults allow traffic data; another share can be asked for, an impossible one is refused."""
    for share in (0.0, 0.3, 1.0):
        table = generate(300, 1, params.with_consent(share).with_dirt(0.0)).silos["privacy/consents.csv"]
        granted = {
            row["cliente"]
            for row in table.to_pylist()
            if row["finalidad"] == "TRAFICO" and row["valor"] == "S"
        }
        everybody = {row["cliente"] for row in table.to_pylist()}
        assert abs(len(granted) / len(everybody) - share) < 0.06
    with pytest.raises(ProblemsFound, match="--consent"):
        params.with_consent(1.5)
