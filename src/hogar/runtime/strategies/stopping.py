"""What may not be said now? The emergency stop: everything, channels, actions; put on and lifted, for every process.

A pointer like the others: a decision made before it cannot be committed after it, a message that waits meets it at the
last gate. It needs no second pair of eyes. Neighbours: `engine` reads it, `gate` and the kernel obey it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import PurePosixPath

import msgspec

from hogar.errors import UsageError, did_you_mean
from hogar.runtime.engine import Engine, Stop, stop_of
from hogar.runtime.strategies.rows import source_of
from hogar.stores.moment import to_micros
from hogar.stores.reviews import Author, switch
from hogar.telco.channels import CHANNELS

ATTEMPTS_MAX = 5
"""How often a change is made anew because somebody else was faster."""


class Contended(UsageError):
    """Somebody else changes the same thing at this moment: look at what is live, and try again."""


def stop(
    engine: Engine,
    *,
    author: Author,
    channels: Sequence[str] = (),
    actions: Sequence[str] = (),
    why: str = "",
) -> Stop:
    """Stop these channels and actions, or everything where none is named; what is stopped from now on.

    Raises UsageError for a name that there is not.
    """
    _known(channels, CHANNELS, "a channel")
    if actions:
        _known(actions, _actions(engine), "an action of the live strategy")

    def more(now: Stop) -> Stop:
        return Stop(
            all=now.all or not (channels or actions),
            channels=tuple(sorted({*now.channels, *channels})),
            actions=tuple(sorted({*now.actions, *actions})),
        )

    return _change(engine, more, author, "stop", _named(channels, actions), why)


def resume(
    engine: Engine,
    *,
    author: Author,
    channels: Sequence[str] = (),
    actions: Sequence[str] = (),
    why: str = "",
) -> Stop:
    """Lift the stop of these channels and actions, or every stop where none is named; what is still stopped.

    Raises UsageError for what is not stopped.
    """

    def less(now: Stop) -> Stop:
        if not (channels or actions):
            return Stop()
        if now.all:
            raise UsageError(
                "everything is stopped, not single channels or actions; lift all of it, then stop what must stay"
            )
        _known(channels, now.channels, "a stopped channel")
        _known(actions, now.actions, "a stopped action")
        return Stop(
            channels=tuple(name for name in now.channels if name not in channels),
            actions=tuple(name for name in now.actions if name not in actions),
        )

    return _change(engine, less, author, "resume", _named(channels, actions), why)


def words(stop: Stop) -> str:
    """What is stopped, in words; nothing where nothing is."""
    parts = ["everything"] if stop.all else []
    parts += [f"channel {name}" for name in stop.channels] + [f"action {name}" for name in stop.actions]
    return ", ".join(parts)


def _change(
    engine: Engine, made: Callable[[Stop], Stop], author: Author, what: str, subject: str, why: str
) -> Stop:
    for _ in range(ATTEMPTS_MAX):
        pointers = engine.ledger.pointers()
        before = stop_of(pointers)
        after = made(before)
        if after == before:
            return after
        done = switch(
            engine.ledger, author=author, at=to_micros(engine.clock()), why=why, what=what, subject=subject,
            pointers={"stop": msgspec.json.encode(after).decode()}, expected={"stop": pointers.get("stop")},
        )  # fmt: skip
        if done:
            return after
    raise Contended


def _known(names: Sequence[str], known: Collection[str], what: str) -> None:
    for name in names:
        if name not in known:
            cure = did_you_mean(name, sorted(known))
            raise UsageError(f"`{name}` is not {what}" + (f"; {cure}" if cure else ""))


def _actions(engine: Engine) -> Collection[str]:
    """The keys of the live strategy's actions, as its texts name them: a stop waits for nothing to be compiled."""
    row = engine.ledger.strategy(engine.ledger.pointers().get("strategy", ""))
    paths = () if row is None else (PurePosixPath(path) for path in source_of(row).texts)
    return {path.stem for path in paths if path.parts[:2] == ("strategy", "actions")}


def _named(channels: Sequence[str], actions: Sequence[str]) -> str:
    return words(Stop(all=not (channels or actions), channels=tuple(channels), actions=tuple(actions)))
