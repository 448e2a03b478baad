"""Which of the profile types is each member? Reads the table of roles and the types; returns a type a person.

A type is a set of roles (`strategy/roles.yml`); how likely a member has just this set follows from how likely he has
each role. No decision reads a type's name. After: resolution. Before: reports.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hogar.households.constants import Floats
from hogar.telco.roles import ROLES

CHANCE_MIN = 1e-6  # nothing is impossible: somebody may fit no type well


def profiles(role: pa.Table, types: Mapping[str, Collection[str]]) -> pa.Table:
    """`role` (person_id, role, probability) and types by name → person_id, profile_type, probability.

    The likeliest type of each person who has a row in `role`, of equals the first; the probabilities of all types
    add up to one a person. A role without a row is one that the person does not have.
    """
    persons = pc.unique(role["person_id"]).sort()
    chance = np.zeros((len(persons), len(ROLES)))
    who = pc.index_in(role["person_id"], value_set=persons).to_numpy()
    which = pc.index_in(role["role"], value_set=pa.array(ROLES)).to_numpy()
    chance[who, which] = role["probability"].to_numpy()
    fits = _fits(np.clip(chance, CHANCE_MIN, 1 - CHANCE_MIN), types)
    best = fits.argmax(axis=1)
    return pa.table({
        "person_id": persons,
        "profile_type": pa.array(tuple(types), pa.string()).take(pa.array(best)),
        "probability": fits[np.arange(len(persons)), best],
    })  # fmt: skip


def _fits(chance: Floats, types: Mapping[str, Collection[str]]) -> Floats:
    """A row a person, a column a type: the probability of just these roles, among the types."""
    has = np.array([[role in roles for role in ROLES] for roles in types.values()])
    fits: Floats = np.where(has[None], chance[:, None], 1 - chance[:, None]).prod(axis=2)
    return np.asarray(fits / fits.sum(axis=1, keepdims=True))
