"""Which objective, levers and prices are in force, and how are they changed while decisions go on?

A change takes the texts of the live strategy, puts the new controls among them, compiles and binds the whole, and only
then moves the pointer: a decision knows its own controls by its strategy's hash, the next one has the new ones, none
has both, and whatever does not compile moved nothing. Before: `strategy.controls`. After: `engine`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

import msgspec

from hogar.errors import ProblemsFound, UsageError
from hogar.runtime.engine import Engine
from hogar.runtime.strategies.publishing import bound, row_of, switched
from hogar.runtime.strategies.reviews import propose
from hogar.runtime.strategies.rows import Source, source_of, strategy_row
from hogar.runtime.strategies.stopping import ATTEMPTS_MAX, Contended
from hogar.stores.moment import to_micros
from hogar.stores.reviews import Author
from hogar.strategy.controls import PATH, Controls, Price, action_keys, controls_of, with_controls
from hogar.strategy.documents import Mapping, child, read
from hogar.strategy.levers import Lever
from hogar.strategy.season import Season

OBJECTIVES = "strategy/objectives.yml"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class LeverSet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A weight on a purpose or on an action, perhaps on some days only (ISO dates, both included)."""

    weight: float
    purpose: str = ""
    action: str = ""
    since: str = msgspec.field(default="", name="from")
    until: str = ""
    help: str = ""


class PriceSet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What one more through a channel, or of an action, costs beyond its own cost."""

    eur: float
    channel: str = ""
    action: str = ""
    help: str = ""


class ControlsView(msgspec.Struct, frozen=True, kw_only=True):
    """What is set at run time over the live strategy, and what there is to choose from."""

    strategy: str
    objective: str
    objective_set: bool
    objectives: tuple[str, ...]
    levers: tuple[LeverSet, ...]
    prices: tuple[PriceSet, ...]


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """What a change came to: live at once, or `proposed` where a second person has to approve it."""

    strategy: str
    before: str
    proposed: bool
    changed: bool
    controls: ControlsView


def view(engine: Engine) -> ControlsView:
    """What is in force now. Raises NothingPublished."""
    live = engine.live()
    return _view(
        source_of(row_of(engine, live.pointers["strategy"])), live.pointers["strategy"],
        live.kernel.strategy.objective,
    )  # fmt: skip


def change(engine: Engine, made: Callable[[Controls], Controls], *, author: Author, why: str = "") -> Changed:
    """Change what is set: `made` is given the controls in force and returns the new ones.

    Live from the next decision on in every process; or proposed, where controls need a second person. Raises
    UsageError for a name or a value that the live strategy does not have, Contended, NothingPublished.
    """
    for _ in range(ATTEMPTS_MAX):
        try:
            return _changed(engine, made, author, why)
        except Contended:
            continue
    raise Contended


def actions_of(engine: Engine) -> list[str]:
    """The keys of the live strategy's actions. Raises NothingPublished."""
    live = engine.live().pointers["strategy"]
    return action_keys(source_of(row_of(engine, live)).texts)


def lever(
    of: str, name: str, weight: float, *, since: str | None = None, until: str | None = None, help: str = ""
) -> Lever:
    """A lever on a `purpose` or an `action`, perhaps on some days. Raises UsageError for what cannot be one."""
    if of not in ("purpose", "action"):
        raise UsageError(f"a lever pulls at a `purpose` or an `action`, not at `{of}`")
    season = Season(first=_day(since), last=_day(until))
    return Lever(
        purpose=name if of == "purpose" else "", action=name if of == "action" else "", weight=weight,
        season=season, help=help,
    )  # fmt: skip


def price(of: str, name: str, eur: float, *, help: str = "") -> Price:
    """A price of a `channel` or an `action`. Raises UsageError for what cannot have one."""
    if of not in ("channel", "action"):
        raise UsageError(f"a `channel` or an `action` has a price, not `{of}`")
    made = Price(
        channel=name if of == "channel" else "", action=name if of == "action" else "", eur=eur, help=help
    )
    if eur > 0 and not made.is_in_cents:
        raise UsageError(f"a price is in whole cents: {eur:g} euros would count as {made.cents / 100:g}")
    return made


def without(now: Controls, what: str, of: str, name: str) -> Controls:
    """Without the lever, or the price, of one purpose, action or channel. Raises UsageError where none is set."""
    if what == "lever":
        after = now.without_lever(
            purpose=name if of == "purpose" else "", action=name if of == "action" else ""
        )
    else:
        after = now.without_price(
            channel=name if of == "channel" else "", action=name if of == "action" else ""
        )
    if after == now:
        raise UsageError(f"no {what} is set on `{of}:{name}`; `hogar set` shows what is")
    return after


