"""Who gets which part? Settings, the clock and the rooms, wired once for a command.

Reads `hogar.toml` (by `settings`), the environment and the clock; returns the work of the build and the engine
that decides. Does nothing else: what a command does is a function of its room.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from hogar.app.settings import (
    MOMENT_CURE,
    SETTINGS,
    SILO_SETTINGS,
    Settings,
    judgements_problem,
    parse_moment,
    read_settings,
)
from hogar.app.settings_schema import settings_schema
from hogar.build import Progress, Work, newest_profile, profile_folder
from hogar.errors import UsageError
from hogar.households import Options
from hogar.runtime.engine import Engine, NothingPublished
from hogar.runtime.strategies import strategy_of
from hogar.runtime.strategies.standing import standings
from hogar.stores.ledger import Ledger
from hogar.stores.moment import to_micros
from hogar.stores.profiles import Profiles
from hogar.stores.reviews import Author
from hogar.stores.state import State
from hogar.stores.stated_name import name_problem

__all__ = [
    "MOMENT_CURE",
    "SETTINGS",
    "SILO_SETTINGS",
    "Settings",
    "api_key",
    "author_of",
    "engine_of",
    "judgements_problem",
    "now_of",
    "opened",
    "parse_moment",
    "read_settings",
    "settings_schema",
    "work_of",
]


def now_of(settings: Settings, given: datetime | None = None) -> datetime:
    """Now: what the command was given, else what the project fixes, else the clock. UTC."""
    return (given or settings.now or datetime.now(UTC)).astimezone(UTC)


def author_of(stated: str | None = None) -> Author:
    """Who does this, and when by the clock: the name that is stated, else the system's user.

    Both are kept, neither is proven. UsageError for a name that nobody could tell from another, or that is none. The
    clock is the machine's, whatever the project calls now.
    """
    login = getpass.getuser()
    if stated is not None and (wrong := name_problem(stated)):
        raise UsageError(f"the name that is stated {wrong}; state yours plainly, as `--by Ana`")
    return Author(" ".join((stated or "").split()) or login, login, to_micros(datetime.now(UTC)))


def work_of(
    settings: Settings, *, data: Path | None = None, now: datetime, progress: Progress | None = None
) -> Work:
    """What the build works on: the project's files, its state over the data folder, and now."""
    state = State.open(settings.project, data, settings.data_folder)
    judgements = (settings.project / settings.judgements,) if settings.judgements else ()
    return Work(
        project=settings.project, state=state, now=now, silos=settings.silos,
        households=Options(
            unit="person" if settings.unit == "person" else "household", without=settings.without,
            offnet=settings.offnet,
        ),
        judgements=judgements, language=settings.language, author=author_of(),
        approvals=settings.approvals,
        progress=progress or (lambda _: None),
    )  # fmt: skip


def api_key() -> str | None:
    """The key that callers of the API must show, from the environment variable `HOGAR_API_KEY`."""
    return os.environ.get("HOGAR_API_KEY") or None


def engine_of(settings: Settings, work: Work, *, given: datetime | None = None) -> Engine:
    """The engine that decides over what is published. Its clock stands still where now is given or fixed."""
    fixed = given or settings.now
    folder = work.state.folder

    def clock() -> datetime:
        return now_of(settings, fixed)

    return Engine(
        ledger=Ledger.open(work.state.ledger_path), zone=settings.zone, clock=clock, compile_strategy=strategy_of,
        open_profiles=lambda version: Profiles.open(profile_folder(folder, version)), outbox=folder / "outbox",
        newest_profile=lambda: newest_profile(work.state), approvals=settings.approvals,
        control_approvals=settings.control_approvals, machine_clock=lambda: datetime.now(UTC),
    )  # fmt: skip


@contextmanager
def opened(project: Path, now: datetime | None = None) -> Iterator[Engine]:
    """The engine over what a project has published, open for as long as one command works.

    Raises what `read_settings` raises.
    """
    settings = read_settings(project)
    work = work_of(settings, now=now_of(settings, now))
    if work.state.ledger_lost:
        raise NothingPublished(
            f"{work.state.ledger_path} is gone or empty, and with it what is published; restore it, "
            "or run `hogar publish` to start without its contacts and decisions"
        )
    engine = engine_of(settings, work, given=now)
    try:
        yield engine
    except NothingPublished as error:
        folder = engine.ledger.path.parent
        waiting = [one.hash[:12] for one in standings(engine.ledger) if one.state == "proposed"]
        cure = (
            f"`hogar approve {waiting[-1]}` makes what is proposed live" if waiting else "run `hogar build`"
        )
        raise NothingPublished(f"{folder}: nothing is published here yet; {cure}") from error
    finally:
        engine.ledger.close()
