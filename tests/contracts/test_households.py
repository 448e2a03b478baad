"""What may every later step rely on in the files of a resolution?"""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.unit.households.conftest import Market, family

from hogar.households.constants import KINDS
from hogar.households.offnet import STEPS as OFFNET
from hogar.households.stages import CANDIDATES, EVIDENCE, FACTS, FELLOWS, LINKS, PARTIES, USERS_AND_ROLES
from hogar.households.steps import MACROS

TEXT, NUMBER = pa.string(), pa.float64()
COLUMNS = {
    "party_person": {"party_id": TEXT, "person_id": TEXT},
    "membership": {"person_id": TEXT, "household_id": TEXT, "probability": NUMBER},
    "household": {"household_id": TEXT, "anchor": TEXT},
    "line_user": {"line_id": TEXT, "person_id": TEXT, "probability": NUMBER},
    "role": {
        "person_id": TEXT,
        "role": TEXT,
        "probability": NUMBER,
        "source": TEXT,
        "evidence": pa.list_(TEXT),
    },
    "adviser": {"person_id": TEXT, "adviser_person_id": TEXT},
    "depends": {"person_id": TEXT, "on_person_id": TEXT, "role": TEXT, "kind": TEXT, "probability": NUMBER},
    "edge": {
        "person_id": TEXT,
        "household_id": TEXT,
        "kind": TEXT,
        "via_person_id": TEXT,
        "probability": NUMBER,
    },
    "offnet": {"number_id": TEXT, "household_id": TEXT, "probability": NUMBER, "members": pa.int64()},
    "home": {"person_id": TEXT, "home": TEXT},
    "history": {"household_id": TEXT, "person_id": TEXT, "valid_from": pa.date32(), "valid_to": pa.date32()},
}


@pytest.fixture
def filled(tmp_path: Path) -> Market:
    """Three families, a business and a stranger."""
    market = Market(tmp_path / "resolve")
    for number in range(1, 4):
        family(market, number)
    market.add("person", party_id="crm:b1", kind="business", registration_number="B-123")
    market.person("prepaid:1", "Zoe Lara")
    return market


@pytest.mark.parametrize("unit", ["household", "person"])
def test_columns_and_types(filled: Market, unit: str) -> None:
    """Each file has its columns and types, with households and without, and with nobody in the market."""
    for market in (filled, Market(filled.folder.parent / "nobody")):
        market.resolve(unit)
        for name, columns in COLUMNS.items():
            schema = pq.read_schema(market.folder / f"{name}.parquet")
            assert {column.name: column.type for column in schema} == columns, name
        pair = pq.read_schema(market.folder / "pair.parquet")
        assert pair.names[:2] == ["person_a", "person_b"]
        assert {kind.name for kind in KINDS} | {f"{kind.name}_log_odds" for kind in KINDS} <= set(pair.names)
        assert {"probability", "log_odds", "base_log_odds", "rule_log_odds"} <= set(pair.names)


@pytest.mark.parametrize("unit", ["household", "person"])
def test_everybody_is_somewhere_once(filled: Market, unit: str) -> None:
    """Every party is in exactly one person, every person in exactly one household; no id is invented."""
    filled.resolve(unit)
    parties = [row["party_id"] for row in filled.read("party_person")]
    assert sorted(parties) == sorted(row["party_id"] for table, row in filled.rows if table == "person")
    persons = [row["person_id"] for row in filled.read("membership")]
    assert sorted(persons) == sorted({row["person_id"] for row in filled.read("party_person")})
    homes = {row["household_id"]: row["anchor"] for row in filled.read("household")}
    assert set(homes) == {row["household_id"] for row in filled.read("membership")}
    assert all(home == f"H-{anchor}" and anchor in parties for home, anchor in homes.items())


def test_the_words_cover_all_levels() -> None:
    """Each level of each kind has words for the explanation and an expectation for each class."""
    for kind in KINDS:
        for row in kind.start:
            assert len(row) == len(kind.words)
            assert sum(row) == pytest.approx(1.0)


def test_each_query_says_its_purpose_and_is_run() -> None:
    """A file in `sql/` begins with its purpose, and belongs to a step."""
    folder = resources.files("hogar.households") / "sql"
    files = {file.name.removesuffix(".sql") for file in folder.iterdir() if file.name.endswith(".sql")}
    for name in files:
        assert (folder / f"{name}.sql").read_text(encoding="utf-8").startswith("-- purpose: "), name
    steps = {*PARTIES, *FACTS, *LINKS, *CANDIDATES, *EVIDENCE, *FELLOWS, *USERS_AND_ROLES, *OFFNET}
    assert files == steps | set(MACROS)
