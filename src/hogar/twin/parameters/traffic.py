"""What calls, whereabouts and trips are drawn by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hogar.twin.parameters.rules import COUNT, NUMBER, NUMBERS, POSITIVE, SHARE, rule


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """Who calls whom, when. Calls are a month's, both directions, before messengers take their part."""

    ott: float = rule(SHARE)
    couple_calls: float = rule(POSITIVE)
    couple_silent: float = rule(SHARE)
    couple_silent_ott: float = rule(SHARE)
    parent_calls: float = rule(POSITIVE)
    sibling_calls: float = rule(POSITIVE)
    sharer_calls: float = rule(POSITIVE)
    kin_calls: float = rule(POSITIVE)
    friend_calls: float = rule(POSITIVE)
    friend_sigma: float = rule(POSITIVE)
    best_friends: float = rule(SHARE)
    circle: int = rule(COUNT)
    old_friends: float = rule(SHARE)
    colleague_calls: float = rule(POSITIVE)
    colleagues: float = rule(POSITIVE)
    neighbours: float = rule(SHARE)
    neighbour_calls: float = rule(POSITIVE)
    stranger_calls: float = rule(POSITIVE)
    hub_calls: float = rule(POSITIVE)
    hubs: float = rule(POSITIVE)
    texts_per_call: float = rule(POSITIVE)
    missed: float = rule(SHARE)
    length_sigma: float = rule(POSITIVE)
    weekend: float = rule(POSITIVE)
    call_hours: Sequence[float] = rule(NUMBERS)
    text_hours: Sequence[float] = rule(NUMBERS)
    data_hours: Sequence[float] = rule(NUMBERS)
    sessions: float = rule(POSITIVE)
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
    days: float = rule(NUMBER)
