"""Who lives in this market, and with whom? People in homes, the kin that ties homes, what changed in the year.

Reads the parameters and the wished number of on-net persons; returns columns of persons and homes.
First of all steps; nothing here knows of a telephone but `onnet` and `has_sim`. After: names.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hogar.twin.arrays import NEVER, Days, Flags, Ints, Small
from hogar.twin.chance import Chance, by_quota, flip
from hogar.twin.parameters import ADULT, KINDS, MINOR, OLD, YOUNG, Params
from hogar.twin.people.change import happen
from hogar.twin.people.draft import Draft
from hogar.twin.people.kin import tie_homes
from hogar.twin.people.making import make

MALE = 1
BLOCK = 50  # homes in a row that hold each kind by its share
DOUBLINGS_MAX = 8  # of the homes drawn, until enough of their members are on-net


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """All persons and homes, as they are at the extract. Numbers are rows; -1 is nobody (in this market).

    The members of home h are the persons `first[h] ... first[h] + size[h] - 1`, adults before minors.
    """

    # a person
    home: Ints
    sex: Small  # MALE or 0
    birth: Days
    age: Ints  # whole years
    stage: Small  # place in parameters.AGES
    father: Ints
    mother: Ints
    partner: Ints
    onnet: Flags  # a user of this operator
    has_sim: Flags  # uses a mobile line of some operator (every onnet person does)
    trader: Flags  # self-employed, works from home
    other_home: Ints  # home in which a child of separated parents lives every other week
    home_before: Ints  # the home left within the year (a separation, a nest left)
    joined: Days  # ... and the day of it; NaT for all who stayed
    # a home
    kind: Small  # place in parameters.KINDS
    first: Ints
    size: Ints
    elsewhere: Ints  # an on-net person of another home: an empty nest's grown-up child, a separated home's other parent
    near: Ints  # a home of kin that lies within walking distance (grandparents two streets away); -1 for none

    @property
    def persons(self) -> int:
        return len(self.home)

    @property
    def homes(self) -> int:
        return len(self.kind)

    @property
    def adult(self) -> Flags:
        return np.asarray(self.age >= 18)


def populate(persons: int, params: Params, chance: Chance) -> Population:
    """Homes until `persons` of their members are on-net (the last home may overshoot)."""
    draft, onnet = _enough(persons, params, chance)
    population = _rows(draft, onnet, params, chance.stream("sims"))
    population = tie_homes(population, params, chance.stream("kin"))
    return happen(population, params, chance.stream("change"))


def _enough(persons: int, params: Params, chance: Chance) -> tuple[Draft, Flags]:
    """The first homes that hold enough on-net persons, and who these are; more homes are drawn where too few do."""
    shares = {kind: params.households.kinds[kind] for kind in KINDS}
    homes = round(0.7 * persons) + 2 * BLOCK
    for attempt in range(DOUBLINGS_MAX):
        kind = by_quota(chance.stream("kinds", attempt), shares, BLOCK, homes)
        draft = make(kind, params, chance.stream("homes", attempt))
        onnet = _served(draft, params, chance.stream("onnet", attempt))
        upto = np.cumsum(onnet.sum(axis=1))
        if len(upto) and upto[-1] >= persons:
            cut = int(np.searchsorted(upto, persons)) + 1
            return draft.head(cut), onnet[:cut]
        homes *= 2
    raise AssertionError("so many homes without a customer that no market comes about")


def _served(draft: Draft, params: Params, rng: np.random.Generator) -> Flags:
    """Who is on-net, as flags [home, slot]: at least one adult of every home but the unserved ones."""
    share = np.where(
        draft.age < 18,
        np.where(draft.age >= params.onnet.sim_from_age, params.onnet.child, 0.0),
        np.where(
            (draft.kind == KINDS.index("flat_share"))[:, None], params.onnet.flat_sharer, params.onnet.adult
        ),
    )
    onnet = (rng.random(share.shape) < share) & draft.present
    onnet[~(onnet & (draft.age >= 18)).any(axis=1), 0] = True  # slot 0 is an adult
    onnet[flip(rng, params.onnet.homes_unserved, len(onnet))] = False
    return np.asarray(onnet)


def _rows(draft: Draft, onnet: Flags, params: Params, rng: np.random.Generator) -> Population:
    """The draft's slots as rows: one a person, home after home."""
    homes = len(draft.kind)
    present = draft.present
    size = present.sum(axis=1)
    first = np.cumsum(size) - size
    home = np.repeat(np.arange(homes), size)

    def row_of(slot: Small) -> Ints:
        found = slot[present].astype(np.int64)
        return np.where(found < 0, -1, first[home] + found).astype(np.int32)

    age = draft.age[present].astype(np.int32)
    stage = np.select([age < 18, age < 31, age < 65], [MINOR, YOUNG, ADULT], OLD).astype(np.int8)
    served = onnet[present]
    sims = np.array([params.onnet.has_sim[one] for one in ("minor", "young", "adult", "old")])[stage]
    sims = np.where(age < params.onnet.sim_from_age, 0.0, sims)
    return Population(
        home=home.astype(np.int32),
        sex=draft.male[present].astype(np.int8),
        birth=draft.birth[present],
        age=age,
        stage=stage,
        father=row_of(draft.father),
        mother=row_of(draft.mother),
        partner=row_of(draft.partner),
        onnet=served,
        has_sim=served | flip(rng, sims, len(age)),
        trader=draft.trader[present],
        other_home=np.full(len(age), -1, dtype=np.int32),
        home_before=np.full(len(age), -1, dtype=np.int32),
        joined=np.full(len(age), NEVER),
        kind=draft.kind.astype(np.int8),
        first=first.astype(np.int32),
        size=size.astype(np.int32),
        elsewhere=np.full(homes, -1, dtype=np.int32),
        near=np.full(homes, -1, dtype=np.int32),
    )
