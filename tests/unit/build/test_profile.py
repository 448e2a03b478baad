"""What is published of two homes, written by hand: who pays, who may be told what, and every value in its place."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from tests.unit.features.tiny import RESOLVED, TODAY, at, insert, tiny_market

from hogar.build.profile import publish_profile
from hogar.errors import Place
from hogar.features import compute, load_catalogue, save_catalogue
from hogar.models import ModelSpec, score_features
from hogar.stores.profiles import Profiles
from hogar.telco.catalogue import Catalogue, Entity
from hogar.telco.channels import CHANNELS
from hogar.telco.profile import HouseholdProfile

ACME = Path(__file__).parents[3] / "src" / "hogar" / "templates" / "acme"


def publish(folder: Path, *more: tuple[str, dict[str, object]]) -> Profiles:
    """The tiny market with some rows more, through `features` and `publish`; its lines score 0.25."""
    (folder / "resolve").mkdir(parents=True)
    (folder / "train").mkdir()
    with tiny_market() as con:
        for table, row in more:
            insert(con, table, row)
        compute(con=con, project=ACME, as_of=TODAY, out=folder / "features")
        for name in RESOLVED:
            pl.DataFrame(con.sql(f"FROM {name}").to_arrow_table()).write_parquet(
                folder / "resolve" / f"{name}.parquet"
            )
        scores = {"entity": ["line"], "id": ["l:he"], "model": ["churn"], "score": [0.25]}
        pl.DataFrame(scores).write_parquet(folder / "train" / "scores.parquet")
        churn = ModelSpec(name="churn", entity="line", features=(), target="", target_file="", learner="logistic",
                          place=Place(file="models/churn.yml"))  # fmt: skip
        save_catalogue(folder / "train", Catalogue.of(score_features([churn])))
        publish_profile(
            con=con, resolve=folder / "resolve", features=folder / "features", train=folder / "train",
            out=folder / "publish", now=TODAY, catalogue=load_catalogue(folder / "features", folder / "train"),
            language="ca",
        )  # fmt: skip
    return Profiles.open(folder / "publish")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Profiles]:
    """The tiny market as it is."""
    profiles = publish(tmp_path_factory.mktemp("published"))
    yield profiles
    profiles.close()


@pytest.fixture
def home(published: Profiles) -> HouseholdProfile:
    """The couple."""
    found = published.household("H-1")
    assert found is not None
    return found


def value(published: Profiles, entity: Entity, packed: bytes, name: str) -> float | str:
    """One value, texts through their dictionary."""
    columns = published.schema.columns(entity)
    position = [column.name for column in columns].index(name)
    number: float = struct.unpack(f"<{len(columns)}d", packed)[position]
    return columns[position].dictionary[int(number)] if columns[position].type == "text" else number


def test_ids_lead_home(published: Profiles) -> None:
    """Persons, their parties and the lines they use."""
    assert published.count == 2
    assert (
        published.of_person("P-2") == published.of_party("prepaid:she") == published.of_line("l:she") == "H-1"
    )
    assert published.of_line("l:gone") is None


def test_values_stand_where_the_schema_says(published: Profiles, home: HouseholdProfile) -> None:
    """Numbers, booleans as 0 and 1, texts by dictionary, scores in their own namespace, NaN for unknown."""
    assert value(published, "household", home.values, "household.spend_eur") == 65.0
    assert value(published, "household", home.values, "household.has_tv") == 0.0
    assert value(published, "household", home.values, "household.technology") == "adsl"
    adsl, he, she = home.lines
    assert (adsl.id, he.id, she.id) == ("l:adsl", "l:he", "l:she")
    assert value(published, "line", he.values, "score.churn") == 0.25
    score = value(published, "line", she.values, "score.churn")
    assert isinstance(score, float)
    assert math.isnan(score)
    assert value(published, "person", home.members[0].values, "person.age") == 60.0


def test_payers_are_positions_among_the_members(home: HouseholdProfile) -> None:
    """He pays all: the household, every line, and all that she uses; the line is hers to use and hold."""
    assert home.payer == 0
    assert [(line.user, line.payer, line.holder) for line in home.lines] == [(0, 0, 0), (0, 0, 0), (1, 0, 1)]
    assert [member.payer for member in home.members] == [0, 0]


def test_a_second_payer_leaves_nobody(tmp_path: Path) -> None:
    """She tops up once herself: her line has no one payer, so neither has the household; his lines still have."""
    top_up = {"top_up_id": "x", "line_id": "l:she", "at": at(date(2026, 2, 22)), "amount_cents": 500,
              "payer_party_id": "prepaid:she"}  # fmt: skip
    profiles = publish(tmp_path, ("top_up", top_up))
    home = profiles.household("H-1")
    assert home is not None
    assert (home.payer, [line.payer for line in home.lines]) == (-1, [0, 0, -1])
    assert [member.payer for member in home.members] == [0, -1]
    profiles.close()


def test_consent_is_the_latest_word_for_a_channel(published: Profiles, home: HouseholdProfile) -> None:
    """He allowed all and later refused SMS; she allowed e-mail alone; the son allowed all and objects."""
    every = 2 ** len(CHANNELS) - 1
    assert home.members[0].marketing == every - 2 ** CHANNELS.index("sms")
    assert home.members[1].marketing == 2 ** CHANNELS.index("email")
    son = published.household("H-2")
    assert son is not None
    assert [member.objects for member in son.members] == [True, False]
    assert not home.members[0].objects


def test_any_refusal_of_one_of_his_parties_is_the_persons(tmp_path: Path) -> None:
    """A second record of him refuses e-mail: no e-mail, though the first allowed all."""
    refusal = {
        "party_id": "web:he",
        "purpose": "marketing",
        "channel": "email",
        "granted": False,
        "at": at(date(2023, 1, 1)),
    }
    profiles = publish(
        tmp_path, ("party_person", {"party_id": "web:he", "person_id": "P-1"}), ("consent", refusal),
        ("person", {"party_id": "web:he", "birth_date": date(2010, 1, 1)}),
    )  # fmt: skip
    home = profiles.household("H-1")
    assert home is not None
    assert home.members[0].parties == ("crm:he", "web:he")
    assert not home.members[0].marketing & 2 ** CHANNELS.index("email")
    assert home.members[0].minor is True, "a minor to one silo is a minor"
    profiles.close()


def test_people_are_told_apart(published: Profiles, home: HouseholdProfile) -> None:
    """Age, language, roles, advisers in other homes, the anchor that experiments stick to."""
    son = published.household("H-2")
    assert son is not None
    assert [member.minor for member in (*home.members, *son.members)] == [False, False, False, True]
    assert home.members[0].language == "es"
    assert home.members[0].roles == (0.9, 0.0, 0.0, 0.0, 0.0, 0.0)
    assert (home.anchor, home.advisers) == ("crm:he", ((0, "P-3"),))
    assert home.members[0].membership == 0.97


def test_facts_about_offers_name_their_offer(published: Profiles, home: HouseholdProfile) -> None:
    """By position in the schema's list; money in cents."""
    facts = {published.schema.offers[fact.offer]: fact for fact in home.offers}
    assert (facts["HOGAR-2"].current_cents, facts["HOGAR-2"].cost_cents, facts["HOGAR-2"].owned) == (
        6500,
        6900,
        False,
    )
    assert facts["TV-BASIC"].ordered
    assert facts["ADSL-20"].owned


def test_the_same_inputs_are_the_same_version(published: Profiles, tmp_path: Path) -> None:
    """Built again it has the same name; with one consent more another."""
    same = publish(tmp_path / "same")
    yes = {
        "party_id": "prepaid:she",
        "purpose": "marketing",
        "channel": "sms",
        "granted": True,
        "at": at(TODAY, 1),
    }
    other = publish(tmp_path / "other", ("consent", yes))
    assert same.schema.version == published.schema.version
    assert other.schema.version != published.schema.version
    assert other.schema.membership == published.schema.membership
    same.close()
    other.close()
