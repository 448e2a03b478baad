"""How much may still be said, over all customers? The capacities of `policies.yml` held against the ledger.

Gather reads what is left and puts into the request what is full, so that the kernel closes those routes and the record
replays; the commit counts again. A request through channels that the customer opened takes from none, and costs
nothing here. Neighbours: `gather`, `drafts`, `floors`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from hogar.decide import Request
from hogar.runtime.engine import Engine, Live
from hogar.stores.commit import ContactDraft
from hogar.stores.limits import Limit, Spend
from hogar.stores.limits import left as left_of
from hogar.stores.moment import to_micros
from hogar.strategy.capacities import Capacity
from hogar.telco.channels import Mode


def within_capacities(engine: Engine, live: Live, request: Request, mode: Mode, now: datetime) -> Request:
    """The request as the capacities allow it: which are full, and no more proposals than the scarcest has left."""
    most = request.proposals_max
    if most is None:
        most = live.kernel.strategy.policies.proposals_max[mode]
    rest = left(engine, live, request, now, enough=most)
    if not rest:
        return request
    scarcest = min((number for number in rest.values() if number > 0), default=most)
    return replace(
        request,
        full_capacities=full(rest),
        proposals_max=scarcest if scarcest < most else request.proposals_max,
    )


def left(
    engine: Engine, live: Live, request: Request, now: datetime, *, enough: int | None = None
) -> dict[str, int]:
    """What each capacity that the request could take from has left, by name; exact where that is not `enough`."""
    return {
        capacity.name: left_of(engine.ledger, _limit(capacity, now), enough)
        for capacity in live.kernel.strategy.policies.capacities
        if _concerns(capacity, request)
    }


def full(rest: dict[str, int]) -> tuple[str, ...]:
    """The names of those that have nothing left, in order."""
    return tuple(sorted(name for name, number in rest.items() if number <= 0))


def spends(live: Live, contacts: Sequence[ContactDraft], now: datetime) -> tuple[Spend, ...]:
    """What a decision's contacts take from the capacities."""
    found: list[Spend] = []
    for capacity in live.kernel.strategy.policies.capacities:
        count = sum(
            capacity.counts(contact.channel, contact.action, contact.message_class)
            for contact in contacts
            if contact.kind == "contact"
        )
        if count:
            found.append(Spend(limit=_limit(capacity, now), contacts=count))
    return tuple(found)


def _concerns(capacity: Capacity, request: Request) -> bool:
    about_it = (
        not capacity.actions
        or request.actions is None
        or not set(capacity.actions).isdisjoint(request.actions)
    )
    return about_it and not set(capacity.channels).isdisjoint(request.channels)


def _limit(capacity: Capacity, now: datetime) -> Limit:
    since = to_micros(now - timedelta(days=capacity.days))
    return Limit(channels=capacity.channels, actions=capacity.actions, since=since, max=capacity.max)
