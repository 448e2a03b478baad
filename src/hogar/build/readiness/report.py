"""What is said of readiness? A project's use cases, their needs held against the data, and what to fetch next.

Values only. Before: `judging` fills them. After: `cli.readiness` shows them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

State = Literal["ready", "ready_with_fallback", "not_ready", "not_known"]
NeedState = Literal["met", "missing", "stale", "thin", "not_known"]
GOOD: tuple[NeedState, ...] = ("met", "not_known")


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One need held against the data.

    `coverage` is the share of `subjects` of whom it is known, `gate` the share that the use case asks; `age_hours` is
    how old the oldest of its sources' newest rows is, `fresh_hours` what is allowed. `lacks` are tables that no source
    fills or that hold no row, and columns that no source gives; `because_of` the tables that stand in the way.
    """

    name: str
    kind: str
    offering: str
    owner: str
    state: NeedState
    used_by: tuple[str, ...]
    tables: tuple[str, ...]
    consent: tuple[str, ...]
    lacks: tuple[str, ...]
    subjects: int | None
    known: int | None
    coverage: float | None
    gate: float | None
    age_hours: float | None
    fresh_hours: float | None
    because_of: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Ready:
    """One use case: its state, its needs, which of its actions run with what there is, and the fallback, if any."""

    key: str
    name: str
    goal: str
    owner: str
    wave: int
    share: float
    channels: tuple[str, ...]
    state: State
    subjects: int | None
    actions: tuple[str, ...]
    still_runs: tuple[str, ...]
    stopped: dict[str, str]
    fallback: str
    needs: tuple[Judged, ...]


@dataclass(frozen=True, kw_only=True)
class Next:
    """One table that stands in the way: `why`, whose it is, what it alone would unlock, what it would help.

    `subjects` is of how many more something would be known, at most.
    """

    table: str
    why: str
    owner: str
    unlocks: tuple[str, ...]
    helps: tuple[str, ...]
    actions: tuple[str, ...]
    subjects: int


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """All use cases; `next` ranks what would help most, `unread` are files of the data folder that no source reads.

    `as_of` is the day of the last build, None before one: then `cannot_know` says what cannot be told.
    `unoffered` are actions with an offering that is no offer of the ingested catalogue, each with that offering.
    """

    as_of: str | None
    use_cases: tuple[Ready, ...]
    next: tuple[Next, ...]
    unread: tuple[str, ...]
    cannot_know: tuple[str, ...]
    unoffered: dict[str, str] = field(default_factory=dict)
