"""Which SIMs do other operators hold here? Of members whom we do not serve, second SIMs of our users, strangers, hubs.

Reads people and lines; returns columns of numbers at other operators. After: leaving.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hogar.twin.arrays import NEVER, Days, Index, Ints, Small
from hogar.twin.chance import pick
from hogar.twin.contracts.lines import OPERATORS, PORT_OUT, Contracts, Lines
from hogar.twin.parameters import Params
from hogar.twin.people.population import Population

MEMBER, SECOND, STRANGER, HUB = range(4)
OFFNET_KINDS = ("member", "second_sim", "stranger", "hub")
FEWEST_HUBS = 3
MARKET_SHARES = (0.4, 0.3, 0.2, 0.1)  # of the other operators, as in lines.OPERATORS


@dataclass(frozen=True, slots=True, kw_only=True)
class Offnet:
    """Numbers of other operators. In traffic the number k has the position len(lines) + k.

    `user` and `home` are -1 for strangers (people outside this market) and hubs (school, surgery, taxi, parcel
    service), whom many unrelated users call. `left` is the day on which a line of ours was ported out to it, or NaT.
    """

    kind: Small
    user: Ints
    home: Ints
    operator: Small  # place in lines.OPERATORS
    left: Days

    def __len__(self) -> int:
        return len(self.kind)


def elsewhere(
    population: Population, contracts: Contracts, params: Params, rng: np.random.Generator
) -> Offnet:
    """Members whom we do not serve (any more) by their SIMs, second SIMs, strangers and hubs by parameter."""
    parts, lines = params.offnet, contracts.lines
    draws = rng.random(population.persons)
    members = np.flatnonzero(population.has_sim & ~population.onnet & (draws < parts.member))
    used = lines.mobile & (lines.user >= 0) & (lines.segment == 0)
    users = np.unique(lines.user[lines.mobile & (lines.user >= 0)])
    could = np.unique(lines.user[used])
    second = could[draws[could] < parts.second_sim]
    strangers = round(parts.strangers_per_user * len(users))
    hubs = max(FEWEST_HUBS, round(len(users) / parts.users_per_hub))
    ported = _ported(lines)
    counts = [len(members), len(ported), len(second), strangers, hubs]
    kind = np.repeat(np.array([MEMBER, MEMBER, SECOND, STRANGER, HUB]), counts)
    user = np.concatenate([members, lines.user[ported], second, np.full(strangers + hubs, -1)])
    left = np.full(len(kind), NEVER)
    left[len(members) : len(members) + len(ported)] = lines.ended[ported]
    home = np.where(user >= 0, population.home[np.maximum(user, 0)], -1)
    return Offnet(
        kind=kind.astype(np.int8),
        user=user.astype(np.int32),
        home=home.astype(np.int32),
        operator=pick(rng, MARKET_SHARES[: len(OPERATORS)], len(kind)).astype(np.int8),
        left=left,
    )


def _ported(lines: Lines) -> Index:
    """The line that each user took to another operator who has no line of ours any more."""
    own = lines.mobile & (lines.user >= 0) & (lines.company < 0)
    stays = lines.user[own & lines.living]
    gone = np.flatnonzero(own & (lines.reason == PORT_OUT) & ~np.isin(lines.user, stays))
    _, first = np.unique(lines.user[gone], return_index=True)
    return np.asarray(gone[first])
