"""Does anything in the silos give the truth away: a column, a cell, the order of rows, the order of ids, a tie?"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

# Columns of true ids: none of them may stand in a silo.
TRUE = {"person_id", "household_id"}
PERSONS, SEED = 2000, 1


@pytest.fixture(scope="module")
def everything(recorded):
    """All silos by path, the records of two days among them."""
    made, records = recorded(PERSONS, SEED)
    return dict(made.silos) | {path: records[path] for path in sorted(records)[9:11]}


@pytest.fixture(scope="module")
def home_of(recorded):
    """The household of each party and line by the id that silos know, as a number."""
    truth = recorded(PERSONS, SEED)[0].truth
    homes = {id: number for number, id in enumerate(truth["households"]["household_id"].to_pylist())}
    person = dict(
        zip(*(truth["persons"][name].to_pylist() for name in ("person_id", "household_id")), strict=True)
    )
    found = dict(
        zip(*(truth["membership"][name].to_pylist() for name in ("party_id", "household_id")), strict=True)
    )
    for table, key in (("lines", "line_id"), ("offnet", "number_id")):
        ids, users = (truth[table][name].to_pylist() for name in (key, "person_id"))
        found |= {id: person[user] for id, user in zip(ids, users, strict=True) if user is not None}
    return {id.partition(":")[2]: homes[home] for id, home in found.items()}


def _column(table: pa.Table, name: str) -> pa.DictionaryArray | None:
    """A column of texts as places in its different values; None for other columns."""
    column = table[name].combine_chunks()
    if pa.types.is_string(column.type):
        column = column.dictionary_encode()
    return column if pa.types.is_dictionary(column.type) else None


def _keys(table: pa.Table, home_of: dict[str, int]):
    """Columns that name parties or lines: name, ids (as numbers in the order of ids) and homes; -1 for who has none."""
    for name in table.column_names:
        column = _column(table, name)
        if column is None or not len(column.dictionary):
            continue
        ids = column.dictionary.to_pylist()
        ranks = np.argsort(np.argsort(np.array(ids, dtype=object).astype(str)))
        homes = np.array([home_of.get(id, -1) for id in ids])
        place = column.indices.fill_null(-1).to_numpy()
        found = np.where(place >= 0, homes[place], -1)
        if np.mean(found >= 0) > 0.3:
            yield name, np.where(place >= 0, ranks[place], -1), found


def test_no_silo_holds_the_truth(everything, recorded):
    """No column of a silo is named like a truth's, no cell holds the id of a true person or household."""
    truth = recorded(PERSONS, SEED)[0].truth
    true = pa.array({
        value
        for table in truth.values()
        for name in table.column_names
        if name.endswith("person_id") or name.startswith("household")
        for value in table[name].drop_null().to_pylist()
    })  # fmt: skip
    assert len(true) > PERSONS
    for path, table in everything.items():
        assert not TRUE & set(table.column_names), path
        for name in table.column_names:
            column = _column(table, name)
            if column is not None:
                assert not pc.any(pc.is_in(column.dictionary, true)).as_py(), f"{path}: {name}"


def test_every_silo_of_people_and_lines_is_looked_at(everything, home_of):
    """Where a party or line stands in a file, the tests below find it."""
    looked = {path for path, table in everything.items() if any(True for _ in _keys(table, home_of))}
    assert set(everything) - looked == {
        "product/offers.csv", "product/prices.csv", "product/rules.csv", "finance/margins.csv", "network/coverage.csv",
        "network/outages.csv", "network/quality.csv",
    }  # fmt: skip


def test_neighbouring_rows_share_a_household_no_oftener_than_chance(everything, home_of):
    """Neither the order of rows nor the order of ids gives households away, in any file, by any of its columns.

    Pairs of rows of one and the same id are left out on both sides of the comparison, and so are the two records of
    one call, which name each other anyway.
    """
    for path, table in everything.items():
        mutual = _of_one_call(table) if "xdr" in path else None
        for name, ids, homes in _keys(table, home_of):
            _no_more_than_chance(f"{path}: {name}, by row", ids, homes, skip=mutual)
            unique, first = np.unique(ids, return_index=True)
            _no_more_than_chance(f"{path}: {name}, by id", unique, homes[first])


def _of_one_call(table: pa.Table) -> np.ndarray:
    """Neighbours of which one is the other end of the other."""
    line, other = (table[name].cast(pa.string()).to_numpy() for name in ("linea", "otro"))
    return (line[:-1] == other[1:]) | (line[1:] == other[:-1])


def test_rows_of_one_moment_stand_in_no_order(everything, home_of):
    """Where a file is in the order of time, rows of one second are shuffled among each other."""
    for path, table in everything.items():
        if "xdr" not in path:
            continue
        moments = table["momento"].to_numpy().astype(np.int64)
        ids = next(ids for name, ids, _ in _keys(table, home_of) if name == "linea")
        tied = moments[1:] == moments[:-1]
        rising = ids[1:][tied] > ids[:-1][tied]
        assert tied.sum() > 100
        assert abs(np.mean(rising) - 0.5) < 4 * 0.5 / np.sqrt(tied.sum()), path


def _no_more_than_chance(
    what: str, ids: np.ndarray, homes: np.ndarray, skip: np.ndarray | None = None
) -> None:
    known = homes >= 0
    one, other = slice(None, -1), slice(1, None)
    same = (homes[one] == homes[other]) & known[one] & known[other] & (ids[one] != ids[other])
    if skip is not None:
        same &= ~skip
    count = len(ids)
    if count < 10:
        return
    of_homes = np.unique(homes[known], return_counts=True)[1].astype(np.float64)
    of_ids = np.unique(ids[known], return_counts=True)[1].astype(np.float64)
    pairs = (of_homes * (of_homes - 1)).sum() - (of_ids * (of_ids - 1)).sum()
    expected = max(pairs, 0.0) / count
    assert same.sum() <= expected + 4.5 * np.sqrt(expected) + 2, (
        f"{what}: {same.sum()} pairs, {expected:.1f} by chance"
    )


def test_the_check_would_notice(everything, home_of):
    """Customers in the order of their homes fail it: by row, and by id if ids rose with homes."""
    table = everything["crm/customers.csv"]
    _, ids, homes = next(iter(_keys(table, home_of)))
    order = np.argsort(homes, kind="stable")
    with pytest.raises(AssertionError, match="by chance"):
        _no_more_than_chance("sorted", ids[order], homes[order])
