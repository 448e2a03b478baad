"""What calls, whereabouts and trips are drawn by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hogar.twin.parameters.rules import COUNT, HOURS, NUMBER, POSITIVE, SHARE, rule


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """Who calls whom, when. Calls are a month's, both directions, before messengers take their part."""

    ott: float = rule(SHARE)
    couple_calls: float = rule(POSITIVE, most=400)
    couple_silent: float = rule(SHARE)
    couple_silent_ott: float = rule(SHARE)
    parent_calls: float = rule(POSITIVE, most=400)
    sibling_calls: float = rule(POSITIVE, most=400)
    sharer_calls: float = rule(POSITIVE, most=400)
    kin_calls: float = rule(POSITIVE, most=400)
    friend_calls: float = rule(POSITIVE, most=400)
    friend_sigma: float = rule(POSITIVE, most=3)
    best_friends: float = rule(SHARE)
    circle: int = rule(COUNT, most=50)
    old_friends: float = rule(SHARE)
    colleague_calls: float = rule(POSITIVE, most=400)
    colleagues: float = rule(POSITIVE, most=30)
    neighbours: float = rule(SHARE)
    neighbour_calls: float = rule(POSITIVE, most=400)
    stranger_calls: float = rule(POSITIVE, most=400)
    hub_calls: float = rule(POSITIVE, most=400)
    hubs: float = rule(POSITIVE, most=50)
    texts_per_call: float = rule(POSITIVE, most=50)
    missed: float = rule(SHARE)
    length_sigma: float = rule(POSITIVE, most=3)
    weekend: float = rule(POSITIVE, most=10)
    call_hours: Sequence[float] = rule(HOURS)
    text_hours: Sequence[float] = rule(HOURS)
    data_hours: Sequence[float] = rule(HOURS)
    sessions: float = rule(POSITIVE, least=1, most=100)
    handover: float = rule(SHARE)
    works_away: float = rule(SHARE)
    evenings_out: float = rule(SHARE)
    kin_visits: float = rule(SHARE)
    late_records: float = rule(SHARE)
    duplicate_records: float = rule(SHARE)


@dataclass(frozen=True, kw_only=True)
class Trips:
    """Who travels."""

    travels: float = rule(SHARE)
    together: float = rule(SHARE)
    domestic: float = rule(SHARE)
    with_others: float = rule(SHARE)
    uneven: float = rule(SHARE)
    days: float = rule(NUMBER, least=1, most=90)
