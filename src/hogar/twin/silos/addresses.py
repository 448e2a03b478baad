"""How does an address stand in a file? As clerks, shops and customers wrote it, at the time when they asked.

Old addresses, grown-up children written down at their parents', units in six manners, copied forms. Reads the
world; returns columns of text. Called by: people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hogar.twin.arrays import Flags, Index, Ints, Texts
from hogar.twin.chance import between, pick
from hogar.twin.dirt import each, empty, lose, smudge, some
from hogar.twin.people.town_lists import ALSO, SHORT
from hogar.twin.world import World

Address = tuple[Texts, Texts, Texts, Texts, Texts]  # street, number, unit, postcode, city


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """The forms on which addresses were written: one a dwelling that its people copy, else a new one each time."""

    world: World
    careful: Flags  # a person whose own address is always current and present
    copies: Address  # a dwelling

    @classmethod
    def of(cls, world: World, rng: np.random.Generator) -> Forms:
        careful = np.zeros(world.population.persons, dtype=bool)
        careful[world.segments.focus[world.segments.focus >= 0]] = True
        return cls(
            world=world, careful=careful, copies=_write(world, np.arange(len(world.places.building)), rng)
        )

    def believed(self, who: Index, haste: float, rng: np.random.Generator) -> Index:
        """The dwelling at which a silo believes each person to live; `haste` multiplies how often it errs."""
        world, dirt = self.world, self.world.params.dirt
        people, places = world.population, world.places
        home, level = people.home[who], dirt.level * haste
        draws = rng.random((3, len(who)))
        parent = np.where(people.mother[who] >= 0, people.mother[who], people.father[who])
        nest = np.where(parent >= 0, people.home[parent], home)
        left = people.home_before[who]
        rate = np.where(np.isnat(places.moved[home]), world.params.places.stale_address, dirt.move_not_told)
        found = np.where(draws[0] < rate * level, places.before[home], places.dwelling[home])
        at_parents = (nest != home) & people.adult[who] & (draws[1] < dirt.kept_at_parents * level)
        found = np.where(at_parents, places.dwelling[nest], found)
        not_told = (left >= 0) & (draws[2] < dirt.move_not_told * level)
        found = np.where(not_told, places.dwelling[left], found)
        return np.where(self.careful[who], places.dwelling[home], found)

    def written(self, who: Index, dwelling: Index | Ints, rng: np.random.Generator) -> Address:
        """The address of each person's `dwelling`, copied from the dwelling's form or written anew."""
        anew = _write(self.world, dwelling, rng)
        copied = rng.random(len(who)) < self.world.params.dirt.address_copied
        one, two, three, four, five = (
            np.where(copied, form[dwelling], new) for form, new in zip(self.copies, anew, strict=True)
        )
        return one, two, three, four, five

    def offices(self, building: Ints, rng: np.random.Generator) -> Address:
        """Addresses of companies: on the ground floor or an upper one."""
        floor = between(rng, 0, 3, len(building))
        unit = np.array(["Local", "Bajo", "1º", "2º"], dtype=object)[floor]
        return _write_building(self.world, building, unit, rng)


def _write(world: World, dwelling: Index | Ints, rng: np.random.Generator) -> Address:
    return _write_building(world, world.places.building[dwelling], world.places.unit[dwelling], rng)


def _write_building(world: World, building: Ints, unit: Texts, rng: np.random.Generator) -> Address:
    """One writing of an address: shortened streets, units in several manners or not at all, slips of the hand."""
    places, dirt, level = world.places, world.params.dirt, world.params.dirt.level
    count = len(building)
    draws = rng.random((7, count))
    code = places.postcode[building]
    street = smudge(
        _shortened(places.street[building], draws[0] < dirt.street_otherwise * level, rng), dirt, rng
    )
    number = some(
        places.number[building], draws[1] < dirt.number_otherwise * level / 2, lambda text: "0" + text
    )
    number = some(number, draws[2] < dirt.number_otherwise * level / 2, _another_number)
    unit = _in_a_manner(unit, draws[3] < dirt.unit_otherwise * level, rng)
    unit = empty(unit, draws[4] < world.params.places.unit_missing * level)
    postcode = some(places.postcodes[code], draws[5] < dirt.postcode_wrong * level, _another_postcode)
    city = _otherwise(places.city[code], draws[6] < dirt.city_otherwise * level, rng)
    return street, number, unit, lose(postcode, dirt, rng), smudge(city, dirt, rng)


def _shortened(streets: Texts, where: Flags, rng: np.random.Generator) -> Texts:
    """The kind of a street shortened, in the way most clerks do, or in one that few do, or left out."""
    found = streets.copy()
    manner = pick(rng, (0.80, 0.14, 0.06), len(streets))
    spelling = rng.random(len(streets))
    rows = np.flatnonzero(where)
    for row, way, which in zip(rows.tolist(), manner[rows].tolist(), spelling[rows].tolist(), strict=True):
        kind, _, rest = found[row].partition(" ")
        usual = SHORT[kind]
        short = usual[0] if way == 0 else usual[int(which * len(usual))] if way == 1 else ""
        found[row] = f"{short} {rest}".lstrip() if short != "C/" or which < 0.5 else f"C/{rest}"
    return found


def _in_a_manner(units: Texts, where: Flags, rng: np.random.Generator) -> Texts:
    """Units as people write them: "3 B", "3B", "3-B", "3º-B", "Piso 3 pta. B", "3ºB" for "3º B"."""
    manner = pick(rng, (0.34, 0.22, 0.12, 0.08, 0.08, 0.16), len(units))
    found = units.copy()
    for place, way in enumerate((_bare, _joined, _dashed, _dashed_floor, _in_words, _close)):
        rows = np.flatnonzero(where & (manner == place))
        found[rows] = each(found[rows], way)
    return found


def _bare(unit: str) -> str:
    return unit.replace("º", "").replace("ª", "")


def _joined(unit: str) -> str:
    return _bare(unit).replace("Bajo", "Bj").replace(" ", "")


def _dashed(unit: str) -> str:
    return _bare(unit).replace(" ", "-")


def _dashed_floor(unit: str) -> str:
    return unit.replace(" ", "-").replace("Bajo", "Bjo")


def _in_words(unit: str) -> str:
    floor, _, door = _bare(unit).partition(" ")
    return f"Piso {floor} pta. {door}" if door else f"Piso {floor}"


def _close(unit: str) -> str:
    return unit.replace("º ", "º")


def _another_number(number: str) -> str:
    """The number without its "bis", or the next one on the same side of the street, or with a letter."""
    if number.endswith(" bis"):
        return number[:-4]
    if not number.isdigit():
        return number
    return number + " A" if int(number) % 3 == 0 else str(int(number) + 2)


def _another_postcode(code: str) -> str:
    """The last two digits exchanged; the last one wrong where that changes nothing."""
    return code[:3] + code[4] + code[3] if code[3] != code[4] else code[:4] + str((int(code[4]) + 1) % 10)


def _otherwise(cities: Texts, where: Flags, rng: np.random.Generator) -> Texts:
    """Towns by another of their names."""
    which = rng.random(len(cities))
    found = cities.copy()
    for row in np.flatnonzero(where).tolist():
        names = ALSO.get(found[row])
        if names:
            found[row] = names[int(which[row] * len(names))]
    return found
