"""What is true of this market? Everything that the steps drew, before any silo writes it down.

`draw` runs the steps in their order, each with a random stream of its own name. After: silos, truth, events.
"""

from __future__ import annotations

from dataclasses import dataclass

from hogar.twin.care import Ticket, complain
from hogar.twin.chance import Chance
from hogar.twin.consents import Consent, consent
from hogar.twin.contracts import sign
from hogar.twin.devices import DeviceUse, equip
from hogar.twin.leaving import leave
from hogar.twin.lines import Contracts
from hogar.twin.money import Bill, TopUp, bills, top_ups
from hogar.twin.names import Name, name_persons
from hogar.twin.parameters import Params
from hogar.twin.parties import Parties, register
from hogar.twin.places import Places, settle
from hogar.twin.population import Population, populate
from hogar.twin.roles import Roles, cast
from hogar.twin.segments import Segments, choose
from hogar.twin.touch import Touches, meet
from hogar.twin.traffic import Days, Ties, Trip, call, days_of_use, travel
from hogar.twin.use import Use, consume


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A market, true and whole. Persons, homes, lines by number; parties by silo id."""

    params: Params
    population: Population
    names: list[Name]
    places: Places
    roles: Roles
    segments: Segments
    contracts: Contracts
    use: Use
    tickets: list[Ticket]
    bills: list[Bill]
    top_ups: list[TopUp]
    parties: Parties
    consents: dict[int, Consent]
    devices: list[DeviceUse]
    trips: list[Trip]
    days: Days
    ties: Ties
    touches: Touches


def draw(persons: int, params: Params, chance: Chance) -> World:
    """All steps, in the order in which one needs another."""
    population = populate(persons, params, chance.stream("population"))
    names = name_persons(population, chance.stream("names"))
    places = settle(len(population.homes), params, chance.stream("places"))
    roles = cast(population, params, chance.stream("roles"))
    segments = choose(population, places, params, chance.stream("segments"))
    contracts = sign(population, places, roles, segments, params, chance.stream("contracts"))
    lines = contracts.lines
    use = consume(lines, params, chance.stream("use"))
    tickets = complain(lines, use, params, chance.stream("care"))
    leave(lines, use, tickets, params, chance.stream("leaving"))
    parties = register(population, contracts, segments, params, chance.stream("parties"))
    known = sorted({*parties.crm, *parties.prepaid})
    trips = travel(lines, params, chance.stream("travel"))
    return World(
        params=params,
        population=population,
        names=names,
        places=places,
        roles=roles,
        segments=segments,
        contracts=contracts,
        use=use,
        tickets=tickets,
        bills=bills(lines, use, params),
        top_ups=top_ups(lines, use, params, chance.stream("top-ups")),
        parties=parties,
        consents=consent(population, known, segments, params, chance.stream("consents")),
        devices=equip(lines, params, chance.stream("devices")),
        trips=trips,
        days=days_of_use(lines, use, trips, params, chance.stream("days")),
        ties=call(lines, population, params, chance.stream("ties")),
        touches=meet(population, contracts, roles, parties, segments, params, chance.stream("touches")),
    )
