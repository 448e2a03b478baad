"""What is a home before its members are rows? Slots of up to nine people, as arrays [home, slot].

Makes empty drafts, gives birthdays to ages, and orders the slots. Filled by: making. Read by: population.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hogar.twin.arrays import Days, Flags, Index, Ints, Small
from hogar.twin.chance import between

SLOTS = 9  # two parents, two grandparents, up to five children; or up to nine others
CHILDREN = 4  # the slot of the eldest


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Homes with their members in slots, as [home, slot]; father, mother and partner are slots of the same home."""

    kind: Index  # a home
    present: Flags
    age: Ints
    male: Flags
    birth: Days
    twin: Flags  # of the same day as the slot before
    trader: Flags
    father: Small
    mother: Small
    partner: Small

    def head(self, homes: int) -> Draft:
        """The first homes alone."""
        return Draft(**{one.name: getattr(self, one.name)[:homes] for one in fields(self)})


def empty(kind: Index) -> Draft:
    """Homes of these kinds, without members."""
    shape = (len(kind), SLOTS)
    return Draft(
        kind=kind,
        present=np.zeros(shape, dtype=bool),
        age=np.zeros(shape, dtype=np.int32),
        male=np.zeros(shape, dtype=bool),
        birth=np.zeros(shape, dtype="datetime64[D]"),
        twin=np.zeros(shape, dtype=bool),
        trader=np.zeros(shape, dtype=bool),
        father=np.full(shape, -1, dtype=np.int8),
        mother=np.full(shape, -1, dtype=np.int8),
        partner=np.full(shape, -1, dtype=np.int8),
    )


def give_birthdays(draft: Draft, now: np.datetime64, rng: np.random.Generator) -> None:
    """A day of birth for each age: the birthday lies within the last 365 days. Twins share it."""
    month = now.astype("datetime64[M]")
    day = (now - month.astype("datetime64[D]")).astype(np.int64)
    then = month - draft.age * 12
    ends = (then + 1).astype("datetime64[D]") - 1
    turned = np.minimum(then.astype("datetime64[D]") + day, ends)
    before = between(rng, 0, 364, draft.age.size).reshape(draft.age.shape)
    for slot in range(CHILDREN + 1, SLOTS):
        last, this = before[:, slot - 1], before[:, slot]
        soon = draft.age[:, slot - 1] - draft.age[:, slot] == 1  # ten months lie between two births
        before[:, slot] = np.where(
            draft.twin[:, slot], last, np.where(soon, np.minimum(this, last + 60), this)
        )
    draft.birth[:] = turned - before


def adults_first(draft: Draft) -> Draft:
    """The same homes with their slots in order: adults, minors, absent ones."""
    order = np.argsort(np.where(~draft.present, 2, draft.age < 18), axis=1, kind="stable")
    now_at = np.argsort(order, axis=1, kind="stable").astype(np.int8)

    def moved(values: NDArray[Any]) -> NDArray[Any]:
        return np.take_along_axis(values, order, axis=1)

    def renamed(slots: Small) -> Small:
        old = moved(slots)
        found = np.take_along_axis(now_at, np.maximum(old, 0).astype(np.int64), axis=1)
        return np.where(old < 0, -1, found).astype(np.int8)

    columns: dict[str, Any] = {"kind": draft.kind}
    columns |= {
        name: moved(getattr(draft, name)) for name in ("present", "age", "male", "birth", "twin", "trader")
    }
    columns |= {name: renamed(getattr(draft, name)) for name in ("father", "mother", "partner")}
    return Draft(**columns)
