"""How are towns built? Postcodes, quarters of some twenty buildings, blocks of flats and houses.

Reads how many homes each town has; returns columns of buildings and dwellings that nobody has moved into yet.
Called by: places.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hogar.twin.arrays import Flags, Floats, Index, Texts, rank_in_group, within
from hogar.twin.chance import between, pick
from hogar.twin.parameters.people import Places as Rules
from hogar.twin.people.cells import curve
from hogar.twin.people.town_lists import CITIES, KINDS, STREETS

CODES_MAX = 90  # postcodes of a town
TOWN_LAW = (
    0.8  # homes of the town of rank r fall as r ** -0.8 (Spain's big towns; our reading of the INE's list)
)
BUILDINGS_A_QUARTER = 18
STREETS_A_QUARTER = 3
QUARTER_KM = 0.14  # radius: any two buildings of a quarter lie within 300 m
BLOCK_SIGMA = 0.8  # spread of the logarithm of a block's homes
BLOCK_MAX = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Towns:
    """Buildings and their dwellings; `shared` buildings (dormitories, care homes) have homes but no units."""

    city_names: Texts  # a town
    town: Index  # a building
    quarter: Index
    postcode: Index
    street: Texts
    number: Texts
    x: Floats
    y: Floats
    shared: Flags
    building: Index  # a dwelling
    of_shared: Index  # the dwelling of each home in shared quarters, in the order of homes

    def units(self, rng: np.random.Generator) -> Texts:
        """Floor and door of each dwelling; "" in houses of one home and in shared quarters."""
        return _units(self, rng)

    def with_houses(self, beside: Index, rng: np.random.Generator) -> tuple[Towns, Index]:
        """A new house near each of these buildings, and its dwelling."""
        count, known = len(beside), len(self.town)
        angle, far = rng.random(count) * 2 * np.pi, rng.random(count) * 0.2
        towns = replace(
            self,
            town=np.append(self.town, self.town[beside]),
            quarter=np.append(self.quarter, self.quarter[beside]),
            postcode=np.append(self.postcode, self.postcode[beside]),
            street=np.append(self.street, self.street[beside]),
            number=np.append(self.number, between(rng, 150, 999, count).astype(str).astype(object)),
            x=np.append(self.x, self.x[beside] + far * np.cos(angle)),
            y=np.append(self.y, self.y[beside] + far * np.sin(angle)),
            shared=np.append(self.shared, np.zeros(count, dtype=bool)),
            building=np.append(self.building, known + np.arange(count)),
        )
        return towns, len(self.building) + np.arange(count)


def choose_postcodes(homes: int, rules: Rules, rng: np.random.Generator) -> tuple[Texts, Index]:
    """Postcodes in random order, each once, and the town of each; big towns have more of them."""
    wanted = min(max(6, homes // rules.homes_per_postcode), CODES_MAX * len(CITIES))
    towns = min(len(CITIES), max(3, wanted // 4))
    share = (np.arange(towns) + 1.0) ** -TOWN_LAW
    counts = np.ones(towns, dtype=np.int64)
    while (left := wanted - counts.sum()) > 0:
        roomy = counts < CODES_MAX
        more = np.floor(left * share * roomy / (share * roomy).sum()).astype(np.int64)
        if not more.any():
            more[np.flatnonzero(roomy)[:left]] = 1
        counts = np.minimum(counts + more, CODES_MAX)
    town = np.repeat(np.arange(towns), counts)
    codes = [
        f"{CITIES[place][1]}{ending + 1:02d}" for place, ending in zip(town, within(counts), strict=True)
    ]
    order = rng.permutation(len(town))
    return np.array(codes, dtype=object)[order], town[order]


def build(town: Index, shared: Flags, towns_of_codes: Index, rules: Rules, rng: np.random.Generator) -> Towns:
    """Buildings for homes in these towns, with some dwellings left free."""
    towns = int(towns_of_codes.max()) + 1
    own = np.bincount(town[~shared], minlength=towns)
    sizes = [_sizes(int(np.ceil(homes * (1 + rules.vacant))) + 3, rules, rng) for homes in own]
    houses = sum(map(len, sizes))
    lodging_town, lodging_size, lodger = _lodgings(town, shared, rules, rng)
    size = np.concatenate([*sizes, lodging_size]).astype(np.int64)
    place = np.concatenate([np.repeat(np.arange(towns), [len(part) for part in sizes]), lodging_town])
    building = np.repeat(np.arange(len(size)), size)
    quarter, postcode, x, y = _quarters(place, towns_of_codes, rng)
    street, number = _addresses(place, quarter, rng)
    return Towns(
        city_names=np.array([name for name, _ in CITIES[:towns]], dtype=object),
        town=place,
        quarter=quarter,
        postcode=postcode,
        street=street,
        number=number,
        x=x,
        y=y,
        shared=np.arange(len(size)) >= houses,
        building=building,
        of_shared=int(size[:houses].sum()) + lodger,
    )


def _sizes(dwellings: int, rules: Rules, rng: np.random.Generator) -> Index:
    """Dwellings of each building until there are enough: most have one, blocks have a heavy tail."""
    count = int(1.3 * dwellings / rules.homes_per_building) + 20
    mean = (rules.homes_per_building - rules.houses) / (1 - rules.houses)
    found: Index = np.empty(0, dtype=np.int64)
    while found.sum() < dwellings:
        block = np.exp(rng.normal(np.log(mean) - BLOCK_SIGMA**2 / 2, BLOCK_SIGMA, count))
        size = np.where(rng.random(count) < rules.houses, 1, np.clip(np.rint(block), 2, BLOCK_MAX)).astype(
            np.int64
        )
        found = np.append(found, size)
    return found[: int(np.searchsorted(np.cumsum(found), dwellings)) + 1]


def _lodgings(
    town: Index, shared: Flags, rules: Rules, rng: np.random.Generator
) -> tuple[Index, Index, Index]:
    """Towns and sizes of shared buildings, and the place of each shared home among their dwellings."""
    rows = np.flatnonzero(shared)
    order = np.lexsort((rng.random(len(rows)), town[rows]))
    sizes = np.maximum(
        2, np.rint(rules.lodging_homes * np.exp(rng.normal(-0.125, 0.5, len(rows) + 1)))
    ).astype(np.int64)
    full = np.searchsorted(np.cumsum(sizes), np.arange(len(rows)), side="right")
    key = town[rows][order] * (len(rows) + 1) + full
    _, of_place, counts = np.unique(key, return_inverse=True, return_counts=True)
    place = np.empty(len(rows), dtype=np.int64)
    place[order] = np.arange(len(rows))
    towns = np.zeros(len(counts), dtype=np.int64)
    towns[of_place] = town[rows][order]
    return towns, counts, place


def _quarters(
    town: Index, towns_of_codes: Index, rng: np.random.Generator
) -> tuple[Index, Index, Floats, Floats]:
    """The quarter, postcode and position of each building; postcodes are runs of neighbouring quarters."""
    towns = int(towns_of_codes.max()) + 1
    many = np.maximum(1, np.bincount(town, minlength=towns) // BUILDINGS_A_QUARTER)
    start = np.cumsum(many) - many
    quarter = start[town] + (rng.random(len(town)) * many[town]).astype(np.int64)
    home = np.repeat(np.arange(towns), many)
    radius = 0.35 * np.sqrt(many)[home]
    x, y = rng.normal(0, 1, len(home)) * radius, rng.normal(0, 1, len(home)) * radius
    # Quarters along a curve through each town, so that those of one postcode are neighbours.
    along = rank_in_group(home, curve(x / radius, y / radius))
    code_order = np.argsort(towns_of_codes, kind="stable")
    codes = np.bincount(towns_of_codes, minlength=towns)
    first = np.cumsum(codes) - codes
    postcode = code_order[first[home] + along * codes[home] // many[home]]
    centre_x, centre_y = rng.random(towns) * 900, rng.random(towns) * 700
    angle, far = rng.random(len(town)) * 2 * np.pi, np.sqrt(rng.random(len(town))) * QUARTER_KM
    return (
        quarter,
        postcode[quarter],
        (centre_x[home] + x)[quarter] + far * np.cos(angle),
        (centre_y[home] + y)[quarter] + far * np.sin(angle),
    )


def _addresses(town: Index, quarter: Index, rng: np.random.Generator) -> tuple[Texts, Texts]:
    """Streets with their kind in front, and house numbers, each once in a street of a quarter."""
    quarters = int(quarter.max(initial=0)) + 1
    names = rng.random((quarters, len(STREETS))).argpartition(STREETS_A_QUARTER, axis=1)[
        :, :STREETS_A_QUARTER
    ]
    kinds = pick(rng, list(KINDS.values()), len(CITIES) * len(STREETS)).reshape(len(CITIES), len(STREETS))
    turn = (rng.random(len(quarter)) * STREETS_A_QUARTER).astype(np.int64)
    name = names[quarter, turn]
    words = np.array([f"{kind} {street}" for kind in KINDS for street in STREETS], dtype=object)
    start = between(rng, 1, 70, quarters * STREETS_A_QUARTER)
    group = quarter * STREETS_A_QUARTER + turn
    number = start[group] + rank_in_group(group, rng.random(len(group))) * 2
    texts = number.astype(str).astype(object)
    second = np.flatnonzero(rng.random(len(texts)) < 0.01)
    texts[second] = texts[second] + " bis"
    return words[kinds[town, name] * len(STREETS) + name], texts


def _units(towns: Towns, rng: np.random.Generator) -> Texts:
    """Some floors and doors stand for homes of other operators' customers: numbers have gaps."""
    size = np.bincount(towns.building, minlength=len(towns.town))
    order = np.argsort(towns.building, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = within(size)
    doors = between(rng, 2, 4, len(size))[towns.building]
    manner = pick(rng, (0.6, 0.2, 0.2), len(size))[towns.building]  # letters, numbers, left and right
    manner = np.where((manner == 2) & (doors > 2), 0, manner)
    slot = (place * 1.4 + rng.random(len(size))[towns.building] * doors).astype(np.int64)
    floor, door = slot // doors, slot % doors
    letters = np.array(
        [["A", "B", "C", "D"], ["1ª", "2ª", "3ª", "4ª"], ["Izda", "Dcha", "", ""]], dtype=object
    )
    floors = np.array(["Bajo", *(f"{number}º" for number in range(1, 200))], dtype=object)
    texts = floors[floor] + " " + letters[manner, door]
    texts[(size[towns.building] == 1) | towns.shared[towns.building]] = ""
    return np.asarray(texts)
