"""Is the market the same every time, near its targets, and refused where it cannot be?"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from hogar.cli.twin_files import params_from
from hogar.errors import ProblemsFound, UsageError
from hogar.twin import REGIMES, generate

# Eurostat LFS, EU-28, 2017: shares of households with 1, 2, 3, 4, 5 or more members.
SIZES = (0.336, 0.319, 0.156, 0.131, 0.058)


def _bytes(market, records=None):
    def of(table):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        return sink.getvalue().to_pybytes()

    groups = (market.silos, market.truth, records or {})
    return {name: of(table) for group in groups for name, table in group.items()}


def test_the_same_seed_gives_the_same_bytes_however_many_workers(recorded, params):
    """Silos, records, truth and events repeat byte for byte, also where days are drawn three at once."""
    (first, records), (other, _) = recorded(300, 1), recorded(300, 2)
    taken: dict[str, pa.Table] = {}
    with ThreadPoolExecutor(3) as pool:
        again = generate(300, 1, params, records=taken.__setitem__, each=pool.map)
    assert _bytes(first, records) == _bytes(again, taken)
    assert first.events == again.events
    assert _bytes(first)["crm/customers.csv"] != _bytes(other)["crm/customers.csv"]
    assert _bytes(generate(300, 1, params)) == _bytes(first), "records that nobody takes change nothing"


@pytest.mark.parametrize("regime", REGIMES[1:])
def test_every_regime_repeats(regime):
    """The same bytes twice; others than Spain's."""
    params = params_from(None, regime)
    first, again = generate(200, 3, params), generate(200, 3, params)
    assert _bytes(first) == _bytes(again)
    assert first.regime == regime


def test_most_lines_of_the_prepaid_regime_are_prepaid(market):
    """More than 60 of 100 mobile lines; in Spain far fewer."""

    def share(made):
        lines = made.world.contracts.lines
        return np.mean(lines.kind[lines.mobile] == 1)

    assert share(generate(1000, 1, params_from(None, "prepaid"))) > 0.6
    assert share(market(2000, 1)) < 0.35


def test_more_dirt_leaves_the_truth_as_it_is(market, params):
    """A step's random stream is its own: other parameters of dirt change silos, not people."""
    clean = generate(300, 1, params.with_dirt(0.0))
    assert clean.truth["households"].equals(market(300, 1).truth["households"])
    assert clean.truth["persons"].equals(market(300, 1).truth["persons"])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_household_sizes_are_near_the_published_ones(market, seed):
    """Shares of sizes lie within 3 points of Eurostat's."""
    sizes = market(2000, seed).truth["households"].column("members").to_numpy()
    for size, share in enumerate(SIZES, start=1):
        found = np.mean(np.minimum(sizes, 5) == size)
        assert abs(found - share) < 0.03, f"{size} members: {found:.3f}"


def test_about_as_many_persons_as_asked(market):
    """Persons who use a line of ours: the number asked for, and few more."""
    users = set(market(2000, 1).truth["lines"].column("person_id").to_pylist())
    assert 1960 <= len(users) <= 2040


def test_the_truth_is_whole(market):
    """Every table has rows, every id in it is a person's, a home's, a line's or a party's, and nothing is twice."""
    made = market(2000, 1)
    truth = made.truth
    persons = truth["persons"]["person_id"].combine_chunks()
    homes = truth["households"]["household_id"].combine_chunks()
    for name, table in truth.items():
        assert table.num_rows > 0, name
        assert table.group_by(table.column_names).aggregate([]).num_rows == table.num_rows, name
        for column in table.column_names:
            among = (
                persons if column.endswith("person_id") else homes if column.startswith("household") else None
            )
            if among is not None:
                assert pc.all(pc.is_in(table[column].drop_null(), among)).as_py(), f"{name}.{column}"
    assert sum(truth["households"]["members"].to_pylist()) == len(persons)
    customers = {f"crm:{id}" for id in made.silos["crm/customers.csv"].column(0).to_pylist()}
    known = set(truth["membership"]["party_id"].to_pylist()) | set(
        truth["companies"]["company_party_id"].to_pylist()
    )
    assert customers <= known
    assert not set(truth["membership"]["party_id"].to_pylist()) & set(
        truth["companies"]["company_party_id"].to_pylist()
    )


def test_the_truth_tells_of_changes(market):
    """Homes move, pairs separate, the young leave, some move in, children are born: each with its day and homes."""
    table = market(2000, 1).truth["changes"]
    rows = table.to_pylist()
    assert {"moved", "separated", "left_nest", "joined", "born"} == {row["what"] for row in rows}
    for row in rows:
        assert (row["person_id"] is None) == (row["what"] == "moved")
        assert row["day"] is not None
        if row["what"] in ("separated", "left_nest", "joined"):
            assert row["household_before"] not in (None, row["household_id"])


def test_outside_ties_are_as_many_as_inside(market):
    """At least as many weekly-calling pairs outside households as inside, so that calls alone do not tell."""
    made = market(2000, 1)
    person, home = (
        dict(zip(*(made.truth[table].column(name).to_pylist() for name in names), strict=True))
        for table, names in (("lines", ("line_id", "person_id")), ("persons", ("person_id", "household_id")))
    )
    of_line = {line.partition(":")[2]: home[user] for line, user in person.items()}
    inside = outside = 0
    ties = made.silos["usage/ties.parquet"]
    for one, other, calls in zip(
        *(ties.column(name).to_pylist() for name in ("linea_a", "linea_b", "llamadas")), strict=True
    ):
        if calls >= 4 and one in of_line and other in of_line:
            inside += of_line[one] == of_line[other]
            outside += of_line[one] != of_line[other]
    assert outside >= inside > 0


@pytest.mark.parametrize(("persons", "seed"), [(0, 1), (99, 1), (10**9, 1), (300, -1)])
def test_impossible_markets_are_refused(params, persons, seed):
    """Too few or too many persons, a seed below zero."""
    with pytest.raises(UsageError):
        generate(persons, seed, params)


def test_the_share_of_traffic_consent_is_met(params):
    """Three in ten allow traffic data; another share can be asked for, an impossible one is refused."""
    for share in (0.0, 0.3, 1.0):
        table = generate(300, 1, params.with_consent(share).with_dirt(0.0)).silos["privacy/consents.csv"]
        rows = table.to_pylist()
        granted = {row["cliente"] for row in rows if row["finalidad"] == "TRAFICO" and row["valor"] == "S"}
        everybody = {row["cliente"] for row in rows}
        assert abs(len(granted) / len(everybody) - share) < 0.06
    with pytest.raises(ProblemsFound, match="--consent"):
        params.with_consent(1.5)


def test_more_messengers_leave_fewer_calls(params):
    """With all in messengers fewer calls and texts are recorded than with none."""
    few, many = (_calls(generate(200, 1, params.with_ott(share))) for share in (0.8, 0.0))
    assert few < 0.6 * many


def _calls(made) -> int:
    return pc.sum(made.silos["usage/ties.parquet"]["llamadas"]).as_py()


def test_kinds_of_households_are_all_there(market):
    """All nine kinds at 2,000 persons."""
    kinds = Counter(market(2000, 1).truth["households"].column("kind").to_pylist())
    assert set(kinds) == {
        "single", "couple", "empty_nest", "family", "separated", "flat_share", "multi_generation", "group_quarters",
        "sole_trader",
    }  # fmt: skip
