"""Is it hard to tell homes by their addresses alone? Exact equality must find many pairs, and err on many."""

from __future__ import annotations

import numpy as np
import pytest

from hogar.twin import generate
from hogar.twin.chance import Chance
from hogar.twin.silos.addresses import Forms
from hogar.twin.silos.people import files
from hogar.twin.world import draw

# A person of every party, its home addresses as the template project maps them, without accents and capitals.
FOUND = """
with person as (
    select party_id, person_id, household_id from truth_membership
),
spot as (
    select distinct person_id, household_id,
        strip_accents(lower(trim(street))) as street, strip_accents(lower(trim(number))) as number,
        strip_accents(lower(trim(coalesce(unit, '')))) as unit, coalesce(postcode, '') as postcode
    from address join person using (party_id)
    where address.kind = 'home' and street is not null
),
found as (
    select distinct a.person_id as one, b.person_id as other, a.household_id = b.household_id as right
    from spot as a join spot as b using (street, number, unit, postcode)
    where a.person_id < b.person_id
),
known as (select distinct person_id, household_id from person),
true_pairs as (
    select count(*) as pairs from known as a join known as b using (household_id) where a.person_id < b.person_id
)
select count(*) filter (where found.right), count(*), (select pairs from true_pairs) from found
"""


def exact_address(con) -> tuple[float, float, float]:
    """Precision, recall and F1 of "the same written address"; pairs of persons whom some silo knows."""
    right, found, true = con.execute(FOUND).fetchone()
    precision, recall = right / found, right / true
    return precision, recall, 2 * precision * recall / (precision + recall)


@pytest.mark.parametrize(("persons", "seed"), [(2000, 1), (2000, 2), (300, 1)])
def test_addresses_alone_find_some_homes_but_not_enough(market, mapped, persons, seed):
    """F1 between 0.55 and 0.85 (the issue's bound), losing both by missing pairs and by wrong ones."""
    precision, recall, f1 = exact_address(mapped(market(persons, seed)))
    assert 0.55 <= f1 <= 0.85, f"precision {precision:.2f}, recall {recall:.2f}, F1 {f1:.2f}"
    assert precision < 0.92
    assert recall < 0.92


def test_dirt_is_what_makes_it_hard(mapped, params):
    """Without dirt, addresses tell nearly all homes apart; with three times as much, few."""
    clean, dirty = (exact_address(mapped(generate(1000, 1, params.with_dirt(level)))) for level in (0.0, 3.0))
    assert clean[2] > 0.9
    assert dirty[2] < 0.55


def test_the_registry_fits_its_encoding(market):
    """Every cell of the registry can be written in Latin-1, its file's encoding, whatever origin a name has."""
    table = market(2000, 1).silos["prepaid/registry.csv"]
    assert table.schema.metadata[b"encoding"] == b"latin-1"
    for name in table.column_names:
        "".join(text or "" for text in table.column(name).to_pylist()).encode("latin-1")


def test_members_about_whom_stories_are_told_have_their_address(params):
    """The focus members of segments are believed to live where they live, and CRM has it; of others some are lost."""
    world = draw(1000, params, Chance(1))
    rng = Chance(1).stream("test")
    everybody = np.arange(world.population.persons)
    believed = Forms.of(world, rng).believed(everybody, 1.0, rng)
    right = believed == world.places.dwelling[world.population.home]
    focus = world.segments.focus[world.segments.focus >= 0]
    assert len(focus) > 10
    assert right[focus].all()
    assert 0.85 < right.mean() < 0.99
    table = files(world, rng)["crm/addresses.csv"]
    rows = zip(table.column("id_cliente").to_pylist(), table.column("tipo").to_pylist(), strict=True)
    at_home = {id for id, kind in rows if kind == "domicilio"}
    assert set(world.parties.crm[focus]) <= at_home
    customers = set(world.parties.crm) - {""}
    assert 0 < len(customers - at_home) < 0.06 * len(customers)
