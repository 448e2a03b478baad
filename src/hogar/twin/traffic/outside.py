"""Whom do they call beyond kin and friends? Numbers of other operators, second SIMs, hubs.

Reads lines and the numbers of other operators; returns bonds whose ends are positions, not persons. Before: pairs.
"""

from __future__ import annotations

import numpy as np

from hogar.twin.arrays import Ints, rank_in_group, runs
from hogar.twin.chance import between
from hogar.twin.contracts.lines import Lines
from hogar.twin.contracts.offnet import HUB as OFFNET_HUB
from hogar.twin.contracts.offnet import SECOND as OFFNET_SECOND
from hogar.twin.contracts.offnet import STRANGER as OFFNET_STRANGER
from hogar.twin.contracts.offnet import Offnet
from hogar.twin.parameters import Params
from hogar.twin.people.population import Population
from hogar.twin.traffic.bonds import FRIEND, HUB, STRANGER, Bonds, heavy

KNOWN_TO = 6  # numbers among which a circle's outsiders are
CONTACTS = (2, 6)  # who call a second SIM
SECOND_CALLS = 0.5  # of what a stranger's number gets, a contact
FIRM_HUBS = 40  # business lines per one that many unrelated users call


def with_strangers(
    circle: Ints, lines: Lines, offnet: Offnet, params: Params, rng: np.random.Generator
) -> list[Bonds]:
    """Numbers of other operators; one outsider is known to several of the same circle."""
    users = np.flatnonzero(lines.mobile & (lines.user >= 0))
    users = users[np.argsort(circle[lines.user[users]], kind="stable")]
    strangers = len(lines) + np.flatnonzero(offnet.kind == OFFNET_STRANGER)
    if not len(strangers):
        return []
    one = np.repeat(users, rng.poisson(params.use.offnet_alters, len(users)))
    around = np.arange(len(one)) * len(strangers) // max(1, len(one))
    other = strangers[(around + (rng.random(len(one)) * KNOWN_TO).astype(np.int64)) % len(strangers)]
    calls = params.traffic.stranger_calls * heavy(len(one), params.traffic.friend_sigma, rng)
    return [Bonds(why=STRANGER, one=one, other=other, calls=calls)]


def with_second_sims(
    own: Ints,
    population: Population,
    circle: Ints,
    lines: Lines,
    offnet: Offnet,
    params: Params,
    rng: np.random.Generator,
) -> list[Bonds]:
    """Our users' SIMs of other operators are called by few: some of the home, some friends, else by anybody."""
    second = np.flatnonzero((offnet.kind == OFFNET_SECOND) & (offnet.user >= 0))
    user = offnet.user[second].astype(np.int64)
    reached = (own >= 0) & (own < len(lines))
    everybody = np.flatnonzero(reached)
    if not len(second) or not len(everybody):
        return []
    home, sim = population.home[user], np.arange(len(second))
    order = everybody[np.lexsort((rng.random(len(everybody)), circle[everybody]))]
    bounds = [np.searchsorted(circle[order], circle[user], side=side) for side in ("left", "right")]
    size = np.where(circle[user] >= 0, bounds[1] - bounds[0], 0)
    strangers = everybody[(rng.random(CONTACTS[0] * len(second)) * len(everybody)).astype(np.int64)]
    mate = np.concatenate(
        [runs(population.first[home], population.size[home]), order[runs(bounds[0], size)], strangers]
    )
    of = np.concatenate(
        [np.repeat(sim, population.size[home]), np.repeat(sim, size), np.tile(sim, CONTACTS[0])]
    )
    near = np.repeat([0.0, 0.5, 2.0], [int(population.size[home].sum()), int(size.sum()), len(strangers)])
    fits = np.flatnonzero(reached[mate] & (mate != user[of]))
    fits = fits[np.lexsort((near[fits] + rng.random(len(fits)), of[fits]))]
    _, once = np.unique(of[fits] * population.persons + mate[fits], return_index=True)
    fits = fits[np.sort(once)]
    most = between(rng, *CONTACTS, len(second))
    kept = fits[rank_in_group(of[fits], np.arange(len(fits))) < most[of[fits]]]
    calls = SECOND_CALLS * params.traffic.stranger_calls * rng.gamma(1.2, 1 / 1.2, len(kept))
    return [Bonds(why=FRIEND, one=own[mate[kept]], other=len(lines) + second[of[kept]], calls=calls)]


def with_hubs(lines: Lines, offnet: Offnet, params: Params, rng: np.random.Generator) -> list[Bonds]:
    """Numbers that many unrelated users call, few of them very many; some small companies are among them."""
    users = np.flatnonzero(lines.mobile & (lines.user >= 0))
    firms = np.flatnonzero(lines.mobile & lines.by_business & lines.living)
    firms = rng.permutation(firms)[: -(-len(firms) // FIRM_HUBS)]
    hubs = rng.permutation(np.concatenate([len(lines) + np.flatnonzero(offnet.kind == OFFNET_HUB), firms]))
    if not len(hubs):
        return []
    one = np.repeat(users, rng.poisson(params.traffic.hubs, len(users)))
    other = hubs[(len(hubs) * rng.random(len(one)) ** 2).astype(np.int64)]
    calls = params.traffic.hub_calls * rng.gamma(0.8, 1 / 0.8, len(one))
    return [Bonds(why=HUB, one=one, other=other, calls=calls)]
