"""What is live now? The published strategy bound to the published profiles, held open and switched by pointers.

An `Engine` is what the functions of this room take: the ledger, the clock, the zone, and how a published strategy
and a profile version are opened. It decides nothing. Wired by `app`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec

from hogar import decide
from hogar.decide import Kernel
from hogar.errors import HogarError
from hogar.runtime.live import LiveColumns
from hogar.runtime.names_read import names_read
from hogar.runtime.opened import Opened
from hogar.runtime.values import Getter, getters
from hogar.stores.ledger import Ledger, StrategyRow
from hogar.stores.moment import to_micros
from hogar.strategy.types import Action, Strategy
from hogar.telco.catalogue import ENTITIES
from hogar.telco.channels import CHANNELS
from hogar.telco.profile import HouseholdProfile, ProfileSchema


class NothingPublished(HogarError):
    """Nothing is published yet: run `hogar build`."""


class Profiles(Protocol):
    """One published profile version, read by key."""

    @property
    def schema(self) -> ProfileSchema:
        """What the positions of this version mean."""
        ...

    def household(self, household_id: str) -> HouseholdProfile | None:
        """The household with this id."""
        ...

    def households(self, after: str | None = None, limit: int | None = None) -> Iterator[HouseholdProfile]:
        """Every household in the order of the ids, behind one of them; at most `limit`."""
        ...

    @property
    def count(self) -> int:
        """How many households there are."""
        ...

    def ids(self) -> Iterator[str]:
        """The ids of all households in their order."""
        ...

    def of_person(self, person_id: str) -> str | None:
        """The household id of a person."""
        ...

    def of_line(self, line_id: str) -> str | None:
        """The household id of a line."""
        ...

    def of_party(self, party_id: str) -> str | None:
        """The household id of a party."""
        ...


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """The emergency stop: everything, or some channels, or some actions."""

    all: bool = False
    channels: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.all or bool(self.channels) or bool(self.actions)

    @property
    def stopped_channels(self) -> tuple[str, ...]:
        """The channels through which nothing may be said now."""
        return CHANNELS if self.all else self.channels


@dataclass(frozen=True, kw_only=True, eq=False)
class Published:
    """One strategy bound to one profile version.

    `contact_days` is the longest window of the contact rules: older contacts need not be read. `dates` are the names
    of published dates, `live` the counters that the strategy reads.
    """

    kernel: Kernel
    profiles: Profiles
    actions: Mapping[str, Action]
    contact_days: float
    dates: frozenset[str]
    live: LiveColumns
    _getters: dict[tuple[str, tuple[str, ...]], Mapping[str, Getter]] = field(
        default_factory=dict, repr=False
    )

    @staticmethod
    def of(strategy: Strategy, profiles: Profiles) -> Published:
        """Bind; raises `decide.BindingError` where the strategy needs what the profiles lack."""
        return Published(
            kernel=decide.bind(strategy, profiles.schema),
            profiles=profiles,
            actions={action.key: action for action in strategy.actions},
            contact_days=max((rule.days for rule in strategy.policies.contact_rules), default=0.0),
            dates=frozenset(
                column.name
                for entity in ENTITIES
                for column in profiles.schema.columns(entity)
                if column.type == "date"
            ),
            live=LiveColumns.of(profiles.schema, names_read(strategy)),
        )

    def getters(self, names: tuple[str, ...], action: Action | None = None) -> Mapping[str, Getter]:
        """How these names are read, for this action; found once, kept as long as this is open."""
        key = ("" if action is None else action.key, names)
        if key not in self._getters:
            self._getters[key] = getters(self.kernel.schema, names, action)
        return self._getters[key]


@dataclass(frozen=True, kw_only=True, eq=False)
class Live:
    """What decides now: what is published, the pointers that named it, and what is stopped."""

    published: Published
    pointers: Mapping[str, str]
    stop: Stop

    @property
    def kernel(self) -> Kernel:
        """The live kernel."""
        return self.published.kernel

    @property
    def profiles(self) -> Profiles:
        """The live profiles."""
        return self.published.profiles


@dataclass(kw_only=True, eq=False)
class Engine:
    """Everything the room needs from outside. `clock` gives aware UTC moments; `outbox` is the file channel's folder.

    `compile_strategy` makes a strategy of a ledger row again, `open_profiles` opens a version by its name; both may
    raise a HogarError that says what is missing. `newest_profile` names the version that was built last.
    `machine_clock` is the machine's own, where `clock` may stand still. `approvals` and `control_approvals` are how
    many people a strategy, and a change of its controls, need. One thread at a time, as each has its own connection;
    `beside` makes one for another thread.
    """

    ledger: Ledger
    zone: ZoneInfo
    clock: Callable[[], datetime]
    compile_strategy: Callable[[StrategyRow], Strategy]
    open_profiles: Callable[[str], Profiles]
    outbox: Path
    newest_profile: Callable[[], str | None] = lambda: None
    approvals: int = 1
    control_approvals: int = 1
    machine_clock: Callable[[], datetime] | None = None
    _live: Live | None = field(default=None, init=False, repr=False)
    _opened: Opened[Published] = field(default_factory=Opened, init=False, repr=False)

    def live(self) -> Live:
        """What is live now; the pointers are read every time, the rest only when they moved."""
        return self._live_of(self.ledger.pointers())

    def live_if_open(self) -> Live | None:
        """What is live now; None where it is not compiled yet, so that asking `live` would take a while."""
        pointers = self.ledger.pointers()
        moved = self._live is None or self._live.pointers != pointers
        key = (pointers.get("strategy", ""), pointers.get("profile", ""))
        return None if moved and all(key) and key not in self._opened else self._live_of(pointers)

    def _live_of(self, pointers: Mapping[str, str]) -> Live:
        if self._live is None or self._live.pointers != pointers:
            if "strategy" not in pointers or "profile" not in pointers:
                raise NothingPublished
            self._live = Live(
                published=self.opened(pointers["strategy"], pointers["profile"]),
                pointers=pointers,
                stop=stop_of(pointers),
            )
        return self._live

    def opened(self, strategy: str, profile: str) -> Published:
        """A published strategy over a profile version, live or not; the latest few stay open."""

        def made() -> Published:
            row = self.ledger.strategy(strategy)
            if row is None:
                raise NothingPublished(f"the ledger has no strategy {strategy[:12]}")
            return Published.of(self.compile_strategy(row), self.profiles(profile))

        return self._opened.get((strategy, profile), made)

    def profiles(self, version: str) -> Profiles:
        """A profile version, as it is already open or opened now."""
        found = self._opened.of_profile(version)
        return self.open_profiles(version) if found is None else found.profiles

    def keep(self, published: Published) -> None:
        """Keep open what was compiled and bound elsewhere, before it goes live."""
        self._opened.keep((published.kernel.strategy.hash, published.profiles.schema.version), published)

    def beside(self, ledger: Ledger) -> Engine:
        """This engine on another connection, for another thread; what one of them opens both have."""
        other = replace(self, ledger=ledger)
        other._opened = self._opened
        return other

    def local(self, now: datetime) -> tuple[int, int]:
        """The minute of the day and the weekday (0 is Monday) where the customers are."""
        local = now.astimezone(self.zone)
        return local.hour * 60 + local.minute, local.weekday()


def stop_of(pointers: Mapping[str, str]) -> Stop:
    """What is stopped, as the pointers say."""
    return msgspec.json.decode(pointers.get("stop", "{}"), type=Stop)


def new_decision_id(now: datetime) -> str:
    """A decision's name: sortable by time, with 40 random bits."""
    return f"D-{to_micros(now):013x}-{token_hex(5)}"


def contacts_since(live: Live, now: datetime) -> int:
    """From when on contacts count (µs): the longest window of the contact rules, before now."""
    return to_micros(now - timedelta(days=live.published.contact_days))
