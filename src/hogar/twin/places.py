"""Where do they live, and what can be delivered there? Buildings with several homes, postcodes with or without fibre.

Reads the population; returns an address per home and the coverage per postcode. After: population.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hogar.twin.chance import between, flip
from hogar.twin.parameters import Params

CITIES = (("Madrid", "280"), ("Barcelona", "080"), ("Valencia", "460"), ("Sevilla", "410"), ("Zaragoza", "500"),
          ("Málaga", "290"), ("Murcia", "300"), ("Bilbao", "480"), ("Alicante", "030"), ("Gijón", "332"))  # fmt: skip
WAYS = ("Calle", "Calle", "Calle", "Avenida", "Plaza", "Paseo")
STREETS = (
    "Mayor", "Real", "del Sol", "de la Fuente", "Nueva", "de la Iglesia", "San Juan", "San José", "Cervantes",
    "de la Constitución", "de España", "del Carmen", "Santa María", "de los Olivos", "de la Paz", "del Río",
    "Miguel Hernández", "Federico García Lorca", "Antonio Machado", "Goya", "Velázquez", "de la Estación",
    "del Mercado", "de Andalucía", "de Castilla", "del Prado", "de las Flores", "Colón", "de la Libertad",
    "del Pino", "de Aragón", "de Galicia", "Rosalía de Castro", "Santiago", "del Molino", "de las Huertas",
    "de la Cruz", "Ramón y Cajal", "de Lepanto", "del Norte", "de la Playa", "del Castillo", "de los Almendros",
    "de Cádiz", "de Toledo", "Gaudí", "de la Rosa", "del Puente", "de la Alameda", "San Antonio",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """Street with its kind in front, number, unit (floor and door, or empty in a house of its own)."""

    street: str
    number: str
    unit: str
    postcode: str
    city: str


@dataclass(frozen=True, slots=True)
class Places:
    """Each home's address and an older one, and per postcode whether fibre can be had."""

    of_home: tuple[Address, ...]
    older: tuple[Address, ...]
    fibre: Mapping[str, bool]


def settle(homes: int, params: Params, rng: np.random.Generator) -> Places:
    """An address per home: buildings are filled in random order, so neighbours are no kin of each other."""
    postcodes = _postcodes(max(6, homes // params.places.homes_per_postcode), rng)
    without = round(len(postcodes) * (1 - params.places.fibre))
    order = rng.permutation(len(postcodes))
    fibre = {postcodes[place][0]: rank >= without for rank, place in enumerate(order)}
    addresses: list[Address] = []
    while len(addresses) < 2 * homes:
        addresses += _building(postcodes[int(rng.integers(len(postcodes)))], params, rng)
    mixed = [addresses[place] for place in rng.permutation(len(addresses))[: 2 * homes]]
    return Places(tuple(mixed[:homes]), tuple(mixed[homes:]), fibre)


def _postcodes(count: int, rng: np.random.Generator) -> list[tuple[str, str]]:
    """(postcode, city), each once; up to 90 a city, then the next one."""
    found = [(f"{prefix}{ending:02d}", city) for ending in range(1, 91) for city, prefix in CITIES]
    return [found[place] for place in sorted(rng.permutation(min(len(found), max(count, 30)))[:count])]


def _building(place: tuple[str, str], params: Params, rng: np.random.Generator) -> list[Address]:
    """The homes of one building: one house, or floors with two to four doors."""
    postcode, city = place
    local = (sum(map(ord, postcode)) * 7 + int(rng.integers(14))) % len(STREETS)
    street = f"{WAYS[local % len(WAYS)]} {STREETS[local]}"
    number = str(between(rng, 1, 120))
    homes = 1 + int(rng.poisson(max(0.0, params.places.homes_per_building - 1)))
    if homes == 1 and flip(rng, 0.5):
        return [Address(street, number, "", postcode, city)]
    doors = "ABCD"[: between(rng, 2, 4)]
    units = [f"{floor}º {door}" for floor in range(1, homes + 2) for door in doors]
    chosen = [units[place] for place in sorted(rng.permutation(len(units))[:homes])]
    return [Address(street, number, unit, postcode, city) for unit in chosen]
