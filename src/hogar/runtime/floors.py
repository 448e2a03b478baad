"""Who is worth a place where places are short? The lowest rank that each capacity of a campaign allows.

One more pass over the audience keeps the best rows of each kind (those that take from the same capacities), as many as
could find a place; then places are given from the best row down. A row is said when its rank is not below the floor of
any capacity that it takes from. Memory is bounded by what is left. Neighbours: `campaigns`, `campaign_runs`.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from hashlib import blake2b

from hogar.decide import Decision, Proposal
from hogar.runtime.engine import Live
from hogar.strategy.types import Campaign

OWN = ""
"""The name of the campaign's own capacity among those of the policies."""

Rank = tuple[int, int]
"""A row's place when capacity is short: its score, then a draw on the person's id."""

Floors = Mapping[str, Rank]
Row = tuple[Rank, tuple[str, ...]]
"""A row's rank, and the names of the capacities that it takes from."""

_SCORE, _DRAW, _FULL = "_floor_score", "_floor_draw", "_full"


def floors(rows: Iterable[Row], rest: Mapping[str, int]) -> dict[str, Rank]:
    """The floor of each capacity that runs out, given what each has left; rows may come in any order.

    >>> floors([((9, 0), ("a", "b")), ((8, 0), ("a",)), ((7, 0), ("b",)), ((6, 0), ("b",))], {"a": 1, "b": 2})
    {'a': (9, 0), 'b': (7, 0)}
    """
    best: dict[tuple[str, ...], list[Rank]] = {}
    for rank, names in rows:
        places = min((rest[name] for name in names), default=0)
        kept = best.setdefault(names, [])
        if places > 0:
            (heapq.heappush if len(kept) < places else heapq.heappushpop)(kept, rank)
    found: dict[str, Rank] = {}
    free = dict(rest)
    for rank, names in sorted(((r, names) for names, ranks in best.items() for r in ranks), reverse=True):
        if all(free[name] > 0 for name in names):
            for name in names:
                free[name] -= 1
                if free[name] == 0:
                    found[name] = rank
    return found


def rank_of(decision: Decision, person: str, number: int) -> Rank:
    """The place of one row when capacity is short."""
    draw = int.from_bytes(blake2b(person.encode(), digest_size=6).digest())
    return decision.proposals[number].score_microcents, draw


def takes_from(live: Live, campaign: Campaign, proposal: Proposal) -> tuple[str, ...]:
    """The names of the capacities that saying a proposal takes from: the campaign's own, and those of the policies."""
    message_class = live.published.actions[proposal.action].message_class
    own = () if campaign.capacity is None else (OWN,)
    return own + tuple(
        capacity.name
        for capacity in live.kernel.strategy.policies.capacities
        if capacity.counts(proposal.channel, proposal.action, message_class)
    )


def to_counts(found: Floors, full: Iterable[str]) -> dict[str, int]:
    """What is settled when a run begins, as numbers that are kept with it."""
    counts = {f"{_FULL}{_suffix(name)}": 1 for name in full}
    for name, (score, draw) in found.items():
        counts |= {f"{_SCORE}{_suffix(name)}": score, f"{_DRAW}{_suffix(name)}": draw}
    return counts


def of_counts(counts: Mapping[str, int]) -> tuple[dict[str, Rank], tuple[str, ...]]:
    """The floors and the full capacities that were settled when a run began."""
    found = {
        key.removeprefix(_SCORE).removeprefix(":"): (score, counts[key.replace(_SCORE, _DRAW, 1)])
        for key, score in counts.items()
        if key.startswith(_SCORE)
    }
    return found, tuple(sorted(key.removeprefix(f"{_FULL}:") for key in counts if key.startswith(_FULL)))


def _suffix(name: str) -> str:
    return f":{name}" if name else ""