def replaced(objective: str, levers: Sequence[LeverSet], prices: Sequence[PriceSet]) -> Controls:
    """Controls as a client states them, whole. Raises UsageError where a lever or a price is about nothing."""
    return Controls(
        objective=objective,
        levers=tuple(
            lever(*_about(each.purpose, "purpose", each.action), each.weight, since=each.since, until=each.until,
                  help=each.help)
            for each in levers
        ),
        prices=tuple(
            price(*_about(each.channel, "channel", each.action), each.eur, help=each.help) for each in prices
        ),
    )  # fmt: skip


def _about(other: str, of: str, action: str) -> tuple[str, str]:
    if bool(other) == bool(action):
        raise UsageError(f"name a `{of}` or an `action`, and not both")
    return (of, other) if other else ("action", action)


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:  # no day of the calendar
        pass
    raise UsageError(f"`{text}` is not a day; write it as 2026-12-31")


def _changed(engine: Engine, made: Callable[[Controls], Controls], author: Author, why: str) -> Changed:
    live = engine.live()
    pointers = dict(live.pointers)
    source = source_of(row_of(engine, pointers["strategy"]))
    old = controls_of(source.texts)
    new = made(old)
    _not_over(new, old, engine)
    texts = with_controls(source.texts, new)
    row = strategy_row(
        texts, source.catalogue, source.offers, at=engine.clock(), by=str(author), why=why or _subject(new)
    )
    if row.hash == pointers["strategy"]:
        objective = live.kernel.strategy.objective
        return Changed(
            strategy=row.hash, before=row.hash, proposed=False, changed=False,
            controls=_view(source, row.hash, objective),
        )  # fmt: skip
    row = engine.ledger.strategy(row.hash) or row
    try:
        ready = bound(engine, row, pointers["profile"])
    except ProblemsFound as error:
        raise _in_words(error) from error
    waits = engine.control_approvals > 1
    if waits:
        propose(engine.ledger, row, author=author, why=why, at=to_micros(engine.clock()))
    else:
        switched(engine, ready, pointers, author=author, why=why, what="set", subject=_subject(new))
    return Changed(
        strategy=row.hash, before=pointers["strategy"], proposed=waits, changed=True,
        controls=_view(source_of(row), row.hash, ready.published.kernel.strategy.objective),
    )  # fmt: skip


def _not_over(new: Controls, old: Controls, engine: Engine) -> None:
    """Raise UsageError for a new lever whose last day has gone by where the customers are: it would do nothing."""
    today = engine.clock().astimezone(engine.zone).date()
    known = {(each.purpose, each.action, each.season) for each in old.levers}
    for each in new.levers:
        last = each.season.last
        if last is not None and last < today and (each.purpose, each.action, each.season) not in known:
            raise UsageError(
                f"the lever on `{each.purpose or each.action}` would have ended on {last}, and today is {today}; "
                "name a later day, or leave it out"
            )


def _view(source: Source, hash_: str, objective: str) -> ControlsView:
    controls = controls_of(source.texts)
    known = child(read(OBJECTIVES, source.texts[OBJECTIVES]).root, "objectives")
    return ControlsView(
        strategy=hash_, objective=objective, objective_set=bool(controls.objective),
        objectives=tuple(key.value for key, _ in known.items) if isinstance(known, Mapping) else (),
        levers=tuple(
            LeverSet(
                weight=lever.weight, purpose=lever.purpose, action=lever.action, help=lever.help,
                since=lever.season.first.isoformat() if lever.season.first else "",
                until=lever.season.last.isoformat() if lever.season.last else "",
            )
            for lever in controls.levers
        ),
        prices=tuple(
            PriceSet(eur=price.eur, channel=price.channel, action=price.action, help=price.help)
            for price in controls.prices
        ),
    )  # fmt: skip


def _subject(controls: Controls) -> str:
    """What is set, in words, for the audit."""
    parts = [f"objective {controls.objective}"] if controls.objective else []
    parts += [
        f"lever {_on('purpose', lever.purpose, lever.action)}={lever.weight:g}"
        + (f" {lever.season}" if not lever.season.is_always else "")
        for lever in controls.levers
    ]
    parts += [
        f"price {_on('channel', price.channel, price.action)}={price.eur:g}" for price in controls.prices
    ]
    return ", ".join(parts) or "nothing set"


def _on(of: str, name: str, action: str) -> str:
    return f"{of}:{name}" if name else f"action:{action}"


def _in_words(error: ProblemsFound) -> Exception:
    """What is wrong with the new controls as wrong usage: nobody wrote the file that they stand in."""
    own = [problem for problem in error.problems if problem.place.file == PATH]
    if len(own) < len(error.problems):
        return error
    return UsageError("; ".join(f"{one.what}" + (f"; {one.cure}" if one.cure else "") for one in own))
