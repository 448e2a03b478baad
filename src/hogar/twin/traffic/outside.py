"""Whom do they call beyond kin and friends? Numbers of other operators, second SIMs, hubs.

Reads lines and the numbers of other operators; returns bonds whose ends are positions, not persons. Before: pairs.
"""

from __future__ import annotations

import numpy as np

from hogar.twin.arrays import Ints
from hogar.twin.contracts.lines import Lines
from hogar.twin.contracts.offnet import HUB as OFFNET_HUB
from hogar.twin.contracts.offnet import SECOND as OFFNET_SECOND
from hogar.twin.contracts.offnet import STRANGER as OFFNET_STRANGER
from hogar.twin.contracts.offnet import Offnet
from hogar.twin.parameters import Params
from hogar.twin.traffic.bonds import FRIEND, HUB, STRANGER, Bonds, heavy

KNOWN_TO = 6  # numbers among which a circle's outsiders are
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
    own: Ints, lines: Lines, offnet: Offnet, params: Params, rng: np.random.Generator
) -> list[Bonds]:
    """Our users' SIMs of other operators are called by somebody at home, else by anybody."""
    second = np.flatnonzero((offnet.kind == OFFNET_SECOND) & (offnet.user >= 0))
    anybody = own[(rng.random(len(second)) * len(own)).astype(np.int64)]
    beside = offnet.user[second] + np.where(rng.random(len(second)) < 0.5, 1, -1)
    near = own[np.clip(beside, 0, len(own) - 1)]
    mate = np.where((near >= 0) & (near < len(lines)) & (rng.random(len(second)) < 0.7), near, anybody)
    ours = (mate >= 0) & (mate < len(lines))
    calls = params.traffic.stranger_calls * rng.gamma(1.2, 1 / 1.2, len(second))
    return [Bonds(why=FRIEND, one=mate[ours], other=len(lines) + second[ours], calls=calls[ours])]


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
