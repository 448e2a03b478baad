"""Of what is a market made? All parameters by the sections of their file, and the rule that each value keeps.

`params/default.toml` is the file that ships; a change there is a change here. `reading` makes them from text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hogar.errors import Place, Problem, ProblemsFound
from hogar.twin.parameters.behaviour import Consent, Devices, Leaving, Network, TopUps, Touch, Use
from hogar.twin.parameters.contracts import Contracts, Offnet, Segments
from hogar.twin.parameters.people import Change, Households, Names, Onnet, Places, Roles, Tastes, Work
from hogar.twin.parameters.reactions import Reactions
from hogar.twin.parameters.rules import ADULT, AGES, KINDS, MINOR, OLD, YOUNG
from hogar.twin.parameters.silos import Dirt, Events
from hogar.twin.parameters.traffic import Traffic, Trips

__all__ = ["ADULT", "AGES", "KINDS", "MINOR", "OLD", "SECTIONS", "YOUNG", "Params"]


@dataclass(frozen=True, kw_only=True)
class Params:
    """All parameters of a market, by the sections of their file."""

    version: str
    regime: str
    now: datetime
    households: Households
    onnet: Onnet
    names: Names
    work: Work
    change: Change
    tastes: Tastes
    places: Places
    roles: Roles
    contracts: Contracts
    offnet: Offnet
    use: Use
    network: Network
    leaving: Leaving
    consent: Consent
    touch: Touch
    devices: Devices
    top_ups: TopUps
    traffic: Traffic
    trips: Trips
    segments: Segments
    events: Events
    reactions: Reactions
    dirt: Dirt

    def with_consent(self, share: float) -> Params:
        """The same market with another share of traffic consent. Raises `ProblemsFound` where it is no share."""
        _bounded("--consent", share, 1)
        return replace(self, consent=replace(self.consent, traffic=share))

    def with_ott(self, share: float) -> Params:
        """The same market with another share of calls in messengers. Raises `ProblemsFound` where it is no share."""
        _bounded("--ott", share, 1)
        return replace(self, traffic=replace(self.traffic, ott=share))

    def with_dirt(self, level: float) -> Params:
        """The same market with its dirt times `level`, from 0 to 10. Raises `ProblemsFound` beyond."""
        _bounded("--dirt", level, 10)
        return replace(self, dirt=replace(self.dirt, level=level))


def _bounded(option: str, value: float, most: float) -> None:
    if not 0 <= value <= most:
        raise ProblemsFound([Problem(place=Place(file=option), what=f"{value} is not within 0 and {most:g}")])


SECTIONS: dict[str, type[Any]] = {
    "households": Households, "onnet": Onnet, "names": Names, "work": Work, "change": Change, "tastes": Tastes,
    "places": Places, "roles": Roles, "contracts": Contracts, "offnet": Offnet, "use": Use, "network": Network,
    "leaving": Leaving, "consent": Consent, "touch": Touch, "devices": Devices, "top_ups": TopUps,
    "traffic": Traffic, "trips": Trips, "segments": Segments, "events": Events, "reactions": Reactions, "dirt": Dirt,
}  # fmt: skip
