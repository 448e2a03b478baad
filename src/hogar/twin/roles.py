"""Who decides, signs, organises, advises, convinces, uses? The truth about roles, drawn before any contract.

Reads people and homes; returns roles per person. Payers and holders are drawn later and agree only mostly.
After: population; before: contracts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hogar.twin.chance import flip
from hogar.twin.parameters import Params
from hogar.twin.population import Person, Population


@dataclass(frozen=True, slots=True)
class Roles:
    """Roles per person number, and for each home its true controller and representative (person numbers)."""

    of_person: dict[int, frozenset[str]]
    controller: tuple[int, ...]
    representative: tuple[int, ...]


def cast(population: Population, params: Params, rng: np.random.Generator) -> Roles:
    """Each role goes to one adult of the home, control sometimes to two; technology leans young."""
    held: dict[int, set[str]] = {person.number: {"consumer"} for person in population.persons}
    controllers: list[int] = []
    representatives: list[int] = []
    for home in population.homes:
        members = [population.persons[number] for number in home.members]
        adults = [person for person in members if person.adult]
        if home.kind == "flat_share":  # each decides for himself
            for person in adults:
                held[person.number] |= {"financial_controller", "legal_representative", "office_manager"}
            controllers.append(adults[0].number)
            representatives.append(adults[0].number)
            continue
        weights = _weights(adults)
        controller = _one(adults, weights, rng)
        held[controller].add("financial_controller")
        if len(adults) > 1 and flip(rng, params.roles.shared_control):
            held[_one([a for a in adults if a.number != controller], None, rng)].add("financial_controller")
        representative = _one(adults, weights, rng)
        held[representative].add("legal_representative")
        held[_one(adults, weights, rng)].add("office_manager")
        if home.number not in population.elsewhere or home.kind != "empty_nest":
            young = [person for person in members if person.age >= 14]
            held[_one(young, [3.0 if p.age < 40 else 1.0 for p in young], rng)].add("ict_agent")
        held[_one(adults, None, rng)].add("salesperson")
        controllers.append(controller)
        representatives.append(representative)
    return Roles(
        {number: frozenset(roles) for number, roles in held.items()},
        tuple(controllers),
        tuple(representatives),
    )


def _weights(adults: list[Person]) -> list[float]:
    """Parents and partners before grown-up children and grandparents."""
    return [4.0 if person.partner >= 0 or person.trader else 1.0 for person in adults]


def _one(persons: list[Person], weights: list[float] | None, rng: np.random.Generator) -> int:
    shares = np.array(weights or [1.0] * len(persons))
    return persons[int(np.searchsorted(np.cumsum(shares), rng.random() * shares.sum(), side="right"))].number
