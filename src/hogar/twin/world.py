"""What is true of this market? Everything that the steps drew, before any silo writes it down.

`draw` runs the steps in their order, each with a random stream of its own name. After: traffic, silos, truth, events.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from hogar.twin.behaviour.care import Tickets, complain
from hogar.twin.behaviour.consents import Consents, consent
from hogar.twin.behaviour.devices import DeviceUses, equip
from hogar.twin.behaviour.leaving import leave
from hogar.twin.behaviour.money import Bills, TopUps, bill, top_up
from hogar.twin.behaviour.network import Network, operate
from hogar.twin.behaviour.touch import Touches, meet
from hogar.twin.behaviour.use import Use, consume
from hogar.twin.chance import Chance
from hogar.twin.contracts.lines import Contracts
from hogar.twin.contracts.offnet import Offnet, elsewhere
from hogar.twin.contracts.parties import Parties, register
from hogar.twin.contracts.segments import Segments, choose
from hogar.twin.contracts.sign import sign
from hogar.twin.parameters import Params
from hogar.twin.people.names import Names, name
from hogar.twin.people.places import Places, settle
from hogar.twin.people.population import Population, populate
from hogar.twin.people.roles import Roles, cast
from hogar.twin.people.tastes import Tastes, taste
from hogar.twin.people.workplaces import Workplaces, employ
from hogar.twin.traffic.pairs import Pairs, tie
from hogar.twin.traffic.whereabouts import Trips, Whereabouts, live, travel


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A market, true and whole: columns of persons, homes, lines and what they do, all by number."""

    params: Params
    key: bytes  # with which silos hash what they may not show
    population: Population
    workplaces: Workplaces
    names: Names
    places: Places
    roles: Roles
    tastes: Tastes
    segments: Segments
    contracts: Contracts
    offnet: Offnet
    use: Use
    network: Network
    tickets: Tickets
    bills: Bills
    top_ups: TopUps
    parties: Parties
    consents: Consents
    devices: DeviceUses
    whereabouts: Whereabouts
    trips: Trips
    pairs: Pairs
    touches: Touches


def draw(
    persons: int, params: Params, chance: Chance, progress: Callable[[str], None] = lambda _: None
) -> World:
    """All steps, in the order in which one needs another; `progress` is told of the long ones."""
    stream = chance.stream
    progress("people and homes")
    population = populate(persons, params, chance)
    workplaces = employ(population, params, stream("workplaces"))
    names = name(population, workplaces, params, stream("names"))
    places = settle(population, workplaces, params, stream("places"))
    roles = cast(population, params, stream("roles"))
    tastes = taste(population, params, stream("tastes"))
    progress("contracts")
    segments = choose(population, places, params, stream("segments"))
    contracts = sign(population, workplaces, places, roles, tastes, segments, params, stream("contracts"))
    use = consume(contracts.lines, params, stream("use"))
    network = operate(places, params, stream("network"))
    tickets = complain(contracts.lines, use, network, places, roles.adviser, params, stream("care"))
    lines = leave(contracts.lines, use, tickets, params, stream("leaving"))
    contracts = replace(contracts, lines=lines)
    offnet = elsewhere(population, contracts, params, stream("offnet"))
    parties = register(population, contracts, len(offnet), roles, segments, params, stream("parties"))
    progress("what they do")
    whereabouts = live(population, workplaces, places, params, stream("whereabouts"))
    trips = travel(population, contracts, tastes, whereabouts, segments, params, stream("travel"))
    return World(
        params=params,
        key=stream("key").bytes(32),
        population=population,
        workplaces=workplaces,
        names=names,
        places=places,
        roles=roles,
        tastes=tastes,
        segments=segments,
        contracts=contracts,
        offnet=offnet,
        use=use,
        network=network,
        tickets=tickets,
        bills=bill(contracts, use, params),
        top_ups=top_up(contracts, use, population, params, stream("top-ups")),
        parties=parties,
        consents=consent(population, parties, segments, params, stream("consents")),
        devices=equip(lines, population, tastes, params, stream("devices")),
        whereabouts=whereabouts,
        trips=trips,
        pairs=tie(
            population, workplaces, places, tastes, contracts, offnet, whereabouts, params, stream("pairs")
        ),
        touches=meet(population, contracts, roles, parties, segments, params, stream("touches")),
    )
